import type { NewTask } from '../../queues/outbox.ts'
import type { SkuKind } from '../catalog/sku.entity.ts'
import { isPastConfirmation } from '../orders/order.state-machine.ts'
import { lockOrder } from '../orders/order-row.ts'
import { derivedId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'

/** The fulfilment path of each kind of goods (R36–R40). */
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
 * Saga steps 1 and 2: validates the order and routes every item to its path, one task per path and seller (R34–R40), and one shipment
 * for those whose goods travel. A closed or already confirmed order is rejected without any effect (R35).
 */
export async function confirmOrder(tx: Transaction, orderId: string): Promise<void> {
  const [order] = await tx.sql<{ groups: Group[] }>(
    `with grouped as (
      select seller_id, kind, json_agg(id order by position) as item_ids from order_items where order_id = $1 group by seller_id, kind
    ), routed as (
      select coalesce(json_agg(json_build_object('sellerId', seller_id, 'kind', kind, 'itemIds', item_ids)), '[]') as groups,
        count(*) as steps
      from grouped
    )
    update orders set open_steps = steps from routed where id = $1 and state = 'accepted' returning groups`,
    [orderId],
  )
  if (!order) return rejectConfirmation(tx, orderId)
  await makeShipments(tx, orderId, order.groups)
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
            seller_id: sellerId,
            item_ids: itemIds,
            ...shipmentOfKind[kind],
          },
        ],
  )
  if (shipments.length === 0) return
  await tx.sql(
    `insert into shipments (id, order_id, seller_id, path, provider, item_ids)
     select id, $1, seller_id, path, provider, item_ids
     from jsonb_to_recordset($2::jsonb) as s(id text, seller_id text, path text, provider text, item_ids jsonb)
     on conflict (order_id, path, seller_id) do nothing`,
    [orderId, JSON.stringify(shipments)],
  )
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
