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

const cancel = statement<{ id: string; nth: number }>()((_, $) =>
  moveShipments('cancelled')
    .from('shipments as before')
    .where('s.id', '=', $.id)
    .where('s.nth', '=', $.nth)
    .whereRef('before.id', '=', 's.id')
    .returning('before.state as from'),
)

/** Closes a shipment that nothing will be sent with; one that has moved meanwhile, or is sent again, stays as it is. */
export async function cancelShipment(
  tx: Transaction,
  { orderId, shipmentId, nth, cause }: { orderId: string; shipmentId: string; nth: number; cause: string },
): Promise<void> {
  const [moved] = await cancel(tx, { id: shipmentId, nth })
  if (!moved) return
  const { from } = moved
  tx.note({ orderId, kind: 'transition', subject: 'shipment', subjectId: shipmentId, from, to: 'cancelled', cause })
}

/** What its nth label or print job was is not what the next one is. */
const unbought = {
  provider_reference: null,
  carrier: null,
  service: null,
  tracking_number: null,
  tracking_url: null,
  label_url: null,
  cost: null,
  asked_cost: null,
  accepted_cost: null,
}

const reopen = statement<{ id: string }>()((db, $) =>
  db
    .updateTable('shipments as s')
    .set(unbought)
    .set((s) => ({ state: 'created', nth: s('s.nth', '+', 1), updated_at: now }))
    .where('s.id', '=', $.id)
    .where('s.state', '=', 'cancelled')
    .returning('s.nth'),
)

/** The one way back: a locked shipment that was called off is sent with another label or print job. Returns the how-manieth. */
export async function reopenShipment(
  tx: Transaction,
  { orderId, shipmentId }: { orderId: string; shipmentId: string },
): Promise<number | undefined> {
  const [opened] = await reopen(tx, { id: shipmentId })
  if (!opened) return undefined
  const line = { kind: 'transition', subject: 'shipment', subjectId: shipmentId, from: 'cancelled' } as const
  tx.note({ ...line, orderId, to: 'created', cause: 'sent again' })
  return opened.nth
}

/** Forgets what was described to carriers and printers of the unsent shipments of an order: its next label or print job is another one. */
export const describeAnew = statement<{ orderId: string }>()((db, $) =>
  db
    .updateTable('shipments')
    .set(unbought)
    .set((s) => ({ nth: s('nth', '+', 1), updated_at: now }))
    .where('order_id', '=', $.orderId)
    .where('state', '=', 'created'),
)
