import { completeOperationsSql, confirmCompleted, type DoneOperation, toDoneRows } from '../operations/operations.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { completeStep, countStepSql } from './finish-step.ts'

/** What a carrier or a printer sold; `cost` in minor units of the order's currency. */
export type Purchase = {
  shipmentId: string
  /** The provider's id; a parcel has it before anything is bought. */
  reference: string
  carrier: string
  service: string
  cost: number | null
  labelUrl?: string | null
  trackingNumber?: string | null
  trackingUrl?: string | null
}

/**
 * Stores what was bought for a shipment, completes the operation that bought it and finishes the step, which locks the order.
 * @throws TaskBusy when another worker holds the operation by now, or TaskError when the order is not accepted any more;
 * either rolls everything back
 */
export async function storePurchase(
  tx: Transaction,
  step: { orderId: string; taskId: string; cause: string },
  purchase: Purchase,
  done: readonly DoneOperation[],
): Promise<void> {
  const { orderId, taskId, cause } = step
  const { shipmentId, reference, carrier, service } = purchase
  const [stored] = await tx.sql<{ openSteps: number; completed: number }>(
    `with completed as (${completeOperationsSql('$10')}
    ), bought as (
      update shipments set state = 'purchased', provider_reference = $3, carrier = $4, service = $5, cost = $6, label_url = $7,
        tracking_number = $8, tracking_url = $9, updated_at = now() where id = $2 and state = 'created'
    )${countStepSql('$1')}, (select count(*) from completed) as completed`,
    [
      orderId,
      shipmentId,
      reference,
      carrier,
      service,
      purchase.cost,
      purchase.labelUrl ?? null,
      purchase.trackingNumber ?? null,
      purchase.trackingUrl ?? null,
      toDoneRows(done),
    ],
  )
  tx.note({
    orderId,
    kind: 'transition',
    subject: 'shipment',
    subjectId: shipmentId,
    from: 'created',
    to: 'purchased',
    cause,
    detail: { carrier, service },
  })
  await completeStep(tx, orderId, taskId, stored?.openSteps)
  confirmCompleted(tx, done, stored?.completed ?? 0)
}
