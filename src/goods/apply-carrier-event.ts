import type { Carriers } from '../carriers/carriers.ts'
import { statement } from '../database/statement.ts'
import { recallOf } from '../operations/purposes.ts'
import { fulfilItems, type ItemStamp, stampNow } from '../orders/move-items.ts'
import { setAttention } from '../orders/move-order.ts'
import { type OrderRow, orderRow } from '../orders/order-row.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { applyLateEvent } from './apply-late-event.ts'
import { bookRepaid } from './book-cost.ts'
import { advanceFulfilledOrder } from './finish-step.ts'
import { moveShipment } from './move-shipment.ts'
import { calledOffMoves, isUnderWay } from './shipment.state-machine.ts'

const lockEvent = statement<{ inboxEventId: string }>()((db, $) =>
  db
    .selectFrom('inbox_events as e')
    .innerJoin('shipments as s', (on) =>
      on.onRef('s.provider', '=', 'e.provider').onRef('s.provider_reference', '=', 'e.reference'),
    )
    .innerJoin('orders as o', 'o.id', 's.order_id')
    .select(orderRow)
    .select([
      'e.provider',
      'e.type',
      'e.body',
      'e.handled_at as handledAt',
      's.id as shipmentId',
      's.state as shipmentState',
      's.item_ids as itemIds',
      's.path',
      's.nth',
    ])
    .where('e.id', '=', $.inboxEventId)
    .forUpdate(['o', 's', 'e']),
)

const readRecall = statement<{ orderId: string; purpose: string }>()((db, $) =>
  db
    .selectFrom('operations')
    .select('id')
    .where('order_id', '=', $.orderId)
    .where('purpose', '=', $.purpose)
    .where('state', '<>', 'failed'),
)

const fulfil = statement<{ ids: readonly string[]; stamp: ItemStamp }>()((_, $) =>
  fulfilItems($.stamp)
    .where('i.id', '=', (i) => i.fn.any($.ids.typed('text[]')))
    .returning('i.id'),
)

/**
 * Applies a tracker's or printer's webhook to its shipment, forward only. Goods that move are fulfilled items;
 * a confirmed order whose items are all fulfilled goes on to `fulfilled`.
 * @throws TaskError while the shipment is not known yet; the event is kept and tried again (I4).
 */
export async function applyCarrierEvent(tx: Transaction, carriers: Carriers, inboxEventId: string): Promise<void> {
  const [row] = await lockEvent(tx, { inboxEventId })
  if (!row) return applyLateEvent(tx, carriers, inboxEventId)
  if (row.handledAt !== null) return
  const cause = `${row.provider}.${row.type}`
  const carrier = row.provider === 'easypost' ? carriers.parcels : carriers.printer
  const seen = carrier?.readUpdate(row.body)
  const { purpose } = recallOf(row.shipmentId, row.path, row.nth)
  const recalled = seen?.state === 'failed' && (await readRecall(tx, { orderId: row.id, purpose })).length > 0
  // What we called off ends as we wanted, and nobody has to look.
  const update = recalled ? { ...seen, state: 'cancelled' as const } : seen
  const shipment = { id: row.shipmentId, orderId: row.id, state: row.shipmentState }
  const verdict =
    update?.state &&
    (await moveShipment(tx, shipment, update.state, cause, {
      trackingNumber: update.trackingNumber ?? null,
      trackingUrl: update.trackingUrl ?? null,
      carrier: update.carrier ?? null,
    }))
  const booked = update?.repaid ? await bookRepaid(tx, row) : false
  if (update && verdict === 'moves') {
    if (update.state === 'failed') await setAttention(tx, row.id, { reason: `shipment failed at ${row.provider}` })
    else if (update.state !== 'cancelled') await fulfilParcel(tx, row, row.itemIds, cause)
  }
  if (row.shipmentState === 'cancelled' && isUnderWay(update?.state))
    await setAttention(tx, row.id, { reason: calledOffMoves })
  tx.handled({
    inboxEventId,
    orderId: row.id,
    outcome: verdict === 'moves' || booked ? 'applied' : verdict === 'stale' ? 'dropped' : 'no_change',
  })
}

async function fulfilParcel(tx: Transaction, order: OrderRow, ids: readonly string[], cause: string): Promise<void> {
  const fulfilled = await fulfil(tx, { ids, stamp: stampNow('fulfilled') })
  for (const { id } of fulfilled) {
    tx.note({
      orderId: order.id,
      kind: 'transition',
      subject: 'item',
      subjectId: id,
      from: 'created',
      to: 'fulfilled',
      cause,
    })
  }
  await advanceFulfilledOrder(tx, order, cause)
}
