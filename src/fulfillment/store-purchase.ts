import { completeOperationsSql, confirmCompleted, type DoneOperation, toDoneRows } from '../payments/operations.ts'
import type { Transaction } from '../platform/transaction.ts'
import { completeStep, countStepSql } from './finish-step.ts'
import type { StepOrder } from './lock-step.ts'

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
 * Stores what was bought for a shipment, completes the operation that bought it and finishes the step of a locked order.
 * @throws TaskBusy when another worker holds the operation by now, which rolls everything back
 */
export async function storePurchase(
  tx: Transaction,
  step: { order: StepOrder; taskId: string; cause: string },
  purchase: Purchase,
  done: readonly DoneOperation[],
): Promise<void> {
  const { order, taskId, cause } = step
  const { shipmentId, reference, carrier, service } = purchase
  const [stored] = await tx.sql<{ openSteps: number; completed: number }>(
    `with completed as (${completeOperationsSql('$10')}
    ), bought as (
      update shipments set state = 'purchased', provider_reference = $3, carrier = $4, service = $5, cost = $6, label_url = $7,
        tracking_number = $8, tracking_url = $9, updated_at = now() where id = $2 and state = 'created'
    )${countStepSql('$1')}, (select count(*) from completed) as completed`,
    [
      order.id,
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
  confirmCompleted(tx, done, stored?.completed ?? 0)
  tx.note({
    orderId: order.id,
    kind: 'transition',
    subject: 'shipment',
    subjectId: shipmentId,
    from: 'created',
    to: 'purchased',
    cause,
    detail: { carrier, service },
  })
  completeStep(tx, order, taskId, stored?.openSteps)
}
