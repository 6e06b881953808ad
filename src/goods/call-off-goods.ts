import { sql } from 'kysely'
import type { Carriers } from '../carriers/carriers.ts'
import type { ShippingPart } from '../checkouts/shipping-rates.ts'
import { elementsOf, now, statement, textAt } from '../database/statement.ts'
import { endPurchase } from '../operations/operations.statements.ts'
import { recallKinds } from '../operations/purposes.ts'
import { ApiError } from '../platform/errors.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { Transaction, UnitOfWork } from '../tasks/transaction.ts'
import { printJobId } from './print-job-id.ts'
import { recallGoods } from './recall-goods.ts'
import type { ShipmentState } from './shipment.state-machine.ts'
import { stoppedPieces } from './stopped-pieces.ts'

/** A parcel or print job that can no longer be stopped. */
export type GoodsOnTheirWay = {
  shipmentId: string
  path: 'shipping' | 'pod'
  state: ShipmentState
  trackingNumber: string | null
}

/** A refund as far as its goods are concerned: the items whose money it gives back. */
export type RefundedGoods = { orderId: string; itemIds: readonly string[] }

// The parcels and print jobs that hold pieces whose money a refund gives back. Of each: the carrier's or printer's id; whether a call that
// buys it is under way, or nobody knows how it ended, and whether a worker makes that call at this moment; what the buyer was quoted, under
// which a label may have been bought; and whether nothing in it is still to be sent.
const readAffected = statement<RefundedGoods>()((db, $) =>
  db
    .selectFrom('shipments as s')
    .crossJoinLateral((eb) =>
      eb
        .selectFrom('order_items as i')
        .crossJoinLateral(db.selectNoFrom(stoppedPieces.as('stopped')).as('n'))
        .select((i) => [
          sql<boolean>`bool_and(${i('n.stopped', '>=', i.ref('i.quantity'))})`.as('whole'),
          sql<boolean>`bool_or(${i.and([
            i('n.stopped', '>', 0),
            i('i.id', '=', i.fn.any($.itemIds.typed('text[]'))),
          ])})`.as('affected'),
        ])
        .whereRef('i.order_id', '=', 's.order_id')
        .where((i) => sql<boolean>`${i.ref('s.item_ids')} ? ${i.ref('i.id')}`)
        .as('g'),
    )
    .select((eb) => {
      const buying = eb
        .selectFrom('operations as o')
        .select('o.id')
        .whereRef('o.order_id', '=', 's.order_id')
        .where('o.kind', 'in', ['label', 'pod_order'])
        .where('o.state', 'in', ['pending', 'unknown'])
        .whereRef('o.shipment_id', '=', 's.id')
      return [
        's.id as shipmentId',
        's.path',
        's.state',
        's.tracking_number as trackingNumber',
        's.provider_reference as reference',
        's.nth',
        'g.whole',
        eb.exists(buying).as('beingSent'),
        eb.exists(buying.where('o.lease_until', '>', now)).as('held'),
        // It was asked back, and nobody heard the answer.
        eb
          .exists(
            eb
              .selectFrom('operations as back')
              .select('back.id')
              .whereRef('back.order_id', '=', 's.order_id')
              .whereRef('back.shipment_id', '=', 's.id')
              .where('back.kind', 'in', recallKinds)
              .where('back.state', 'in', ['pending', 'unknown']),
          )
          .as('recalling'),
        eb
          .selectFrom('orders as made')
          .crossJoin(elementsOf(sql<ShippingPart[]>`made.shipping_choice -> 'parts'`, 'q'))
          .select((q) => sql<string | null>`${q.ref('q.item')} -> 'quote' ->> 'reference'`.as('reference'))
          .whereRef('made.id', '=', 's.order_id')
          .where((q) => q(textAt(q.ref('q.item'), 'path'), '=', q.ref('s.path')))
          .where((q) => q(textAt(q.ref('q.item'), 'sellerId'), '=', q.ref('s.seller_id')))
          .limit(sql.lit(1))
          .as('quoted'),
      ]
    })
    .where('s.order_id', '=', $.orderId)
    .where('g.affected', '=', true)
    .orderBy('s.id'),
)

type Affected = Awaited<ReturnType<typeof readAffected>>[number]

const standing = ({
  state,
  whole,
  beingSent,
  recalling,
}: Affected): 'stopped' | 'being_sent' | 'recallable' | 'left' => {
  switch (state) {
    case 'created':
      return beingSent ? 'being_sent' : 'stopped'
    case 'purchased':
      return whole ? 'recallable' : 'left'
    case 'in_transit':
      return 'left'
    case 'cancelled':
      // Its webhook came before the answer did: asking back again does nothing, and says how it ended.
      return recalling ? 'recallable' : 'stopped'
    case 'delivered':
    case 'failed':
      return 'stopped'
  }
}

