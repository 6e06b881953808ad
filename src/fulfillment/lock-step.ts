import type { DigitalContent, Dimensions, PrintfulProduct, SkuKind } from '../catalog/sku.entity.ts'
import type { Address } from '../checkouts/address.ts'
import type { ShippingChoice } from '../checkouts/checkout.entity.ts'
import type { ItemState } from '../orders/order.state-machine.ts'
import { type OrderRow, orderRowColumns } from '../orders/order-row.ts'
import type { Sql } from '../platform/database.ts'
import { TaskError } from '../platform/task-error.ts'
import type { Transaction } from '../platform/transaction.ts'

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
  quantity: number
  unitPrice: number
  state: ItemState
  product: ProductSnapshot
}

export type StepOrder = OrderRow & {
  email: string
  shipTo: Address | null
  shippingChoice: ShippingChoice | null
  taskState: string
  items: ItemToFulfil[]
}

type Step = { orderId: string; sellerId: string; kind: SkuKind; taskId: string }

/** Reads what one fulfilment step needs to call its provider, as {@link lockStep} does, without holding anybody up. */
export const readStep = (sql: Sql, step: Step): Promise<StepOrder | undefined> => selectStep(sql, step, '')

/**
 * Reads what one fulfilment step needs and locks order and task.
 * Returns undefined when another worker finished the step, and nothing may leave.
 * @throws TaskError for an order that is not accepted: goods never leave before, nor for a closed one (I8).
 */
export const lockStep = (tx: Pick<Transaction, 'sql'>, step: Step): Promise<StepOrder | undefined> =>
  selectStep(tx.sql, step, 'for update of o, t')

async function selectStep(
  sql: Sql,
  { orderId, sellerId, kind, taskId }: Step,
  lock: 'for update of o, t' | '',
): Promise<StepOrder | undefined> {
  const [order] = await sql<StepOrder>(
    `select ${orderRowColumns('o')}, o.email, o.ship_to as "shipTo", o.shipping_choice as "shippingChoice", t.state as "taskState",
      (select json_agg(json_build_object('id', i.id, 'skuId', i.sku_id, 'quantity', i.quantity, 'unitPrice', i.unit_price, 'state', i.state,
          'product', i.product) order by i.position)
       from order_items i where i.order_id = o.id and i.seller_id = $2 and i.kind = $3) as items
     from orders o join tasks t on t.id = $4
     where o.id = $1 ${lock}`,
    [orderId, sellerId, kind, taskId],
  )
  if (!order) throw new Error(`order ${orderId} or its step does not exist`)
  if (order.taskState === 'done') return undefined
  if (order.state !== 'accepted') throw new TaskError(`order_${order.state}`, { retry: false })
  return order
}
