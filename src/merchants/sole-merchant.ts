import { type Runs, statement } from '../database/statement.ts'

const readTop = statement()((db) =>
  db.selectFrom('merchants').select('id').where('parent_id', 'is', null).orderBy('id').limit(2),
)

/** Whether an installation is this merchant's alone: everybody else there is a seller of its marketplace. */
export async function isSoleMerchant(on: Runs, merchantId: string): Promise<boolean> {
  const top = await readTop(on, {})
  return top.length === 1 && top[0]?.id === merchantId
}