const readPrintJobs = statement<{ orderId: string; merchantId: string }>()((db, $) =>
  db
    .selectFrom('shipments as s')
    .innerJoin('orders as o', 'o.id', 's.order_id')
    .select(['s.id as shipmentId', 's.nth'])
    .where('o.id', '=', $.orderId)
    .where('o.merchant_id', '=', $.merchantId)
    .where('s.path', '=', 'pod')
    .where('s.state', '=', 'purchased'),
)

/**
 * The print jobs of an order that are in production already, which only the printer knows; an answer it does not give counts as no.
 * Returns ids of shipments.
 */
export async function findStartedPrintJobs(
  { database, carriers }: Pick<UnitOfWork, 'database'> & { carriers: Carriers },
  order: { orderId: string; merchantId: string },
): Promise<ReadonlySet<string>> {
  const { printer } = carriers
  const jobs = await readPrintJobs(database, order)
  if (!printer) return new Set()
  const started = await Promise.all(
    jobs.map(async (shipment) => {
      const job = await printer.findOrder(printJobId(shipment)).catch((error: unknown) => {
        if (error instanceof ProviderError) return undefined
        throw error
      })
      return job && !printer.canCancel(job) ? [shipment.shipmentId] : []
    }),
  )
  return new Set(started.flat())
}

/**
 * Looks at the goods of a refund that was just stored, under the order's lock: steps that did not begin will not send them. Returns what is
 * on its way. @throws ApiError `goods_on_their_way` naming it, unless the refund is `forced`
 */
export async function checkGoods(
  tx: Transaction,
  refunded: RefundedGoods,
  { started, forced }: { started: ReadonlySet<string>; forced: boolean },
): Promise<GoodsOnTheirWay[]> {
  const affected = await readAffected(tx, refunded)
  const left = affected.filter((goods) => standing(goods) === 'left' || started.has(goods.shipmentId))
  if (left.length > 0 && !forced)
    throw new ApiError('goods_on_their_way', { message: `${tellGoods(left)} Give "force" to refund all the same.` })
  return left.map(toGoods)
}

const toGoods = ({ shipmentId, path, state, trackingNumber }: Affected): GoodsOnTheirWay => ({
  shipmentId,
  path,
  state,
  trackingNumber,
})

function tellGoods(goods: readonly Affected[]): string {
  const names = goods.map(({ path, trackingNumber }) =>
    path === 'pod' ? 'a print job that has begun' : `a parcel${trackingNumber ? ` (${trackingNumber})` : ''}`,
  )
  return `On their way already: ${names.join(', ')}.`
}

/**
 * Stops what a refund pays back before its money goes: voids labels and cancels print jobs. Returns what cannot be called off.
 * @throws TaskError while a purchase is under way whose end has to be known first
 */
export async function callOffGoods(
  parts: UnitOfWork & { carriers: Carriers },
  refunded: RefundedGoods,
): Promise<GoodsOnTheirWay[]> {
  const { orderId } = refunded
  const left: GoodsOnTheirWay[] = []
  for (const goods of await readAffected(parts.database, refunded)) {
    const stand = standing(goods)
    if (stand === 'being_sent' && goods.held) throw new TaskError('goods_being_sent', { retry: true })
    const reference = stand === 'being_sent' ? await findBought(parts.carriers, goods) : goods.reference
    if (stand === 'being_sent' && goods.whole) {
      const { shipmentId } = goods
      await storeEnd(parts.database, { orderId, shipmentId, reference })
    }
    const bought = stand === 'recallable' || (stand === 'being_sent' && reference !== null)
    const recalled = bought && goods.whole && (await recallGoods(parts, orderId, { ...goods, reference }))
    if (stand === 'left' || (bought && !recalled)) left.push(toGoods(goods))
  }
  return left
}

/** What a call may have bought whose end nobody knows, by the carrier's own word. */
async function findBought({ parcels, printer }: Carriers, goods: Affected): Promise<string | null> {
  const bought =
    goods.path === 'pod'
      ? await printer?.findOrder(printJobId(goods))
      : await parcels?.findLabelOf([goods.reference, goods.nth === 1 ? goods.quoted : null])
  return bought?.reference ?? null
}

/** Tells the purchase whose end nobody knew how it ended; one that came to nothing will not be tried again. */
const storeEnd = statement<{ orderId: string; shipmentId: string; reference: string | null }>()((db, $) =>
  db
    .with('ended', () => endPurchase($, $.reference))
    .updateTable('shipments')
    .from('ended')
    .set((s) => ({
      provider_reference: s.fn.coalesce($.reference.typed('text'), 'shipments.provider_reference'),
      updated_at: now,
    }))
    .where('shipments.id', '=', $.shipmentId),
)
