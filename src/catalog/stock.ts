import { type Expression, sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { db, type Hole, rowsOf, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../tasks/transaction.ts'

/** More pieces of a SKU are not counted. */
export const mostPieces = 1_000_000_000

/** Whether any piece of a SKU can be had; of one that nobody counts there is always one more. */
export const isInStock = ({ inventory }: { inventory?: number | null | undefined }): boolean => inventory !== 0

/** So many pieces of a SKU; each SKU stands in a list once. */
export type Pieces = { skuId: string; quantity: number }

/** Pieces that were asked for of a SKU that is counted, and what there was of it before. */
export type AskedPieces = Pieces & { inventory: number }

/** The pieces of which there are not as many as asked for. */
export const shortOf = (asked: readonly AskedPieces[]): AskedPieces[] =>
  asked.filter(({ quantity, inventory }) => inventory < quantity)

const inOrder = (merchantId: Hole<string>, pieces: Expression<Pieces>) =>
  db
    .with('asked', () => pieces)
    .with('stock', (step) =>
      step
        .selectFrom('skus as s')
        .innerJoin('asked as a', 'a.skuId', 's.id')
        .select((s) => ['s.id as skuId', 'a.quantity', s.ref('s.inventory').$notNull().as('inventory')])
        .where('s.merchant_id', '=', merchantId)
        .where('s.inventory', 'is not', null)
        // Whoever wants several waits for them in one order, so that nobody waits in a ring.
        .orderBy('s.id')
        .forUpdate('s'),
    )

/**
 * The beginning of a statement that takes pieces from stock: all of them, or none where one SKU has too few. Its part `stock` is what was
 * asked for of counted SKUs, see {@link shortOf}; its part `taken` is which were taken from. Whoever comes at the same time waits for the rows.
 */
export const withStockTaken = (merchantId: Hole<string>, pieces: Expression<Pieces>) =>
  inOrder(merchantId, pieces).with('taken', (step) =>
    step
      .updateTable('skus as s')
      .from('stock as k')
      .set((s) => ({ inventory: s('s.inventory', '-', s.ref('k.quantity')) }))
      .where('s.merchant_id', '=', merchantId)
      .whereRef('s.id', '=', 'k.skuId')
      .where((s) =>
        s.not(
          s.exists(s.selectFrom('stock as few').select('few.skuId').whereRef('few.inventory', '<', 'few.quantity')),
        ),
      )
      .returning('s.id as skuId'),
  )

/** The beginning of a statement that puts pieces back into stock; of SKUs that are not counted any more there is nothing to put back into. */
export const withStockGivenBack = (merchantId: Hole<string>, pieces: Expression<Pieces>) =>
  inOrder(merchantId, pieces).with('given_back', (step) =>
    step
      .updateTable('skus as s')
      .from('stock as k')
      .set((s) => ({ inventory: s('s.inventory', '+', s.ref('k.quantity')) }))
      .where('s.merchant_id', '=', merchantId)
      .whereRef('s.id', '=', 'k.skuId'),
  )

const take = statement<{ merchantId: string; pieces: readonly Pieces[] }>()((_, $) =>
  withStockTaken(
    $.merchantId,
    db
      .selectFrom(rowsOf($.pieces, 'p', { skuId: 'text', quantity: 'integer' }))
      .select((p) => ['p.skuId', p.fn.sum<number>('p.quantity').as('quantity')])
      .groupBy('p.skuId'),
  )
    .selectFrom('stock')
    .selectAll(),
)

/** Takes pieces of a merchant's SKUs, all or none. Returns what was asked for of those that are counted. */
export const takeStock = (
  tx: Pick<Transaction, 'sql'>,
  merchantId: string,
  pieces: readonly Pieces[],
): Promise<AskedPieces[]> => take(tx, { merchantId, pieces })

type SkuOf = { merchantId: string; skuId: string }

const readInventory = statement<SkuOf>()((db, $) =>
  db
    .selectFrom('skus')
    .select('inventory')
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.skuId)
    .where('deleted_at', 'is', null),
)

/** How many pieces of a SKU can be sold: null where they are not counted, undefined where there is no such SKU. */
export async function inventoryOf(on: { sql: Sql }, sku: SkuOf): Promise<number | null | undefined> {
  const [found] = await readInventory(on, sku)
  return found?.inventory
}

/** Says how many pieces of a SKU can be sold from now on; null stops counting them. */
export const setInventory = statement<SkuOf & { inventory: number | null }>()((db, $) =>
  db
    .updateTable('skus')
    .set({ inventory: $.inventory })
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.skuId)
    .where('deleted_at', 'is', null),
)

const adjust = statement<SkuOf & { by: number }>()((db, $) =>
  db
    .updateTable('skus')
    .set((s) => ({ inventory: s('inventory', '+', $.by.typed('integer')) }))
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.skuId)
    .where('deleted_at', 'is', null)
    .where(
      (s) =>
        sql<boolean>`${s.ref('inventory')}::bigint + ${$.by.typed('integer')} between 0 and ${sql.lit(mostPieces)}`,
    )
    .returning('id'),
)

/**
 * Adds pieces to the stock of a SKU or takes some out, whatever is sold at the same time.
 * @throws ApiError `not_found`, `inventory_not_counted`, `out_of_stock` where there are not so many, `invalid_parameter` for more than can be counted
 */
export async function adjustInventory(tx: Pick<Transaction, 'sql'>, change: SkuOf & { by: number }): Promise<void> {
  const adjusted = await adjust(tx, change)
  if (adjusted.length > 0) return
  const inventory = await inventoryOf(tx, change)
  if (inventory === undefined) throw new ApiError('not_found')
  if (inventory === null) throw new ApiError('inventory_not_counted', { parameter: 'adjustBy' })
  throw new ApiError(change.by < 0 ? 'out_of_stock' : 'invalid_parameter', { parameter: 'adjustBy' })
}
