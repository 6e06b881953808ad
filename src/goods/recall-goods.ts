import type { Carriers } from '../carriers/carriers.ts'
import { attemptOperation, claimOperations, completeOperations, type DoneOperation } from '../operations/operations.ts'
import { recallOf } from '../operations/purposes.ts'
import { isClosed } from '../orders/order.state-machine.ts'
import { lockOrder } from '../orders/order-row.ts'
import { giveStockBack } from '../orders/stock.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type UnitOfWork } from '../tasks/transaction.ts'
import { bookRepaid } from './book-cost.ts'
import { cancelShipment } from './move-shipment.ts'

/** The nth label or print job of a shipment, with the carrier's id of it. */
type Recalled = { shipmentId: string; nth: number; path: 'shipping' | 'pod'; reference: string | null }

/**
 * Voids a label or cancels a print job, once. Returns false when it is too late for that.
 * @throws ProviderError while nobody knows how it ended, TaskBusy while another worker is at it
 */
export async function recallGoods(
  parts: UnitOfWork & { carriers: Carriers },
  orderId: string,
  { shipmentId, nth, path, reference }: Recalled,
): Promise<boolean> {
  const { parcels, printer } = parts.carriers
  const carrier = path === 'pod' ? printer : parcels
  if (!carrier || reference === null) throw new TaskError('carrier_not_configured', { retry: true })
  const [claim] = await claimOperations(parts, [
    {
      ...recallOf(shipmentId, path, nth),
      orderId,
      provider: carrier.name,
      request: { shipment: shipmentId },
    },
  ])
  if (!claim) throw new Error(`the recall of ${shipmentId} was not stored`)
  const done: DoneOperation[] = []
  if (claim.outcome === 'claimed') {
    try {
      await attemptOperation(parts, claim.operation, () => carrier.recall(reference))
    } catch (error) {
      if (error instanceof ProviderError && error.outcome === 'refused') return false
      throw error
    }
    done.push({ operation: claim.operation, reference })
  }
  await inTransaction(parts, async (tx) => {
    const order = await lockOrder(tx, orderId)
    await completeOperations(tx, done)
    // A printer takes the money of a cancelled job not at all; a carrier gives that of a label back days later, and tells.
    if (path === 'pod') await bookRepaid(tx, { shipmentId, nth })
    await cancelShipment(tx, {
      orderId,
      shipmentId,
      nth,
      cause: path === 'pod' ? 'print job cancelled' : 'label voided',
    })
    // Of an order that its refund has closed already these were on their way until now.
    if (order && isClosed(order.state)) await giveStockBack(tx, order)
  })
  return true
}
