import { isLive } from '../charges/charge.state-machine.ts'
import { readCharges } from '../charges/read-charges.ts'
import { now, statement } from '../database/statement.ts'
import { moveOrder } from '../orders/move-order.ts'
import { isPayable } from '../orders/order.state-machine.ts'
import { lockOrder } from '../orders/order-row.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { closeTask } from '../tasks/task-writes.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { cancelCharge } from './cancel-charge.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }

/** `under_way`: its money is on its way and nobody can call it back; what is to become of the order is known once that is decided. */
export type CancelOutcome = 'cancelled' | 'already_cancelled' | 'not_cancellable' | 'under_way' | 'not_found'

/**
 * Cancels an unpaid order: first its live charges at their providers, then the order itself.
 * A payment that wins the race keeps the order; then the outcome is `not_cancellable`.
 * @param cause `merchant` or `expired`; stands in the timeline.
 */
export async function cancelOrder(
  parts: Parts,
  { orderId, merchantId, reason, cause }: { orderId: string; merchantId?: string; reason: string; cause: string },
): Promise<CancelOutcome> {
  const ofMerchant = cause === 'merchant'
  for (let begun = false; ; begun = true) {
    const step = await inTransaction(parts, async (tx) => {
      const order = await lockWithCharges(tx, orderId, merchantId)
      if (!order) return { outcome: 'not_found' as const }
      const live = isPayable(order.state) ? order.charges.find((charge) => isLive(charge.state)) : undefined
      if (live) {
        if (ofMerchant) finishLater(tx, orderId)
        return { outcome: 'charge_live' as const, chargeId: live.id }
      }
      if (begun && ofMerchant) await closeTask(tx, { dedupeKey: finishKey(orderId) })
      if (order.state === 'cancelled') return { outcome: 'already_cancelled' as const }
      if (!isPayable(order.state)) return { outcome: 'not_cancellable' as const }
      await moveOrder(tx, order, 'cancelled', cause, { cancelReason: reason })
      return { outcome: 'cancelled' as const }
    })
    if (step.outcome !== 'charge_live') return step.outcome
    const { underWay } = await cancelCharge(parts, { orderId, chargeId: step.chargeId })
    if (underWay) return 'under_way'
  }
}

const finishKey = (orderId: string): string => `${orderId}-given-up-1`

/** Longer than whoever asked needs to go on after the provider's answer. */
const graceMs = 30_000

/** Whoever cancels may die between the provider's answer and the order's end: a task then ends it. */
const finishLater = (tx: Transaction, orderId: string): void =>
  tx.enqueue({
    job: 'expire-order',
    payload: { orderId, by: 'merchant' },
    dedupeKey: finishKey(orderId),
    runAt: new Date(Date.now() + graceMs),
  })

async function lockWithCharges(tx: Transaction, orderId: string, merchantId: string | undefined) {
  const order = await lockOrder(tx, orderId)
  if (!order || (merchantId !== undefined && order.merchantId !== merchantId)) return undefined
  const charges = await readCharges(tx, orderId)
  return { ...order, charges }
}

const readInTime = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('orders as o')
    .select((o) => o('o.expires_at', '>', now).as('inTime'))
    .where('o.id', '=', $.orderId),
)

/** How long an order whose money is on its way is left alone. */
const underWayMs = 1_800_000

/**
 * Cancels an order that nobody paid in time, whose source failed, or that its merchant gave up. Finished even if a payment won: then there is
 * nothing to expire. While money is on its way, another task asks again later.
 */
export async function expireOrder(
  parts: Parts,
  { orderId, by }: { orderId: string; by?: 'merchant' | undefined },
  taskId: string,
): Promise<void> {
  const [order] = by ? [] : await readInTime(parts.database, { orderId })
  const [reason, cause] = by
    ? ['cancelled by the merchant', 'given up']
    : order?.inTime
      ? ['payment failed', 'payment']
      : ['payment window closed', 'expired']
  const outcome = await cancelOrder(parts, { orderId, reason, cause })
  await inTransaction(parts, async (tx) => {
    tx.finish(taskId)
    if (outcome !== 'under_way' || by) return
    const runAt = new Date(Date.now() + underWayMs)
    tx.enqueue({ job: 'expire-order', payload: { orderId }, dedupeKey: `${taskId}-under-way`, runAt })
  })
}
