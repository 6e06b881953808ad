import { insertRows, type NewRow, rowsOf, statement } from '../database/statement.ts'
import { withNewIds } from '../platform/ids.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { Transaction } from '../tasks/transaction.ts'

type LicensedItem = { id: string; skuId: string; quantity: number; product: { licensed?: boolean } }

type Wanted = { itemId: string; skuId: string; quantity: number }

// Rows are taken one after the other: two orders that want the last key must not both believe the pool empty.
const takeKeys = statement<{ merchantId: string; wanted: Wanted[] }>()((db, $) =>
  db
    .with('wanted', (db) =>
      db.selectFrom(rowsOf($.wanted, 'w', { itemId: 'text', skuId: 'text', quantity: 'integer' })).select((w) => [
        'w.itemId',
        'w.skuId',
        w(
          'w.quantity',
          '-',
          w
            .selectFrom('licence_keys as k')
            .select(({ fn }) => fn.countAll<number>().as('taken'))
            .whereRef('k.order_item_id', '=', 'w.itemId'),
        ).as('missing'),
      ]),
    )
    .with('taken', (db) =>
      db
        .selectFrom('wanted as w')
        .crossJoinLateral((of) =>
          of
            .selectFrom('licence_keys')
            .select('id')
            .where('merchant_id', '=', $.merchantId)
            .whereRef('sku_id', '=', 'w.skuId')
            .where('order_item_id', 'is', null)
            .orderBy('id')
            .limit(of.ref('w.missing'))
            .forUpdate()
            .as('k'),
        )
        .select(['w.itemId', 'k.id']),
    )
    .with('handed_out', (db) =>
      db
        .updateTable('licence_keys')
        .from('taken')
        .set((given) => ({ order_item_id: given.ref('taken.itemId') }))
        .whereRef('licence_keys.id', '=', 'taken.id')
        .returning(['taken.itemId', 'licence_keys.key']),
    )
    .selectFrom('handed_out')
    .select(['itemId', 'key'])
    .unionAll((of) =>
      of
        .selectFrom('licence_keys as k')
        .innerJoin('wanted as w', 'w.itemId', 'k.order_item_id')
        .select(['w.itemId', 'k.key']),
    ),
)

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
  const keys = await takeKeys(tx, {
    merchantId,
    wanted: licensed.map(({ id, skuId, quantity }) => ({ itemId: id, skuId, quantity })),
  })
  const byItem = Map.groupBy(keys, ({ itemId }) => itemId)
  for (const item of licensed) {
    if ((byItem.get(item.id)?.length ?? 0) < item.quantity) throw new TaskError('licence_pool_empty', { retry: false })
  }
  return new Map([...byItem].map(([itemId, list]) => [itemId, list.map(({ key }) => key)]))
}

const addKeys = statement<{ keys: NewRow<'licence_keys'>[] }>()((_, $) =>
  insertRows('licence_keys', $.keys, ['id', 'merchant_id', 'sku_id', 'key'])
    .onConflict((conflict) => conflict.columns(['merchant_id', 'sku_id', 'key']).doNothing())
    .returning('id'),
)

/** Adds keys to a product's pool; a key that is there already is not doubled. Returns how many were new. */
export async function importLicenceKeys(
  tx: Transaction,
  input: { merchantId: string; skuId: string; keys: readonly string[] },
): Promise<number> {
  const keys = withNewIds('licenceKey', [...new Set(input.keys)], (id, key) => ({
    id,
    merchant_id: input.merchantId,
    sku_id: input.skuId,
    key,
  }))
  const added = await addKeys(tx, { keys })
  return added.length
}
