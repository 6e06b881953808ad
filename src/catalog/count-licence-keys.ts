import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'

const countFree = statement<{ merchantId: string; skuId: string }>()((db, $) =>
  db
    .selectFrom('licence_keys')
    .select(({ fn }) => fn.countAll<number>().as('free'))
    .where('merchant_id', '=', $.merchantId)
    .where('sku_id', '=', $.skuId)
    .where('order_item_id', 'is', null),
)

/** How many keys of a product's pool nobody has yet. */
export async function countFreeLicenceKeys(sql: Sql, merchantId: string, skuId: string): Promise<number> {
  const [row] = await countFree(sql, { merchantId, skuId })
  return row?.free ?? 0
}
