import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { DigitalContent, Dimensions, PrintfulProduct, SkuKind } from '../catalog/sku.entity.ts'
import type { Sql } from '../database/database.ts'
import { db, type Holes, jsonList, now, scalar, statement } from '../database/statement.ts'
import { heldByDispute, isHeldByDispute } from '../orders/held-by-dispute.ts'
import { cancelItems, cancelPieces, type ItemStamp, stampNow } from '../orders/move-items.ts'
import { type ItemState, isClosed } from '../orders/order.state-machine.ts'
import { lockOrder, orderRow } from '../orders/order-row.ts'
import { giveStockBack } from '../orders/stock.ts'
import type { Address } from '../parties/address.ts'
import { TaskError, TaskMoot } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { finishFulfilmentStep } from './finish-step.ts'
import { cancelShipment } from './move-shipment.ts'
import { stoppedPieces } from './stopped-pieces.ts'

/** What an order item knows of its product, snapshotted when the order was made. */
export type ProductSnapshot = {
  name: string
  physical: boolean
  weight?: number | null
  weightUnit?: 'oz' | 'lb' | 'g' | 'kg' | null
  dimensions?: Dimensions | null
  countryOfOrigin?: string | null
  printful?: PrintfulProduct | null
  delivery?: DigitalContent | null
  licensed?: boolean
  downloadLimit?: number | null
}

export type ItemToFulfil = {
  id: string
  skuId: string
  /** Pieces to be handed over, of those that were ordered. */
  quantity: number
  /** Pieces whose money goes back, so that they must not leave. */
  stopped: number
  unitPrice: number
  state: ItemState
  product: ProductSnapshot
}

type Step = { orderId: string; sellerId: string; kind: SkuKind; taskId: string }

const selectStep = ($: Holes<Step>) =>
  db
    .selectFrom('orders as o')
    .innerJoin('tasks as t', (on) => on.on('t.id', '=', $.taskId))
    .select(orderRow)
    .select([
      'o.email',
      'o.created_at as createdAt',
      'o.shipping_choice as shippingChoice',
      't.state as taskState',
      // How many refunds were asked for so far.
      'o.refund_count as refundCount',
      isHeldByDispute.as('disputed'),
    ])
    // Goods travel to a whole address; that of others is not looked at.
    .select((eb) => eb.ref('o.ship_to').$castTo<Address | null>().as('shipTo'))
    .select((eb) =>
      scalar(
        eb
          .selectFrom('order_items as i')
          .select((i) =>
            jsonList(
              jsonBuildObject({
                id: i.ref('i.id'),
                // What an order is fulfilled of by us was in the catalog.
                skuId: i.ref('i.sku_id').$notNull(),
                quantity: i.ref('i.quantity'),
                unitPrice: i.ref('i.unit_price'),
                state: i.ref('i.state'),
                // The room of the orders keeps the snapshot as it is and leaves it to us to read it.
                product: i.ref('i.product').$castTo<ProductSnapshot>(),
                stopped: stoppedPieces,
              }),
              i.ref('i.position'),
            ).as('items'),
          )
          .whereRef('i.order_id', '=', 'o.id')
          .where('i.seller_id', '=', $.sellerId)
          .where('i.kind', '=', $.kind),
      ).as('items'),
    )
    .where('o.id', '=', $.orderId)

const lockRows = statement<Step>({ orderId: 'text', sellerId: 'text', kind: 'text', taskId: 'text' })((_, $) =>
  selectStep($).forUpdate(['o', 't']),
)

const readWithShipment = statement<Step & { path: 'shipping' | 'pod' }>({
  orderId: 'text',
  sellerId: 'text',
  kind: 'text',
  taskId: 'text',
  path: 'text',
})((_, $) =>
  selectStep($)
    .innerJoin('shipments as s', (on) =>
      on.onRef('s.order_id', '=', 'o.id').on('s.path', '=', $.path).on('s.seller_id', '=', $.sellerId),
    )
    .leftJoin('merchants as m', (on) => on.on('m.id', '=', $.sellerId))
    .select([
      's.id as shipmentId',
      // The provider's id of the shipment, once it has one.
      's.provider_reference as reference',
      's.nth',
      's.state as shipmentState',
      's.accepted_cost as acceptedCost',
      'm.ship_from as shipFrom',
    ]),
)

export type StepOrder = Awaited<ReturnType<typeof lockRows>>[number]

/** A step whose goods travel, with its shipment. */
export type ShipmentStep = Awaited<ReturnType<typeof readWithShipment>>[number]

/**
 * Reads what a step whose goods travel needs to call its provider, as {@link lockStep} does but without holding anybody up.
 */
