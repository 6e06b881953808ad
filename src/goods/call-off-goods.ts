import type { Carriers } from '../carriers/carriers.ts'
import type { Sql } from '../database/database.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../database/transaction.ts'
import { attemptOperation, claimOperations, completeOperations, type DoneOperation } from '../operations/operations.ts'
import { lockOrder } from '../orders/order-row.ts'
import { stoppedPiecesSql } from '../orders/stopped-pieces.ts'
import { ApiError } from '../platform/errors.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { ShipmentState } from './shipment.entity.ts'

/** A parcel or print job that can no longer be stopped. */
export type GoodsOnTheirWay = {
  shipmentId: string
  path: 'shipping' | 'pod'
  state: ShipmentState
  trackingNumber: string | null
}

type Affected = GoodsOnTheirWay & {
  /** The carrier's or printer's id. */
  reference: string | null
  /** What the buyer was quoted, under which a label may have been bought. */
  quoted: string | null
  /** A call that buys it is under way, or nobody knows how it ended. */
  beingSent: boolean
  /** A worker makes that call at this moment. */
  held: boolean
  /** It was asked back, and nobody heard the answer. */
  recalling: boolean
  /** Nothing in it is still to be sent. */
  whole: boolean
}

/** The parcels and print jobs that hold pieces whose money a refund gives back. */
const readAffected = (sql: Sql, orderId: string, refundId: string) =>
  sql<Affected>(
    `select s.id as "shipmentId", s.path, s.state, s.tracking_number as "trackingNumber", s.provider_reference as reference, g.whole,
       exists (select 1 from operations o where o.order_id = s.order_id and o.kind in ('label', 'pod_order') and o.state in ('pending', 'unknown')
         and o.purpose like s.id || '-%') as "beingSent",
       exists (select 1 from operations o where o.order_id = s.order_id and o.kind in ('label', 'pod_order') and o.state in ('pending', 'unknown')
         and o.purpose like s.id || '-%' and o.lease_until > now()) as held,
       exists (select 1 from operations o where o.purpose = s.id || '-recall' and o.state in ('pending', 'unknown')) as recalling,
       (select q -> 'quote' ->> 'reference' from orders o, jsonb_array_elements(o.shipping_choice -> 'parts') q
         where o.id = s.order_id and q ->> 'path' = s.path and q ->> 'sellerId' = s.seller_id limit 1) as quoted
     from shipments s cross join lateral (
       select bool_and(n.stopped >= i.quantity) as whole, bool_or(n.stopped > 0 and i.id in (
           select p ->> 'itemId' from refunds r, jsonb_array_elements(r.items) p where r.id = $2)) as affected
       from order_items i cross join lateral (select ${stoppedPiecesSql('i')} as stopped) n
       where i.order_id = s.order_id and s.item_ids ? i.id) g
     where s.order_id = $1 and g.affected order by s.id`,
    [orderId, refundId],
  )

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

/**
 * The print jobs of an order that are in production already, which only the printer knows; an answer it does not give counts as no.
 * Returns ids of shipments.
 */
export async function findStartedPrintJobs(
  { database, carriers }: Pick<UnitOfWork, 'database'> & { carriers: Carriers },
  { orderId, merchantId }: { orderId: string; merchantId: string },
): Promise<ReadonlySet<string>> {
  const { printer } = carriers
  const jobs = await database.sql<{ id: string }>(
    `select s.id from shipments s join orders o on o.id = s.order_id
     where o.id = $1 and o.merchant_id = $2 and s.path = 'pod' and s.state = 'purchased'`,
    [orderId, merchantId],
  )
  if (!printer) return new Set()
  const started = await Promise.all(
    jobs.map(async ({ id }) => {
      const job = await printer.findOrder(id).catch((error: unknown) => {
        if (error instanceof ProviderError) return undefined
        throw error
      })
      return job && !printer.canCancel(job) ? [id] : []
    }),
  )
  return new Set(started.flat())
}

/**
 * Looks at the goods of a refund that was just stored, under the order's lock: steps that did not begin will not send them, and what is
 * on its way is written on the refund. @throws ApiError `goods_on_their_way` naming them, unless the refund is `forced`
 */
export async function checkGoods(
  tx: Transaction,
  target: { orderId: string; refundId: string },
  { started, forced }: { started: ReadonlySet<string>; forced: boolean },
): Promise<void> {
  const affected = await readAffected(tx.sql, target.orderId, target.refundId)
  const left = affected.filter((goods) => standing(goods) === 'left' || started.has(goods.shipmentId))
  if (left.length === 0) return
  if (!forced)
    throw new ApiError('goods_on_their_way', { message: `${tellGoods(left)} Give "force" to refund all the same.` })
  await writeGoods(tx, target.refundId, left)
}

function tellGoods(goods: readonly Affected[]): string {
  const names = goods.map(({ path, trackingNumber }) =>
    path === 'pod' ? 'a print job that has begun' : `a parcel${trackingNumber ? ` (${trackingNumber})` : ''}`,
  )
  return `On their way already: ${names.join(', ')}.`
}

