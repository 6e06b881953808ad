import { sql } from 'kysely'
import { db, elementsOf, type Hole, scalar, statement, textAt } from '../database/statement.ts'
import { restoreDeliveries, revokeDeliveries } from '../goods/deliveries.ts'
import { advanceFulfilledOrder } from '../goods/finish-step.ts'
import { readOrder } from '../order-view/read-order.ts'
import { creditOf } from '../order-view/refundable.ts'
import { clearAttention } from '../orders/attention.ts'
import { lineTotalOf } from '../orders/line-total.ts'
import {
  cancelItems,
  closeItems,
  type ItemBefore,
  type ItemStamp,
  reopenItems,
  stampNow,
} from '../orders/move-items.ts'
import { moveOrder, reopenOrder, setAttention } from '../orders/move-order.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { giveStockBack, soldOut, takeStockOf } from '../orders/stock.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { ClosedByRefund } from './refund.entity.ts'

const refundedItems = () => db.selectFrom('refunds as r').crossJoin((eb) => elementsOf(eb.ref('r.items'), 'p'))

/** What of each item of an order was given back by refunds that succeeded. */
const given = (orderId: Hole<string>) =>
  refundedItems()
    .select((p) => [
      textAt(p.ref('p.item'), 'itemId').as('item_id'),
      sql<number>`sum((${textAt(p.ref('p.item'), 'amount')})::bigint)`.as('amount'),
    ])
    .where('r.order_id', '=', orderId)
    .where('r.state', '=', 'succeeded')
    .groupBy(sql`1`)

/** The items that a refund gives back. */
const itemsOf = (refundId: Hole<string>) =>
  refundedItems()
    .select((p) => textAt(p.ref('p.item'), 'itemId').$notNull().as('item_id'))
    .where('r.id', '=', refundId)

const revokeGivenBack = statement<{ orderId: string; refundId: string }>()((_, $) =>
  revokeDeliveries()
    .from('order_items as i')
    .innerJoin(given($.orderId).as('g'), 'g.item_id', 'i.id')
    .whereRef('d.order_item_id', '=', 'i.id')
    .where('d.state', '<>', 'revoked')
    .where('g.amount', '>=', lineTotalOf)
    .where('i.id', 'in', itemsOf($.refundId)),
)

const findHandedOver = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('order_items')
    .select('id')
    .where('order_id', '=', $.orderId)
    .where('fulfilled_quantity', '>', 0)
    .limit(sql.lit(1)),
)

/** Why an order of which a refund failed waits for a person. */
export const refundFailed = 'refund failed at the provider'

/**
 * What follows from a refund that succeeded: nobody keeps downloads and licence keys that were given back entirely, and an order whose
 * captured money went back entirely is closed.
 */
export async function closeRefunded(tx: Transaction, order: OrderRow, refundId: string): Promise<void> {
  await revokeGivenBack(tx, { orderId: order.id, refundId })
  const items = await cancelGivenBack(tx, order, refundId)
  if (await closeOrder(tx, order, refundId, items)) return
  if (items.length === 0) return
  await giveStockBack(tx, order)
  await keepClosed(tx, { refundId, closed: { from: null, items } })
  const [handedOver] = await findHandedOver(tx, { orderId: order.id })
  if (handedOver) await advanceFulfilledOrder(tx, order, 'refund')
}

const setClosed = ({ refundId, closed }: { refundId: Hole<string>; closed: Hole<ClosedByRefund> }) =>
  db.updateTable('refunds').set({ closed: closed.json }).where('id', '=', refundId)

const keepClosed = statement<{ refundId: string; closed: ClosedByRefund }>()((_, $) => setClosed($))

