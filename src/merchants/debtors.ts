import { statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'

const flag = statement<{ ids: readonly string[] }>()((db, $) =>
  db
    .updateTable('merchants')
    .set({ in_debt: true })
    .where('id', '=', (m) => m.fn.any($.ids.typed('text[]')))
    .where('in_debt', '=', false),
)

/** Remembers that merchants may owe the platform something, so that their next shares are looked at before they are paid out. */
export async function noteDebtors(tx: Transaction, merchantIds: readonly string[]): Promise<void> {
  if (merchantIds.length > 0) await flag(tx, { ids: merchantIds })
}

/** Locks merchants, so that what they owe is kept back once; in the order of their ids. */
export const lockDebtors = statement<{ ids: readonly string[] }>()((db, $) =>
  db
    .selectFrom('merchants')
    .select('id')
    .where('id', '=', (m) => m.fn.any($.ids.typed('text[]')))
    .orderBy('id')
    .forUpdate(),
)

/** Forgets that a locked merchant may owe something. */
export const clearDebtor = statement<{ id: string }>()((db, $) =>
  db.updateTable('merchants').set({ in_debt: false }).where('id', '=', $.id),
)