export async function readShipmentStep(
  sql: Sql,
  { orderId, sellerId, taskId }: Omit<Step, 'kind'>,
  path: 'shipping' | 'pod',
): Promise<ShipmentStep | undefined> {
  const kind = path === 'pod' ? 'pod' : 'physical'
  const [order] = await readWithShipment(sql, { orderId, sellerId, kind, taskId, path })
  return ready(orderId, order, order && isSentAgain(order))
}

/** Whether a step sends what was called off after its order was confirmed: it was counted when it was sent first. */
export const isSentAgain = ({ state, shipmentState }: Pick<ShipmentStep, 'state' | 'shipmentState'>): boolean =>
  state === 'confirmed' && shipmentState === 'created'

/**
 * Reads what one fulfilment step needs and locks order and task.
 * Returns undefined when another worker finished the step, and nothing may leave.
 * @throws TaskError for an order that is not accepted, and TaskMoot for a closed one: goods never leave before, nor after (I8).
 */
export async function lockStep(
  tx: Pick<Transaction, 'sql'>,
  { orderId, sellerId, kind, taskId }: Step,
): Promise<StepOrder | undefined> {
  const [order] = await lockRows(tx, { orderId, sellerId, kind, taskId })
  return ready(orderId, order)
}

function ready<Order extends StepOrder>(orderId: string, order: Order | undefined, again = false): Order | undefined {
  if (!order) throw new Error(`order ${orderId} or its step does not exist`)
  if (order.taskState === 'done') return undefined
  if (isClosed(order.state)) throw new TaskMoot(`order_${order.state}`)
  if (order.state !== 'accepted' && !again) throw new TaskError(`order_${order.state}`, { retry: false })
  if (order.disputed) throw new TaskError(heldByDispute, { retry: false })
  return { ...order, items: order.items.map((item) => ({ ...item, quantity: item.quantity - item.stopped })) }
}

/** The items of a step of which something is left to hand over. */
export const leftToSend = ({ items }: Pick<StepOrder, 'items'>): ItemToFulfil[] =>
  items.filter(({ quantity }) => quantity > 0)

/** Writes down which pieces of a step were not handed over because their money goes back. */
export async function cancelStopped(tx: Pick<Transaction, 'sql'>, order: StepOrder): Promise<void> {
  const stopped = order.items.filter((item) => item.stopped > 0 && item.quantity > 0)
  if (stopped.length === 0) return
  await cancelPieces(tx, { items: stopped.map(({ id, stopped }) => ({ id, stopped })) })
  await giveStockBack(tx, order)
}

const cancelLeftOut = statement<{ ids: readonly string[]; stamp: ItemStamp }>()((_, $) =>
  cancelItems($.stamp)
    .where('i.id', '=', (i) => i.fn.any($.ids.typed('text[]')))
    .returning('i.id'),
)

/** A parcel or print job holds what it was packed with; what becomes of other items is none of its business. */
const takeOut = statement<{ shipmentId: string; itemIds: readonly string[] }>()((from, $) =>
  from
    .updateTable('shipments')
    .set((s) => ({
      item_ids: sql<string[]>`${s.ref('item_ids')} - ${$.itemIds.typed('text[]')}`,
      updated_at: now,
    }))
    .where('id', '=', $.shipmentId),
)

/**
 * Writes down what a parcel or print job was packed without, because its money goes back: pieces, and whole items, which are over with it.
 * An item that stayed open would count as sent once its parcel moves.
 */
export async function writeLeftOut(tx: Transaction, order: ShipmentStep): Promise<void> {
  await cancelStopped(tx, order)
  const ids = order.items.filter(({ quantity }) => quantity === 0).map(({ id }) => id)
  if (ids.length === 0) return
  await takeOut(tx, { shipmentId: order.shipmentId, itemIds: ids })
  for (const { id } of await cancelLeftOut(tx, { ids, stamp: stampNow('cancelled') }))
    tx.note({
      orderId: order.id,
      kind: 'transition',
      subject: 'item',
      subjectId: id,
      from: 'created',
      to: 'cancelled',
      cause: 'refund',
    })
  await giveStockBack(tx, order)
}

/**
 * Ends a step whose goods travel without sending anything, because all of its money goes back. Whatever an earlier attempt has bought after
 * all is called off with the refund.
 */
export async function skipShipment(parts: UnitOfWork, order: ShipmentStep, taskId: string): Promise<void> {
  await inTransaction(parts, async (tx) => {
    const locked = await lockOrder(tx, order.id)
    if (!locked) throw new Error(`order ${order.id} does not exist`)
    await cancelShipment(tx, { orderId: order.id, shipmentId: order.shipmentId, nth: order.nth, cause: 'refund' })
    if (isSentAgain(order)) tx.finish(taskId)
    else await finishFulfilmentStep(tx, locked, taskId)
  })
}