const cancelUnsent = statement<{ orderId: string; refundId: string; stamp: ItemStamp }>()((_, $) =>
  cancelItems($.stamp)
    .from('order_items as before')
    .innerJoin(given($.orderId).as('g'), 'g.item_id', 'before.id')
    .whereRef('before.id', '=', 'i.id')
    .where('i.order_id', '=', $.orderId)
    .where('i.fulfilled_quantity', '=', 0)
    .where('g.amount', '>=', lineTotalOf)
    .where('i.id', 'in', itemsOf($.refundId))
    .where((i) =>
      i.not(
        i.exists(
          i
            .selectFrom('shipments as s')
            .select('s.id')
            .where('s.order_id', '=', $.orderId)
            .where((s) => sql<boolean>`${s.ref('s.item_ids')} ? ${s.ref('i.id')}`)
            .where('s.state', 'in', ['purchased', 'in_transit', 'delivered']),
        ),
      ),
    )
    .returning([
      'i.id',
      'before.state',
      'before.returned_quantity as returned',
      'before.cancelled_quantity as cancelled',
    ]),
)

/** Lines that were given back entirely before they left will not be handed over any more. Returns them as they were. */
async function cancelGivenBack(tx: Transaction, order: OrderRow, refundId: string): Promise<ItemBefore[]> {
  if (order.fulfilledBy !== 'engine') return []
  const items = await cancelUnsent(tx, { orderId: order.id, refundId, stamp: stampNow('cancelled') })
  for (const { id } of items)
    tx.note({
      orderId: order.id,
      kind: 'transition',
      subject: 'item',
      subjectId: id,
      from: 'created',
      to: 'cancelled',
      cause: 'refund',
    })
  return items
}

/** What a whole refund leads to: pieces that were handed over count as returned, the others as cancelled. */
function pathAfterRefund(order: OrderRow, fulfilled: boolean): [OrderState, ...OrderState[]] | undefined {
  switch (order.state) {
    case 'complete':
      return ['returned']
    case 'fulfilled':
      return ['complete', 'returned']
    case 'accepted':
    case 'confirmed':
      return fulfilled ? ['fulfilled', 'complete', 'returned'] : ['cancelled']
    case 'pending':
    case 'pending_payment':
    case 'payment_failed':
    case 'in_review':
      return ['cancelled']
    case 'returned':
    case 'blocked':
    case 'cancelled':
      return undefined
  }
}

const readSums = statement<{ orderId: string; refundId: string }>()((db, $) => {
  // What was paid too much goes back by itself, when its buyer fetches it.
  const charges = db.selectFrom('charges').where('order_id', '=', $.orderId).where('surplus_of', 'is', null)
  return db.selectNoFrom((eb) => [
    scalar(
      charges.select((c) =>
        sql<number>`coalesce(sum(${c('captured_amount', '-', c.ref('refunded_amount'))}), 0)`.as('amount'),
      ),
    ).as('left'),
    scalar(
      charges
        .select((c) => c.fn.countAll<number>().as('count'))
        .where('state', 'in', ['pending', 'capturable', 'processing']),
    ).as('held'),
    scalar(
      eb
        .selectFrom('order_items')
        .select((i) => i.fn.countAll<number>().as('count'))
        .where('order_id', '=', $.orderId)
        .where('fulfilled_quantity', '>', 0),
    ).as('fulfilled'),
    eb.selectFrom('refunds').select('reason').where('id', '=', $.refundId).as('reason'),
  ])
})

const closeAll = statement<{
  orderId: string
  cancelled: ItemStamp
  returned: ItemStamp
  fulfilledAndReturned: ItemStamp
}>()((db, $) =>
  db
    .with('revoked', () => revokeDeliveries().where('d.order_id', '=', $.orderId))
    .with('closed', () => closeItems($.orderId, $))
    .selectFrom('closed')
    .selectAll(),
)

const storeClosed = statement<{ orderId: string; refundId: string; closed: ClosedByRefund }>()((db, $) =>
  db
    .with('kept', () => setClosed($))
    .with('cleared', () =>
      // Nobody has to give again what a refund could not, for it went back in another way.
      clearAttention($.orderId, refundFailed, [
        'deliver-digital',
        'fulfill-shipping',
        'fulfill-pod',
        'distribute-revenue',
      ]),
    )
    .selectNoFrom(sql.lit(true).as('stored')),
)

/** Whether something of what a credit paid has not gone back to it. */
async function hasCreditLeft(tx: Transaction, order: OrderRow): Promise<boolean> {
  const view = await readOrder(tx.sql, { merchantId: order.merchantId }, order.id)
  return view !== undefined && creditOf(view).used > view.creditReturned
}