const writeGoods = (tx: Pick<Transaction, 'sql'>, refundId: string, goods: readonly Affected[]) =>
  tx.sql('update refunds set goods = $2::jsonb where id = $1', [
    refundId,
    JSON.stringify(
      goods.map(({ shipmentId, path, state, trackingNumber }) => ({ shipmentId, path, state, trackingNumber })),
    ),
  ])

/**
 * Stops what a refund pays back before its money goes: voids labels and cancels print jobs. Returns `on_their_way` for goods that cannot be
 * called off, of a refund that was not forced; a forced one goes on, and says on it what left.
 * @throws TaskError while a purchase is under way whose end has to be known first
 */
export async function callOffGoods(
  parts: UnitOfWork & { carriers: Carriers },
  { orderId, refundId }: { orderId: string; refundId: string },
  forced: boolean,
): Promise<'called_off' | 'on_their_way'> {
  const left: Affected[] = []
  for (const goods of await readAffected(parts.database.sql, orderId, refundId)) {
    const now = standing(goods)
    if (now === 'being_sent' && goods.held) throw new TaskError('goods_being_sent', { retry: true })
    const reference = now === 'being_sent' ? await findBought(parts.carriers, goods) : goods.reference
    if (now === 'being_sent' && goods.whole) await endPurchase(parts, goods.shipmentId, reference)
    const bought = now === 'recallable' || (now === 'being_sent' && reference !== null)
    const recalled = bought && goods.whole && (await recall(parts, orderId, { ...goods, reference }))
    if (now === 'left' || (bought && !recalled)) left.push(goods)
  }
  if (left.length === 0) return 'called_off'
  await inTransaction(parts, (tx) => writeGoods(tx, refundId, left))
  return forced ? 'called_off' : 'on_their_way'
}

/** What a call may have bought whose end nobody knows, by the carrier's own word. */
async function findBought({ parcels, printer }: Carriers, goods: Affected): Promise<string | null> {
  const bought =
    goods.path === 'pod'
      ? await printer?.findOrder(goods.shipmentId)
      : await parcels?.findLabelOf([goods.reference, goods.quoted])
  return bought?.reference ?? null
}

/** Tells the purchase whose end nobody knew how it ended; one that came to nothing will not be tried again. */
async function endPurchase({ database }: UnitOfWork, shipmentId: string, reference: string | null): Promise<void> {
  await database.sql(
    `with ended as (
      update operations set state = case when $2::text is null then 'failed' else 'complete' end, provider_reference = $2,
        failure_code = case when $2::text is null then 'called_off' end, completed_at = now(), lease_until = null
      where purpose in ($1 || '-label', $1 || '-order') and state in ('pending', 'unknown') and coalesce(lease_until, now()) <= now()
      returning id
    )
    update shipments set provider_reference = coalesce($2, provider_reference), updated_at = now() from ended where shipments.id = $1`,
    [shipmentId, reference],
  )
}

/** Voids a label or cancels a print job. Returns false when it is too late for that. */
async function recall(
  parts: UnitOfWork & { carriers: Carriers },
  orderId: string,
  { shipmentId, path, reference }: Affected,
): Promise<boolean> {
  const { parcels, printer } = parts.carriers
  const carrier = path === 'pod' ? printer : parcels
  if (!carrier || reference === null) throw new TaskError('carrier_not_configured', { retry: true })
  const [claim] = await claimOperations(parts, [
    {
      purpose: `${shipmentId}-recall`,
      orderId,
      kind: path === 'pod' ? 'pod_cancel' : 'label_refund',
      provider: carrier.name,
      request: { shipment: shipmentId },
    },
  ])
  if (!claim) throw new Error(`the recall of ${shipmentId} was not stored`)
  const done: DoneOperation[] = []
  if (claim.outcome === 'claimed') {
    try {
      await attemptOperation(parts, claim.operation, () => carrier.recall(reference))
    } catch (error) {
      if (error instanceof ProviderError && error.outcome === 'refused') return false
      throw error
    }
    done.push({ operation: claim.operation, reference })
  }
  await inTransaction(parts, async (tx) => {
    await lockOrder(tx, orderId)
    await completeOperations(tx, done)
    await cancelShipment(tx, { orderId, shipmentId, cause: path === 'pod' ? 'print job cancelled' : 'label voided' })
  })
  return true
}

/** Closes a shipment that nothing will be sent with; one that has moved meanwhile stays as it is. */
export async function cancelShipment(
  tx: Transaction,
  { orderId, shipmentId, cause }: { orderId: string; shipmentId: string; cause: string },
): Promise<void> {
  const [moved] = await tx.sql<{ from: ShipmentState }>(
    `update shipments s set state = 'cancelled', updated_at = now() from shipments before
     where s.id = $1 and before.id = s.id and s.state in ('created', 'purchased') returning before.state as "from"`,
    [shipmentId],
  )
  if (!moved) return
  tx.note({
    orderId,
    kind: 'transition',
    subject: 'shipment',
    subjectId: shipmentId,
    from: moved.from,
    to: 'cancelled',
    cause,
  })
}
