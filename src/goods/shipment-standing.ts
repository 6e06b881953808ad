import { sql } from 'kysely'
import type { Payload } from '../../queues/catalog.ts'
import type { Sql } from '../database/database.ts'
import { statement, textAt } from '../database/statement.ts'
import { recallKinds } from '../operations/purposes.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import { stoppedPieces } from './stopped-pieces.ts'

/** How often a parcel or print job can be sent; a printer's id of a job has room for one digit. */
export const mostTimes = 9

export const callOffJobs = { shipping: 'void-label', pod: 'cancel-print-job' } as const

const readStanding = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('shipments as s')
    .select((s) => {
      const callOffs = s
        .selectFrom('tasks as t')
        .whereRef('t.order_id', '=', 's.order_id')
        .where('t.job', 'in', Object.values(callOffJobs))
        .where((t) => t(textAt(t.ref('t.payload').$castTo<Payload<'void-label'>>(), 'shipmentId'), '=', t.ref('s.id')))
      const operations = s
        .selectFrom('operations as o')
        .select('o.id')
        .whereRef('o.order_id', '=', 's.order_id')
        .whereRef('o.shipment_id', '=', 's.id')
      return [
        's.id',
        's.path',
        's.state',
        's.nth',
        's.seller_id as sellerId',
        's.provider_reference as reference',
        s.exists(callOffs.select('t.id').where('t.state', 'in', ['pending', 'enqueued'])).as('beingCalledOff'),
        s
          .exists(
            s
              .selectFrom('tasks as t')
              .select('t.id')
              .whereRef('t.order_id', '=', 's.order_id')
              .where('t.job', 'in', ['fulfill-shipping', 'fulfill-pod'])
              .where('t.state', 'in', ['pending', 'enqueued']),
          )
          .as('stepOpen'),
        // Bought or called off at this moment, or nobody knows how that ended.
        s
          .exists(
            operations
              .where('o.kind', 'in', ['label', 'pod_order', ...recallKinds])
              .where('o.state', 'in', ['pending', 'unknown']),
          )
          .as('undecided'),
        s.exists(operations.where('o.kind', 'in', recallKinds).where('o.state', '=', 'failed')).as('refused'),
        // A carrier has seen what was called off.
        s
          .exists(
            s
              .selectFrom('order_timeline as l')
              .select('l.id')
              .whereRef('l.order_id', '=', 's.order_id')
              .whereRef('l.subject_id', '=', 's.id')
              .where('l.kind', '=', 'drop')
              .where('l.to_state', 'in', ['in_transit', 'delivered']),
          )
          .as('seen'),
        s
          .exists(
            s
              .selectFrom('order_items as i')
              .select('i.id')
              .whereRef('i.order_id', '=', 's.order_id')
              .where('i.state', '=', 'created')
              .where((i) => i(stoppedPieces, '<', i.ref('i.quantity')))
              .where((i) => sql<boolean>`${i.ref('s.item_ids')} ? ${i.ref('i.id')}`),
          )
          .as('owed'),
      ]
    })
    .where('s.order_id', '=', $.orderId),
)

/** A parcel or print job, and what is being done about it. */
export type ShipmentStanding = Awaited<ReturnType<typeof readStanding>>[number]

/** Every parcel and print job of an order. Whose order it is has to be known already. */
export const readShipmentStandings = (on: { sql: Sql } | Sql, orderId: string): Promise<ShipmentStanding[]> =>
  readStanding(on, { orderId })

/** Whether a label can be voided, or a print job cancelled, as far as is known here. */
export const canBeCalledOff = ({ state, beingCalledOff }: ShipmentStanding): boolean =>
  state === 'purchased' && !beingCalledOff

/** Whether what was called off for certain is still owed to the buyer of a confirmed order, and can be sent with another label. */
export const canBeSentAgain = (shipment: ShipmentStanding, order: { state: OrderState }): boolean =>
  order.state === 'confirmed' &&
  shipment.state === 'cancelled' &&
  !shipment.undecided &&
  !shipment.beingCalledOff &&
  !shipment.seen &&
  Boolean(shipment.owed) &&
  shipment.nth < mostTimes