/** Returns whether all captured money went back, and the credit beside it, which closes the order. `before` is what was closed a moment ago. */
async function closeOrder(
  tx: Transaction,
  order: OrderRow,
  refundId: string,
  before: readonly ItemBefore[],
): Promise<boolean> {
  const [sums] = await readSums(tx, { orderId: order.id, refundId })
  if (!sums || sums.left > 0 || sums.held > 0) return false
  if (order.creditAmount > 0 && (await hasCreditLeft(tx, order))) return false
  const path = pathAfterRefund(order, sums.fulfilled > 0)
  if (!path) return false
  const items = await closeAll(tx, {
    orderId: order.id,
    cancelled: stampNow('cancelled'),
    returned: stampNow('returned'),
    fulfilledAndReturned: stampNow('fulfilled', 'returned'),
  })
  for (const { id, to } of items)
    tx.note({ orderId: order.id, kind: 'transition', subject: 'item', subjectId: id, to, cause: 'refund' })
  const closed: ClosedByRefund = { from: order.state, items: [...before, ...items.map(({ to: _to, ...item }) => item)] }
  await storeClosed(tx, { orderId: order.id, refundId, closed })
  await moveOrder(tx, order, path, 'refund', path[0] === 'cancelled' ? { cancelReason: sums.reason ?? 'refunded' } : {})
  if (order.state === 'returned') await giveStockBack(tx, order)
  return true
}

const takeClosed = statement<{ orderId: string; refundId: string }>()((db, $) =>
  db
    .updateTable('refunds as r')
    .from('refunds as c')
    .set({ closed: null })
    .where('c.order_id', '=', $.orderId)
    .whereRef('r.id', '=', 'c.id')
    .where('c.closed', 'is not', null)
    .where((c) => c.or([c('c.id', '=', $.refundId), c(textAt(c.ref('c.closed').$notNull(), 'from'), 'is not', null)]))
    .returning((c) => c.ref('c.closed').$notNull().as('closed')),
)

const serveAgain = statement<{ orderId: string; refundId: string; all: boolean }>()((_, $) =>
  restoreDeliveries()
    .from('order_items as i')
    .where('i.order_id', '=', $.orderId)
    .whereRef('d.order_item_id', '=', 'i.id')
    .where('i.state', '<>', 'returned')
    .where((i) =>
      i(
        sql<number>`coalesce(${db.selectFrom(given($.orderId).as('g')).select('g.amount').where('g.item_id', '=', i.ref('i.id'))}, 0)`,
        '<',
        lineTotalOf,
      ),
    )
    .where((i) => i.or([$.all.typed('boolean'), i('i.id', 'in', itemsOf($.refundId))]))
    .where((i) =>
      i.not(
        i.exists(
          i
            .selectFrom('orders as o')
            .select('o.id')
            .where('o.id', '=', $.orderId)
            .where((o) =>
              o.or([o('o.erased_at', 'is not', null), o('o.state', 'in', ['cancelled', 'blocked', 'returned'])]),
            ),
        ),
      ),
    ),
)

/**
 * Undoes {@link closeRefunded} for a refund that failed after it succeeded: the order and its items are as they were before a refund closed
 * them, and what is not given back entirely any more is served again, unless a dispute holds it. Call it once the refund is `failed`.
 */
export async function reopenRefunded(tx: Transaction, order: OrderRow, refundId: string, cause: string): Promise<void> {
  const undone = await takeClosed(tx, { orderId: order.id, refundId })
  let wasClosed = false
  for (const { closed } of undone) {
    if (closed.from !== null && !(await reopenOrder(tx, order, closed.from, cause))) continue
    wasClosed ||= closed.from !== null
    await reopenItems(tx, closed.items)
    for (const { id, state } of closed.items)
      tx.note({ orderId: order.id, kind: 'note', subject: 'item', subjectId: id, to: state, cause })
  }
  await serveAgain(tx, { orderId: order.id, refundId, all: wasClosed })
  // What was given back to stock meanwhile may be somebody else's by now.
  if (undone.length > 0 && !(await takeStockOf(tx, order))) await setAttention(tx, order.id, { reason: soldOut })
}
