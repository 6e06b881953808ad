import type { Carriers } from '../carriers/carriers.ts'
import { statement } from '../database/statement.ts'
import { labelOf, printJobOf } from '../operations/purposes.ts'
import { setAttention } from '../orders/move-order.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { bookRepaid } from './book-cost.ts'
import { calledOffMoves, isUnderWay } from './shipment.state-machine.ts'

// What an earlier label or print job of a shipment was bought by keeps the carrier's id of it.
const lockLateEvent = statement<{ inboxEventId: string }>()((db, $) =>
  db
    .selectFrom('inbox_events as e')
    .innerJoin('operations as p', (on) =>
      on.onRef('p.provider_reference', '=', 'e.reference').onRef('p.provider', '=', 'e.provider'),
    )
    .innerJoin('shipments as s', 's.id', 'p.shipment_id')
    .innerJoin('orders as o', 'o.id', 's.order_id')
    .select(['o.id as orderId', 's.id as shipmentId', 's.nth', 's.state', 'p.purpose'])
    .select(['e.provider', 'e.type', 'e.body', 'e.handled_at as handledAt'])
    .where('e.id', '=', $.inboxEventId)
    .where('p.kind', 'in', ['label', 'pod_order'])
    .where('s.nth', '>', 1)
    .forUpdate(['o', 's', 'e']),
)

/**
 * Applies a webhook about a label or print job that was called off, and whose goods have been sent again since: its price may still be paid
 * back, and a carrier that has its parcel nevertheless is a case for a person.
 * @throws TaskError while the shipment is not known yet; the event is kept and tried again
 */
export async function applyLateEvent(tx: Transaction, carriers: Carriers, inboxEventId: string): Promise<void> {
  const [row] = await lockLateEvent(tx, { inboxEventId })
  if (!row) throw new TaskError('shipment_unknown', { retry: true })
  if (row.handledAt !== null) return
  const { orderId, shipmentId, purpose } = row
  const update = (row.provider === 'easypost' ? carriers.parcels : carriers.printer)?.readUpdate(row.body)
  const booked = update?.repaid ? await bookRepaid(tx, { shipmentId, nth: nthOf(purpose, row) }) : false
  const moves = update?.state !== undefined && isUnderWay(update.state)
  if (moves) {
    const line = { kind: 'drop', subject: 'shipment', subjectId: shipmentId, from: row.state } as const
    tx.note({ ...line, orderId, to: update.state, cause: `${row.provider}.${row.type} of what was called off` })
    await setAttention(tx, orderId, { reason: calledOffMoves })
  }
  tx.handled({ inboxEventId, orderId, outcome: booked ? 'applied' : moves ? 'dropped' : 'no_change' })
}

/** Which label or print job of a shipment an operation has bought. */
function nthOf(purpose: string, { shipmentId, nth: last }: { shipmentId: string; nth: number }): number {
  const bought = (nth: number) => [labelOf, printJobOf].some((by) => by(shipmentId, nth).purpose === purpose)
  return Array.from({ length: last }, (_, index) => index + 1).find(bought) ?? last
}
