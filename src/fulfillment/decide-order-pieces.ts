import { isAuthorized } from '../charges/charge.state-machine.ts'
import { storeChargeEntries } from '../charges/charge-entries.ts'
import { type ChargeRow, chargeRow } from '../charges/charge-row.ts'
import { useCredit } from '../charges/use-credit.ts'
import { statement } from '../database/statement.ts'
import { lineMoneyOf } from '../orders/line-total.ts'
import { type DecidedItem, decideItems, stampNow } from '../orders/move-items.ts'
import { notifyBuyer } from '../orders/notify-buyer.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { giveStockBack } from '../orders/stock.ts'
import { ApiError } from '../platform/errors.ts'
import { newId, withNewIds } from '../platform/ids.ts'
import { insertRefund } from '../refunds/insert-refund.ts'
import type { RefundItem } from '../refunds/refund.entity.ts'
import { availableOf } from '../refunds/refund-amounts.ts'
import { readRefundable } from '../refunds/request-refund.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { advanceMerchantOrder } from './advance-merchant-order.ts'
import { type DecidedLine, type Line, openPieces } from './decide-pieces.ts'

type Decided = {
  order: OrderRow
  lines: readonly Line[]
  decided: readonly DecidedLine[]
  fulfillmentId: string | null
  /** Stands in the timeline. */
  cause: string
  /** Why money that was taken already goes back to the buyer. */
  refundReason: string
}

const readTotals = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('order_items as i')
    .select([
      'i.id',
      'i.sku_id as skuId',
      'i.quantity',
      'i.fulfilled_quantity as fulfilledQuantity',
      'i.cancelled_quantity as cancelledQuantity',
      lineMoneyOf.as('total'),
    ])
    .where('i.order_id', '=', $.orderId)
    .orderBy('i.position'),
)

/** The lines of a locked order, at what of them is paid in money; its first line carries what is not spread over the lines. */
export async function readLines(tx: Transaction, order: OrderRow): Promise<Line[]> {
  const lines: Line[] = await readTotals(tx, { orderId: order.id })
  const [first] = lines
  if (first) first.total += order.totalAmount - order.creditAmount - lines.reduce((sum, line) => sum + line.total, 0)
  return lines
}

/**
 * Stores what was decided about pieces of a locked order, with what it calls for: money that is only held is captured or
 * released, of money that was taken already the cancelled part goes back.
 * @throws ApiError `payment_authorization_failed` when nothing holds the money of the fulfilled pieces
 */
export async function decideOrderPieces(tx: Transaction, input: Decided): Promise<void> {
  const { order, lines, decided, fulfillmentId, cause } = input
  await moveItems(tx, input)
  if (decided.some(({ cancelQuantity }) => cancelQuantity > 0)) await giveStockBack(tx, order)
  const captures = decided.filter(({ captureAmount }) => captureAmount > 0)
  const cancels = decided.filter(({ cancelAmount }) => cancelAmount > 0)
  const charge = await findCharge(tx, order)
  // Nothing but a credit pays it.
  if (!charge && order.creditAmount > 0 && decided.some(({ quantity }) => quantity > 0))
    await useCredit(tx, { orderId: order.id })
  if (!charge && captures.length > 0) throw new ApiError('payment_authorization_failed')
  if (charge) {
    const held = charge.captureMethod === 'manual'
    const entryOf = (kind: 'capture' | 'cancel') => (id: string, line: DecidedLine) => ({
      id,
      charge_id: charge.id,
      order_id: order.id,
      kind,
      amount: kind === 'capture' ? line.captureAmount : line.cancelAmount,
      state: held ? ('pending' as const) : ('complete' as const),
      order_item_id: line.line.id,
      fulfillment_id: fulfillmentId,
    })
    await storeChargeEntries(tx, {
      entries: [
        ...withNewIds('capture', captures, entryOf('capture')),
        ...(held ? withNewIds('cancel', cancels, entryOf('cancel')) : []),
      ],
    })
    if (held) {
      const payload = { orderId: order.id, chargeId: charge.id }
      tx.enqueue({ job: 'settle-charge', payload, dedupeKey: `${charge.id}-settle-${fulfillmentId ?? newId('task')}` })
    } else if (cancels.length > 0) {
      const items = await refundOf(tx, order, cancels)
      if (items.length > 0) await insertRefund(tx, order, { items, reason: input.refundReason })
    }
  }
  // An order of which nothing is left tells so itself.
  const goesOn = lines.some((line) => openPieces(line) > 0 || line.fulfilledQuantity > 0)
  if (goesOn && decided.some(({ cancelQuantity }) => cancelQuantity > 0))
    notifyBuyer(tx, order, 'items_cancelled', fulfillmentId ?? newId('task'))
  if (lines.every((line) => openPieces(line) === 0)) await advanceMerchantOrder(tx, order, cause)
}

/** What goes back for cancelled pieces that were paid: what they cost, as far as it did not go back before and no bank has taken it. */
async function refundOf(tx: Transaction, order: OrderRow, cancels: readonly DecidedLine[]): Promise<RefundItem[]> {
  const { lines } = await readRefundable(tx, order)
  const left = new Map(lines.map((line) => [line.itemId, availableOf(line)]))
  return cancels.flatMap(({ line: { id, skuId }, cancelAmount, cancelQuantity }) => {
    const available = left.get(id) ?? 0
    const amount = Math.min(cancelAmount, available)
    left.set(id, available - amount)
    return amount > 0 ? [{ itemId: id, skuId: skuId ?? undefined, quantity: cancelQuantity, amount }] : []
  })
}

const readCharges = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('charges as c')
    .select(chargeRow.as('charge'))
    .where('c.order_id', '=', $.orderId)
    .orderBy('c.created_at', 'desc'),
)

/** The charge that holds or has taken the money of the pieces that are still open. */
async function findCharge(tx: Transaction, order: OrderRow): Promise<ChargeRow | undefined> {
  const rows = await readCharges(tx, { orderId: order.id })
  const charges = rows.map(({ charge }) => charge)
  // A pending one of an accepted order is its authorization made anew.
  return (
    charges.find(
      ({ captureMethod, state }) => captureMethod === 'manual' && ['pending', 'capturable'].includes(state),
    ) ?? charges.find(({ captureMethod, state }) => captureMethod === 'automatic' && isAuthorized(state))
  )
}

async function moveItems(tx: Transaction, { order, decided, cause }: Decided): Promise<void> {
  const lines = [...new Set(decided.map(({ line }) => line))]
  const items = lines.map((line): DecidedItem => {
    const state = openPieces(line) > 0 ? 'created' : line.fulfilledQuantity > 0 ? 'fulfilled' : 'cancelled'
    return {
      id: line.id,
      fulfilled: line.fulfilledQuantity,
      cancelled: line.cancelledQuantity,
      state,
      stamp: state === 'created' ? {} : stampNow(state),
    }
  })
  await decideItems(tx, { items })
  for (const { id, state } of items) {
    if (state === 'created') continue
    tx.note({
      orderId: order.id,
      kind: 'transition',
      subject: 'item',
      subjectId: id,
      from: 'created',
      to: state,
      cause,
    })
  }
}
