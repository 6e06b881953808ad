import type { Carriers } from '../carriers/carriers.ts'
import { setAttention } from '../orders/move-order.ts'
import { type OrderRow, orderRowColumns } from '../orders/order-row.ts'
import { defineTransitions, judge } from '../platform/state-machine.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { advanceFulfilledOrder } from './finish-step.ts'
import type { ShipmentState } from './shipment.entity.ts'

const shipmentTransitions = defineTransitions<ShipmentState>('shipment', 'created', {
  created: ['purchased', 'in_transit', 'delivered', 'failed', 'cancelled'],
  purchased: ['in_transit', 'delivered', 'failed', 'cancelled'],
  in_transit: ['delivered', 'failed'],
  delivered: [],
  failed: [],
  cancelled: [],
})

type EventRow = OrderRow & {
  provider: 'easypost' | 'printful'
  type: string
  body: Record<string, unknown>
  handledAt: string | null
  shipmentId: string
  shipmentState: ShipmentState
  itemIds: string[]
  /** We called it off ourselves. */
  recalled: boolean
}

/**
 * Applies a tracker's or printer's webhook to its shipment, forward only. Goods that move are fulfilled items;
 * a confirmed order whose items are all fulfilled goes on to `fulfilled`.
 * @throws TaskError while the shipment is not known yet; the event is kept and tried again (I4).
 */
export async function applyCarrierEvent(tx: Transaction, carriers: Carriers, inboxEventId: string): Promise<void> {
  const [row] = await tx.sql<EventRow>(
    `select ${orderRowColumns('o')}, e.provider, e.type, e.body, e.handled_at as "handledAt",
       s.id as "shipmentId", s.state as "shipmentState", s.item_ids as "itemIds",
       exists (select 1 from operations r where r.purpose = s.id || '-recall' and r.state <> 'failed') as recalled
     from inbox_events e
     join shipments s on s.provider = e.provider and s.provider_reference = e.reference
     join orders o on o.id = s.order_id
     where e.id = $1 for update of o, s, e`,
    [inboxEventId],
  )
  if (!row) throw new TaskError('shipment_unknown', { retry: true })
  if (row.handledAt !== null) return
  const cause = `${row.provider}.${row.type}`
  const carrier = row.provider === 'easypost' ? carriers.parcels : carriers.printer
  const seen = carrier?.readUpdate(row.body)
  // What we called off ends as we wanted, and nobody has to look.
  const update = seen?.state === 'failed' && row.recalled ? { ...seen, state: 'cancelled' as const } : seen
  const verdict = update && judge(shipmentTransitions, row.shipmentState, update.state)

  if (update && verdict !== 'same') {
    tx.note({
      orderId: row.id,
      kind: verdict === 'moves' ? 'transition' : 'drop',
      subject: 'shipment',
      subjectId: row.shipmentId,
      from: row.shipmentState,
      to: update.state,
      cause,
    })
  }
  if (update && verdict === 'moves') {
    await tx.sql(
      `update shipments set state = $2, tracking_number = coalesce($3, tracking_number), tracking_url = coalesce($4, tracking_url),
         carrier = coalesce($5, carrier), updated_at = now() where id = $1`,
      [row.shipmentId, update.state, update.trackingNumber ?? null, update.trackingUrl ?? null, update.carrier ?? null],
    )
    if (update.state === 'failed') await setAttention(tx, row.id, { reason: `shipment failed at ${row.provider}` })
    else if (update.state !== 'cancelled') await fulfilItems(tx, row, cause)
  }
  tx.handled({
    inboxEventId,
    orderId: row.id,
    outcome: verdict === 'moves' ? 'applied' : verdict === 'stale' ? 'dropped' : 'no_change',
  })
}

async function fulfilItems(tx: Transaction, row: EventRow, cause: string): Promise<void> {
  const fulfilled = await tx.sql<{ id: string }>(
    `update order_items set state = 'fulfilled', fulfilled_quantity = quantity - cancelled_quantity,
       state_transitions = state_transitions || jsonb_build_object('fulfilled', $2::text)
     where id = any($1::text[]) and state = 'created' returning id`,
    [row.itemIds, new Date().toISOString()],
  )
  for (const { id } of fulfilled) {
    tx.note({
      orderId: row.id,
      kind: 'transition',
      subject: 'item',
      subjectId: id,
      from: 'created',
      to: 'fulfilled',
      cause,
    })
  }
  await advanceFulfilledOrder(tx, row, cause)
}
