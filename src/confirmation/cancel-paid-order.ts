import { setTimeout as pause } from 'node:timers/promises'
import type { ChargeRow } from '../charges/charge-row.ts'
import { readCharges } from '../charges/read-charges.ts'
import { statement } from '../database/statement.ts'
import { isDisputed } from '../disputes/is-disputed.ts'
import { decideOrderPieces, readLines } from '../fulfillment/decide-order-pieces.ts'
import { decidePieces, openPieces } from '../fulfillment/decide-pieces.ts'
import { hasGoodsUnderWay } from '../goods/goods-under-way.ts'
import { storeCancelReason } from '../orders/end-items.ts'
import { moveOrder } from '../orders/move-order.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import type { Config } from '../platform/config.ts'
import { ApiError } from '../platform/errors.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { requestRefund } from '../refunds/request-refund.ts'
import { TaskBusy, TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { cancelCharge } from './cancel-charge.ts'
import type { CancelOutcome } from './cancel-order.ts'
import { settleCharge } from './settle-charge.ts'

type Parts = UnitOfWork & { config: Config; providers: PaymentProviders }
type Input = { orderId: string; merchantId: string; reason: string }
type Step =
  | { outcome: CancelOutcome }
  | { outcome: 'held'; chargeId: string }
  | { outcome: 'settle'; chargeIds: string[] }

/**
 * Cancels what is left of an order whose buyer has paid or whose money is held: what was not captured is released, of captured money
 * goes back what was not fulfilled. The order itself is cancelled with the last of its charges.
 * @throws ApiError `order_not_submitted` during a dispute
 */
export async function cancelPaidOrder(parts: Parts, input: Input): Promise<CancelOutcome> {
  for (;;) {
    const step = await inTransaction(parts, (tx) => cancelStep(tx, input)).catch((error: unknown): Step => {
      if (error instanceof ApiError && error.code === 'order_not_refundable') return { outcome: 'not_cancellable' }
      throw error
    })
    if (step.outcome === 'held') {
      await cancelCharge(parts, { orderId: input.orderId, chargeId: step.chargeId })
      continue
    }
    if (step.outcome !== 'settle') return step.outcome
    for (const chargeId of step.chargeIds) await settleSoon(parts, { orderId: input.orderId, chargeId })
    return 'cancelled'
  }
}

/** How long the merchant waits for a worker that was faster with the charge, and how often it is looked after. */
const patienceMs = 3_000
const lookEveryMs = 50

/** Settles a charge within the request, so that its answer says how it ended. What keeps it from that is left to its task. */
async function settleSoon(parts: Parts, target: { orderId: string; chargeId: string }): Promise<void> {
  const until = Date.now() + patienceMs
  for (;;) {
    try {
      return await settleCharge(parts, target)
    } catch (error) {
      if (!(error instanceof ProviderError || error instanceof TaskError || error instanceof TaskBusy)) throw error
      if (!(error instanceof TaskBusy) || Date.now() > until) return
      await pause(lookEveryMs)
    }
  }
}

async function cancelStep(tx: Transaction, input: Input): Promise<Step> {
  const order = await lockOrder(tx, input.orderId)
  if (!order || order.merchantId !== input.merchantId || order.draft) return { outcome: 'not_found' }
  if (order.state === 'cancelled') return { outcome: 'already_cancelled' }
  if (await isDisputed(tx, order.id)) throw new ApiError('order_not_submitted')
  const charges = await readCharges(tx, order.id)
  if (order.state === 'in_review') return cancelReviewed(tx, order, charges, input.reason)
  if (order.fulfilledBy === 'engine') {
    if (order.state !== 'accepted' && order.state !== 'confirmed') return { outcome: 'not_cancellable' }
    // A label or a print job that is bought leaves; whoever wants the money back all the same asks for a refund.
    const [goods] = await readGoodsUnderWay(tx, { orderId: order.id })
    if (goods?.underWay) return { outcome: 'not_cancellable' }
    await requestRefund(tx, input)
    return { outcome: 'cancelled' }
  }
  if (order.state !== 'accepted') return { outcome: 'not_cancellable' }
  const lines = await readLines(tx, order)
  const open = lines.filter((line) => openPieces(line) > 0)
  if (open.length === 0) return { outcome: 'already_cancelled' }
  if (lines.every((line) => line.fulfilledQuantity === 0)) {
    await storeCancelReason(tx, { orderId: order.id, reason: input.reason })
  }
  const decided = decidePieces(
    lines,
    open.map((line) => ({ itemId: line.id, cancelQuantity: openPieces(line) })),
  )
  await decideOrderPieces(tx, {
    order,
    lines,
    decided,
    fulfillmentId: null,
    cause: 'merchant',
    refundReason: input.reason,
  })
  return {
    outcome: 'settle',
    chargeIds: charges.flatMap((charge) => (charge.state === 'capturable' ? [charge.id] : [])),
  }
}

const readGoodsUnderWay = statement<{ orderId: string }>()((db, $) =>
  db.selectNoFrom(hasGoodsUnderWay($.orderId).as('underWay')),
)

async function cancelReviewed(
  tx: Transaction,
  order: OrderRow,
  charges: readonly ChargeRow[],
  reason: string,
): Promise<Step> {
  const held = charges.find((charge) => charge.state === 'capturable')
  if (held) return { outcome: 'held', chargeId: held.id }
  await moveOrder(tx, order, 'cancelled', 'merchant', { cancelReason: reason })
  for (const charge of charges) {
    if (charge.state !== 'complete') continue
    const payload = { orderId: order.id, chargeId: charge.id }
    tx.enqueue({ job: 'refund-charge', payload, dedupeKey: `${charge.id}-late-1` })
  }
  return { outcome: 'cancelled' }
}
