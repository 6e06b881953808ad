import type { Sql } from '../database/database.ts'

/** How many keys of a product's pool nobody has yet. */
export async function countFreeLicenceKeys(sql: Sql, merchantId: string, skuId: string): Promise<number> {
  const [row] = await sql<{ free: number }>(
    'select count(*) as free from licence_keys where merchant_id = $1 and sku_id = $2 and order_item_id is null',
    [merchantId, skuId],
  )
  return row?.free ?? 0
}
