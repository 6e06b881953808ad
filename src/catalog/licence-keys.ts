import { withNewIds } from '../platform/ids.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { Transaction } from '../tasks/transaction.ts'

type LicensedItem = { id: string; skuId: string; quantity: number; product: { licensed?: boolean } }

/**
 * Hands out as many keys of each licensed item's pool as the item counts, each key once, and never more for an item that
 * has its keys already. Returns the keys by item.
 * @throws TaskError `licence_pool_empty` when a pool has too few; nothing is handed out then.
 */
export async function handOutLicences(
  tx: Transaction,
  merchantId: string,
  items: readonly LicensedItem[],
): Promise<Map<string, string[]>> {
  const licensed = items.filter((item) => item.product.licensed)
  if (licensed.length === 0) return new Map()
  // Rows are taken one after the other: two orders that want the last key must not both believe the pool empty.
  const keys = await tx.sql<{ itemId: string; key: string }>(
    `with wanted as (
      select w.item_id, w.sku_id, w.quantity - (select count(*) from licence_keys k where k.order_item_id = w.item_id) as missing
      from jsonb_to_recordset($2::jsonb) as w(item_id text, sku_id text, quantity int)
    ), taken as (
      select w.item_id, k.id from wanted w cross join lateral (
        select id from licence_keys where merchant_id = $1 and sku_id = w.sku_id and order_item_id is null
        order by id limit w.missing for update
      ) k
    ), handed_out as (
      update licence_keys set order_item_id = taken.item_id from taken where licence_keys.id = taken.id
      returning licence_keys.order_item_id, licence_keys.key
    )
    select order_item_id as "itemId", key from handed_out
    union all
    select k.order_item_id, k.key from licence_keys k join wanted w on w.item_id = k.order_item_id`,
    [merchantId, JSON.stringify(licensed.map(({ id, skuId, quantity }) => ({ item_id: id, sku_id: skuId, quantity })))],
  )
  const byItem = Map.groupBy(keys, ({ itemId }) => itemId)
  for (const item of licensed) {
    if ((byItem.get(item.id)?.length ?? 0) < item.quantity) throw new TaskError('licence_pool_empty', { retry: false })
  }
  return new Map([...byItem].map(([itemId, list]) => [itemId, list.map(({ key }) => key)]))
}

/** Adds keys to a product's pool; a key that is there already is not doubled. Returns how many were new. */
export async function importLicenceKeys(
  tx: Transaction,
  input: { merchantId: string; skuId: string; keys: readonly string[] },
): Promise<number> {
  const added = await tx.sql<{ id: string }>(
    `insert into licence_keys (id, merchant_id, sku_id, key)
     select id, $1, $2, key from jsonb_to_recordset($3::jsonb) as k(id text, key text)
     on conflict (merchant_id, sku_id, key) do nothing returning id`,
    [
      input.merchantId,
      input.skuId,
      JSON.stringify(withNewIds('licenceKey', [...new Set(input.keys)], (id, key) => ({ id, key }))),
    ],
  )
  return added.length
}
