import { sql } from 'kysely'
import type { ChargeRow } from '../charges/charge-row.ts'
import { scalar, statement } from '../database/statement.ts'
import { hasGoodsUnderWay } from '../goods/goods-under-way.ts'
import { endOpenItems, storeCancelReason } from '../orders/end-items.ts'
import { moveOrder, setAttention } from '../orders/move-order.ts'
import { isPayable } from '../orders/order.state-machine.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { giveStockBack } from '../orders/stock.ts'
import type { ChargeObservation } from '../providers/observations.ts'
import type { Transaction } from '../tasks/transaction.ts'

const reason = 'payment cancelled at the provider'

/** The cause under which our own cancellation of a charge is observed. */
export const ownCancellation = 'cancel'

/** Longer than whoever gives an order up needs to go on after the provider's answer. */
const graceMs = 30_000

const readStanding = statement<{ orderId: string; chargeId: string }>()((db, $) => {
  const lastRestore = db.selectFrom('restores').select((r) => r.fn.max('restored_at').as('at'))
  return db.selectNoFrom((step) => [
    step
      .exists(
        step
          .selectFrom('operations as o')
          .select('o.id')
          .where('o.order_id', '=', $.orderId)
          .where('o.charge_id', '=', $.chargeId)
          .where('o.kind', '=', 'cancel')
          .where('o.set_aside', '=', false)
          .where((o) => sql<boolean>`${o.ref('o.created_at')} >= coalesce(${lastRestore}, '-infinity')`),
      )
      .as('ours'),
    scalar(
      step
        .selectFrom('charges as c')
        .select((c) => c.fn.countAll<number>().as('count'))
        .where('c.order_id', '=', $.orderId)
        .where('c.id', '<>', $.chargeId)
        .where('c.state', '<>', 'cancelled'),
    ).as('otherCharges'),
    hasGoodsUnderWay($.orderId).as('handedOver'),
  ])
})

/**
 * Cancels an order whose only payment somebody cancelled at the provider, such as in its dashboard. Goods that have left already need a
 * person; a payment that we gave up ourselves, or beside another one, says nothing about the order. Of what we did before the database was
 * restored nobody here goes on.
 */
export async function endUnpaid(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: ChargeObservation,
  cause: string,
): Promise<void> {
  if (order.draft || (order.fulfilledBy === 'merchant' && !isPayable(order.state))) return
  if (charge.sourceId !== null && isPayable(order.state)) finishLater(tx, charge)
  const [standing] = await readStanding(tx, { orderId: order.id, chargeId: charge.id })
  if (!standing || standing.ours || standing.otherCharges > 0) return
  const cancelReason = seen.lapsed ? 'payment lapsed at the provider' : reason
  if (standing.handedOver) return setAttention(tx, order.id, { reason: cancelReason })
  if (!isPayable(order.state)) await endOpenItems(tx, order.id, 'cancelled', cause)
  await moveOrder(tx, order, 'cancelled', cause, { cancelReason })
}

/**
 * A transfer that was given up leaves what was paid in with the provider, which has to send it back; and whoever gave the order up here may
 * have died before going on.
 */
function finishLater(tx: Transaction, { id: chargeId, orderId }: ChargeRow): void {
  tx.enqueue({ job: 'cancel-charge', payload: { orderId, chargeId }, dedupeKey: `${chargeId}-cancel-1` })
  const runAt = new Date(Date.now() + graceMs)
  tx.enqueue({ job: 'expire-order', payload: { orderId }, dedupeKey: `${orderId}-unpaid-1`, runAt })
}

/**
 * Cancels what is open of a merchant's order whose held money somebody released at the provider, as long as nothing of it was handed over.
 * Returns whether it did.
 */
export async function callOffAtProvider(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  cause: string,
): Promise<boolean> {
  const [standing] = await readStanding(tx, { orderId: order.id, chargeId: charge.id })
  if (!standing || standing.ours || standing.otherCharges > 0 || standing.handedOver) return false
  await endOpenItems(tx, order.id, 'cancelled', cause)
  await giveStockBack(tx, order)
  await storeCancelReason(tx, { orderId: order.id, reason })
  return true
}
