import type { DigitalContent, Dimensions, PrintfulProduct, SkuKind } from '../catalog/sku.entity.ts'
import type { ShippingChoice } from '../checkouts/checkout.entity.ts'
import type { Sql } from '../database/database.ts'
import { isHeldByDisputeSql } from '../orders/held-by-dispute.ts'
import { type ItemState, isClosed } from '../orders/order.state-machine.ts'
import { lockOrder, type OrderRow, orderRowColumns } from '../orders/order-row.ts'
import { stoppedPiecesSql } from '../orders/stopped-pieces.ts'
import type { Address } from '../parties/address.ts'
import { TaskError, TaskMoot } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { cancelShipment } from './call-off-goods.ts'
import { finishFulfilmentStep } from './finish-step.ts'

/** What an order item knows of its product, snapshotted when the order was made (R9). */
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

export type StepOrder = OrderRow & {
  email: string
  createdAt: string
  shipTo: Address | null
  shippingChoice: ShippingChoice | null
  taskState: string
  /** How many refunds were asked for so far. */
  refundCount: number
  disputed: boolean
  items: ItemToFulfil[]
}

type Step = { orderId: string; sellerId: string; kind: SkuKind; taskId: string }

/** A step whose goods travel, with its shipment. */
export type ShipmentStep = StepOrder & {
  shipmentId: string
  /** The provider's id of the shipment, once it has one. */
  reference: string | null
  acceptedCost: number | null
  shipFrom: Address | null
}

/**
 * Reads what a step whose goods travel needs to call its provider, as {@link lockStep} does but without holding anybody up.
 */
export async function readShipmentStep(
  sql: Sql,
  { orderId, sellerId, taskId }: Omit<Step, 'kind'>,
  path: 'shipping' | 'pod',
): Promise<ShipmentStep | undefined> {
  const [order] = await sql<ShipmentStep>(
    `with step as (${stepSql})
    select step.*, s.id as "shipmentId", s.provider_reference as reference, s.accepted_cost as "acceptedCost", m.ship_from as "shipFrom"
    from step join shipments s on s.order_id = $1 and s.path = $5 and s.seller_id = $2 left join merchants m on m.id = $2`,
    [orderId, sellerId, path === 'pod' ? 'pod' : 'physical', taskId, path],
  )
  return ready(orderId, order)
}

/**
 * Reads what one fulfilment step needs and locks order and task.
 * Returns undefined when another worker finished the step, and nothing may leave.
 * @throws TaskError for an order that is not accepted, and TaskMoot for a closed one: goods never leave before, nor after (I8).
 */
export async function lockStep(
  tx: Pick<Transaction, 'sql'>,
  { orderId, sellerId, kind, taskId }: Step,
): Promise<StepOrder | undefined> {
  const [order] = await tx.sql<StepOrder>(`${stepSql} for update of o, t`, [orderId, sellerId, kind, taskId])
  return ready(orderId, order)
}

// $1 the order, $2 the seller, $3 the kind of goods, $4 the task.
const stepSql = `
  select ${orderRowColumns('o')}, o.email, o.created_at as "createdAt", o.ship_to as "shipTo", o.shipping_choice as "shippingChoice", t.state as "taskState",
    o.refund_count as "refundCount", ${isHeldByDisputeSql('o')} as disputed,
    (select json_agg(json_build_object('id', i.id, 'skuId', i.sku_id, 'quantity', i.quantity, 'unitPrice', i.unit_price, 'state', i.state,
        'product', i.product, 'stopped', ${stoppedPiecesSql('i')}) order by i.position)
     from order_items i where i.order_id = o.id and i.seller_id = $2 and i.kind = $3) as items
  from orders o join tasks t on t.id = $4
  where o.id = $1`

function ready<Order extends StepOrder>(orderId: string, order: Order | undefined): Order | undefined {
  if (!order) throw new Error(`order ${orderId} or its step does not exist`)
  if (order.taskState === 'done') return undefined
  if (isClosed(order.state)) throw new TaskMoot(`order_${order.state}`)
  if (order.state !== 'accepted') throw new TaskError(`order_${order.state}`, { retry: false })
  if (order.disputed) throw new TaskError('payment_disputed', { retry: false })
  return { ...order, items: order.items.map((item) => ({ ...item, quantity: item.quantity - item.stopped })) }
}

/** The items of a step of which something is left to hand over. */
export const leftToSend = ({ items }: Pick<StepOrder, 'items'>): ItemToFulfil[] =>
  items.filter(({ quantity }) => quantity > 0)

/** Writes down which pieces of a step were not handed over because their money goes back. */
export async function cancelStopped(tx: Pick<Transaction, 'sql'>, { items }: Pick<StepOrder, 'items'>): Promise<void> {
  const stopped = items.filter((item) => item.stopped > 0 && item.quantity > 0)
  if (stopped.length === 0) return
  await tx.sql(
    `update order_items i set cancelled_quantity = s.stopped from jsonb_to_recordset($1::jsonb) as s(id text, stopped int)
     where i.id = s.id and i.state = 'created'`,
    [JSON.stringify(stopped.map(({ id, stopped }) => ({ id, stopped })))],
  )
}

/**
 * Ends a step whose goods travel without sending anything, because all of its money goes back. Whatever an earlier attempt has bought after
 * all is called off with the refund.
 */
export async function skipShipment(parts: UnitOfWork, order: ShipmentStep, taskId: string): Promise<void> {
  await inTransaction(parts, async (tx) => {
    const locked = await lockOrder(tx, order.id)
    if (!locked) throw new Error(`order ${order.id} does not exist`)
    await cancelShipment(tx, { orderId: order.id, shipmentId: order.shipmentId, cause: 'refund' })
    await finishFulfilmentStep(tx, locked, taskId)
  })
}
