import type { NewTask } from '../../queues/outbox.ts'
import type { SkuKind } from '../catalog/sku.entity.ts'
import { insertShipments } from '../goods/insert-shipments.ts'
import { confirmToBuyer } from '../orders/notify-buyer.ts'
import { openSteps } from '../orders/open-steps.ts'
import { isPastConfirmation } from '../orders/order.state-machine.ts'
import { lockOrder } from '../orders/order-row.ts'
import { derivedId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'

/** The fulfilment path of each kind of goods. */
const jobOfKind = {
  digital: 'deliver-digital',
  physical: 'fulfill-shipping',
  pod: 'fulfill-pod',
} as const satisfies Record<SkuKind, NewTask['job']>

/** Who moves the goods that travel. */
const shipmentOfKind = {
  physical: { path: 'shipping', provider: 'easypost' },
  pod: { path: 'pod', provider: 'printful' },
} as const satisfies Partial<Record<SkuKind, object>>

type Group = { sellerId: string; kind: SkuKind; itemIds: string[] }

/**
 * Saga steps 1 and 2: validates the order and routes every item to its path, one task per path and seller, and one shipment
 * for those whose goods travel, of which the buyer is told. A closed or already confirmed order is rejected without any effect.
 */
export async function confirmOrder(tx: Transaction, orderId: string): Promise<void> {
  const [order] = await openSteps(tx, { orderId })
  if (!order) return rejectConfirmation(tx, orderId)
  await makeShipments(tx, orderId, order.groups)
  if (order.groups.some(({ kind }) => kind !== 'digital')) confirmToBuyer(tx, orderId)
  for (const { sellerId, kind } of order.groups) {
    const job = jobOfKind[kind]
    tx.enqueue({ job, payload: { orderId, sellerId }, dedupeKey: `${orderId}-${job}-${sellerId}-1` })
  }
}

async function makeShipments(tx: Transaction, orderId: string, groups: readonly Group[]): Promise<void> {
  const shipments = groups.flatMap(({ sellerId, kind, itemIds }) =>
    kind === 'digital'
      ? []
      : [
          {
            id: derivedId('shipment', orderId, shipmentOfKind[kind].path, sellerId),
            order_id: orderId,
            seller_id: sellerId,
            item_ids: itemIds,
            ...shipmentOfKind[kind],
          },
        ],
  )
  if (shipments.length > 0) await insertShipments(tx, { shipments })
}

async function rejectConfirmation(tx: Transaction, orderId: string): Promise<void> {
  const order = await lockOrder(tx, orderId)
  if (!order) throw new Error(`order ${orderId} does not exist`)
  const why = isPastConfirmation(order.state) ? 'closed or confirmed' : 'not accepted'
  tx.note({
    orderId,
    kind: 'drop',
    subject: 'order',
    subjectId: orderId,
    from: order.state,
    to: 'confirmed',
    cause: `confirmation rejected: order is ${why}`,
  })
}
