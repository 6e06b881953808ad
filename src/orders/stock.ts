import { sql } from 'kysely'
import {
  type AskedPieces,
  inventoryOf,
  setInventory,
  shortOf,
  withStockGivenBack,
  withStockTaken,
} from '../catalog/stock.ts'
import { db, type Hole, rowsOf, statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { payableStates } from './order.state-machine.ts'
import type { OrderRow } from './order-row.ts'
import { refuseLines } from './refuse-lines.ts'

/** Why an order is cancelled of which nothing is left. */
export const soldOut = 'sold out'

/** Pieces of `order_items as i` that are to be handed over and not taken from stock yet. */
const untaken = sql<number>`i.quantity - i.cancelled_quantity - i.returned_quantity - i.taken_quantity`

const untakenPieces = (orderId: Hole<string>) =>
  db
    .selectFrom('order_items as i')
    .select((i) => [i.ref('i.sku_id').$notNull().as('skuId'), sql<number>`sum(${untaken})`.as('quantity')])
    .where('i.order_id', '=', orderId)
    .where('i.sku_id', 'is not', null)
    .where(untaken, '>', 0)
    .groupBy('i.sku_id')

const take = statement<{ orderId: string; merchantId: string }>()((_, $) =>
  withStockTaken($.merchantId, untakenPieces($.orderId))
    .with('marked', (step) =>
      step
        .updateTable('order_items as i')
        .from('taken as t')
        .set({ taken_quantity: sql<number>`i.taken_quantity + ${untaken}` })
        .where('i.order_id', '=', $.orderId)
        .whereRef('i.sku_id', '=', 't.skuId')
        .where(untaken, '>', 0),
    )
    .selectFrom('stock')
    .selectAll(),
)

/**
 * Takes the pieces of a locked order from stock, all of them, unless it has them already. Returns false where too few are left: then
 * nothing is taken, and the order must not be accepted. Nothing is asked for an order whose SKUs nobody counts.
 */
export async function takeStockOf(tx: Transaction, order: OrderRow): Promise<boolean> {
  if (!order.countsStock) return true
  const asked = await take(tx, { orderId: order.id, merchantId: order.merchantId })
  return shortOf(asked).length === 0
}

/** What left in a parcel or print job although its money went back: it is not in stock, whatever became of its order. */
const leftAllTheSame = db
  .selectFrom('shipments as p')
  .select('p.id')
  .where('p.order_id', '=', sql<string>`i.order_id`)
  .where('p.state', 'in', ['purchased', 'in_transit', 'delivered'])
  .where(sql<boolean>`p.item_ids ? i.id and i.state = 'cancelled'`)

/** Pieces of `order_items as i` that stay taken: all but those that were cancelled before they were handed over. */
const kept = (orderId: Hole<string>) =>
  db
    .selectFrom('order_items as i')
    .innerJoin('orders as o', 'o.id', 'i.order_id')
    .select((i) => [
      'i.id',
      'i.sku_id as skuId',
      i
        .case()
        .when('o.state', 'in', ['cancelled', 'blocked'])
        .then(i.ref('i.fulfilled_quantity'))
        .else(i('i.quantity', '-', i.ref('i.cancelled_quantity')))
        .end()
        .as('pieces'),
      'i.taken_quantity as taken',
    ])
    .where('i.order_id', '=', orderId)
    .where((i) => i.not(i.exists(leftAllTheSame)))
    .as('k')

const giveBack = statement<{ orderId: string; merchantId: string }>()((_, $) =>
  withStockGivenBack(
    $.merchantId,
    db
      .selectFrom(kept($.orderId))
      .select((k) => [k.ref('k.skuId').$notNull().as('skuId'), sql<number>`sum(k.taken - k.pieces)`.as('quantity')])
      .whereRef('k.taken', '>', 'k.pieces')
      .groupBy('k.skuId'),
  )
    .with('unmarked', (step) =>
      step
        .updateTable('order_items as i')
        .from(kept($.orderId))
        .set((i) => ({ taken_quantity: i.ref('k.pieces') }))
        .whereRef('i.id', '=', 'k.id')
        .whereRef('k.taken', '>', 'k.pieces'),
    )
    .selectNoFrom(sql.lit(1).as('done')),
)

/**
 * Gives back to stock what a locked order has taken and will not hand over: call it after pieces of it, or all of it, were given up. It
 * counts from what the order says, so that calling it again gives nothing twice. What a buyer sends back is not given back by this.
 */
export async function giveStockBack(
  tx: Pick<Transaction, 'sql'>,
  order: Pick<OrderRow, 'id' | 'merchantId' | 'countsStock'>,
): Promise<void> {
  if (order.countsStock) await giveBack(tx, { orderId: order.id, merchantId: order.merchantId })
}

const restock = statement<{
  orderId: string
  merchantId: string
  pieces: readonly { id: string; quantity: number }[]
}>()((_, $) => {
  const back = db
    .selectFrom(rowsOf($.pieces, 'r', { id: 'text', quantity: 'integer' }))
    .innerJoin('order_items as b', 'b.id', 'r.id')
    .where('b.order_id', '=', $.orderId)
  return withStockGivenBack(
    $.merchantId,
    back
      .select((r) => [r.ref('b.sku_id').$notNull().as('skuId'), r.fn.sum<number>('r.quantity').as('quantity')])
      .where('b.sku_id', 'is not', null)
      .groupBy('b.sku_id'),
  )
    .with('unmarked', (step) =>
      step
        .updateTable('order_items as i')
        .from(
          back
            .select((r) => ['b.id', r.fn.sum<number>('r.quantity').as('quantity')])
            .groupBy('b.id')
            .as('d'),
        )
        .set((i) => ({
          taken_quantity: sql<number>`greatest(0, ${i.ref('i.taken_quantity')} - ${i.ref('d.quantity')})`,
        }))
        .whereRef('i.id', '=', 'd.id'),
    )
    .selectNoFrom(sql.lit(1).as('done'))
})

/** Puts pieces of items that came back, and are as good as new, into stock again. */
export async function restockPieces(
  tx: Pick<Transaction, 'sql'>,
  order: Pick<OrderRow, 'id' | 'merchantId'>,
  pieces: readonly { id: string; quantity: number }[],
): Promise<void> {
  await restock(tx, { orderId: order.id, merchantId: order.merchantId, pieces })
}

/** What a basket wants of SKUs that are counted; `inventory` is null for a line that is not. */
type Line = { skuId: string | null; quantity: number; inventory: number | null }

/** What lines want of each counted SKU, and what there is of it. */
export function askedOf(lines: readonly Line[]): AskedPieces[] {
  const asked = new Map<string, AskedPieces>()
  for (const { skuId, quantity, inventory } of lines) {
    if (skuId === null || inventory === null) continue
    asked.set(skuId, { skuId, inventory, quantity: quantity + (asked.get(skuId)?.quantity ?? 0) })
  }
  return [...asked.values()]
}

/** @throws ApiError `out_of_stock` naming the lines of which there are not as many as asked for */
export function refuseWhatIsShort(lines: readonly Pick<Line, 'skuId'>[], asked: readonly AskedPieces[]): void {
  const short = new Set(shortOf(asked).map(({ skuId }) => skuId))
  refuseLines('out_of_stock', lines, ({ skuId }) =>
    skuId !== null && short.has(skuId) ? `There is not enough of ${skuId} left.` : undefined,
  )
}

const countOfUnpaid = statement<{ merchantId: string; skuId: string }>()((db, $) =>
  db
    .updateTable('orders as o')
    .set({ counts_stock: true })
    .where('o.merchant_id', '=', $.merchantId)
    .where('o.state', 'in', payableStates)
    .where((o) =>
      o.exists(
        o
          .selectFrom('order_items as i')
          .select('i.id')
          .whereRef('i.order_id', '=', 'o.id')
          .where('i.sku_id', '=', $.skuId),
      ),
    ),
)

/**
 * Says how many pieces of a SKU can be sold from now on; null stops counting them. Where counting begins, orders that wait for their payment
 * take their pieces, too. Does nothing for a SKU that is not there.
 */
export async function stockSku(
  tx: Pick<Transaction, 'sql'>,
  sku: { merchantId: string; skuId: string; inventory: number | null },
): Promise<void> {
  const { merchantId, skuId, inventory } = sku
  const before = await inventoryOf(tx, { merchantId, skuId })
  if (before === undefined) return
  // Before the SKU: whoever pays locks the order first.
  if (before === null && inventory !== null) await countOfUnpaid(tx, { merchantId, skuId })
  await setInventory(tx, sku)
}

/** Which line of `orders as o` wants more than there is, by its position; null where all can be had. */
export const shortLine = sql<number | null>`case when o.counts_stock then ${db
  .selectFrom('order_items as i')
  .innerJoin('skus as s', 's.id', 'i.sku_id')
  .select((i) => i.fn.min('i.position').as('position'))
  .where('i.order_id', '=', sql<string>`o.id`)
  .where('s.merchant_id', '=', sql<string>`o.merchant_id`)
  .where(untaken, '>', 0)
  .where('s.inventory', '<', (s) =>
    s
      .selectFrom('order_items as j')
      .select(sql<number>`sum(j.quantity - j.cancelled_quantity - j.returned_quantity - j.taken_quantity)`.as('pieces'))
      .whereRef('j.order_id', '=', 'i.order_id')
      .whereRef('j.sku_id', '=', 'i.sku_id'),
  )} end`
