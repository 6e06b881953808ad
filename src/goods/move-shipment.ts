import { db, now, statement } from '../database/statement.ts'
import { notifyBuyer } from '../orders/notify-buyer.ts'
import { judge, statesBefore, type Verdict } from '../platform/state-machine.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { type ShipmentState, shipmentTransitions } from './shipment.state-machine.ts'

/** The beginning of a statement that moves shipments; it says which. Those in a state from which it cannot be reached stay as they are. */
export const moveShipments = (to: ShipmentState) =>
  db
    .updateTable('shipments as s')
    .set({ state: to, updated_at: now })
    .where('s.state', 'in', statesBefore(shipmentTransitions, to))

type Tracking = { trackingNumber: string | null; trackingUrl: string | null; carrier: string | null }

const move = statement<{ id: string; from: ShipmentState; to: ShipmentState } & Tracking>()((db, $) =>
  db
    .updateTable('shipments')
    .set((s) => ({
      state: $.to,
      tracking_number: s.fn.coalesce($.trackingNumber.typed('text'), 'tracking_number'),
      tracking_url: s.fn.coalesce($.trackingUrl.typed('text'), 'tracking_url'),
      carrier: s.fn.coalesce($.carrier.typed('text'), 'carrier'),
      updated_at: now,
    }))
    .where('id', '=', $.id)
    .where('state', '=', $.from),
)

/**
 * Moves a locked shipment, stores what was learned of its way, and writes the timeline; a stale state is dropped in writing. The buyer is
 * told once, when it leaves.
 */
export async function moveShipment(
  tx: Transaction,
  shipment: { id: string; orderId: string; state: ShipmentState },
  to: ShipmentState,
  cause: string,
  tracking: Tracking,
): Promise<Verdict> {
  const { id, orderId, state: from } = shipment
  const verdict = judge(shipmentTransitions, from, to)
  if (verdict === 'same') return verdict
  const kind = verdict === 'moves' ? 'transition' : 'drop'
  tx.note({ orderId, kind, subject: 'shipment', subjectId: id, from, to, cause })
  if (verdict !== 'moves') return verdict
  await move(tx, { id, from, to, ...tracking })
  const leaves = (to === 'in_transit' || to === 'delivered') && from !== 'in_transit'
  if (leaves) notifyBuyer(tx, { id: orderId, fulfilledBy: 'engine' }, 'shipped', id)
  return verdict
}

const cancel = statement<{ id: string }>()((_, $) =>
  moveShipments('cancelled')
    .from('shipments as before')
    .where('s.id', '=', $.id)
    .whereRef('before.id', '=', 's.id')
    .returning('before.state as from'),
)

/** Closes a shipment that nothing will be sent with; one that has moved meanwhile stays as it is. */
export async function cancelShipment(
  tx: Transaction,
  { orderId, shipmentId, cause }: { orderId: string; shipmentId: string; cause: string },
): Promise<void> {
  const [moved] = await cancel(tx, { id: shipmentId })
  if (!moved) return
  const { from } = moved
  tx.note({ orderId, kind: 'transition', subject: 'shipment', subjectId: shipmentId, from, to: 'cancelled', cause })
}
