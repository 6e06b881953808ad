import { isDisputed } from '../disputes/is-disputed.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { ReturnItem } from './fulfillment.entity.ts'

/** Pieces of a line that come back; the line by its id or by its SKU. */
export type ReturnedPieces = { itemId?: string | undefined; skuId?: string | undefined; quantity: number }

export type ReturnInput = {
  orderId: string
  merchantId: string
  items: readonly ReturnedPieces[]
  reason?: string | undefined
  location?: Record<string, unknown> | undefined
  metadata: Record<string, string | number | boolean>
}

type ReturnableLine = { id: string; skuId: string | null; returnable: number }

const returnableStates = ['accepted', 'confirmed', 'fulfilled', 'complete']

/**
 * Records goods that a buyer sends back; the money follows when they are accepted. Returns the return's id.
 * @throws ApiError `not_found`, `order_not_submitted` during a dispute, `quantity_too_large`
 */
export async function createReturn(tx: Transaction, input: ReturnInput): Promise<string> {
  const order = await lockOrder(tx, input.orderId)
  if (!order || order.merchantId !== input.merchantId || order.draft) {
    throw new ApiError('not_found', { parameter: 'orderId' })
  }
  await checkReturnable(tx, order)
  const lines = await readReturnable(tx, order)
  const items = input.items.map((wish, index): ReturnItem => {
    const line = findLine(lines, wish, index)
    if (wish.quantity > line.returnable)
      throw new ApiError('quantity_too_large', { parameter: `items.${index}.quantity` })
    line.returnable -= wish.quantity
    return { itemId: line.id, skuId: line.skuId, quantity: wish.quantity, quantityAccepted: 0, state: 'created' }
  })
  const id = newId('return')
  await tx.sql(
    `insert into returns (id, order_id, merchant_id, items, reason, location, metadata, live_mode)
     select $1, o.id, o.merchant_id, $3::jsonb, $4, $5::jsonb, $6::jsonb, o.live_mode from orders o where o.id = $2`,
    [
      id,
      order.id,
      JSON.stringify(items),
      input.reason ?? null,
      input.location ? JSON.stringify(input.location) : null,
      JSON.stringify(input.metadata),
    ],
  )
  tx.note({ orderId: order.id, kind: 'transition', subject: 'return', subjectId: id, to: 'created', cause: 'return' })
  return id
}

/** Goods come back to nobody while the payment is disputed. @throws ApiError `order_not_submitted`, `quantity_too_large` */
export async function checkReturnable(tx: Transaction, order: OrderRow): Promise<void> {
  if (await isDisputed(tx, order.id)) throw new ApiError('order_not_submitted')
  // Goods of an order whose saga still works are not handed over for good.
  const handedOver = order.fulfilledBy === 'merchant' || order.state !== 'accepted'
  if (!returnableStates.includes(order.state) || !handedOver) throw new ApiError('quantity_too_large')
}

/** What was fulfilled and is neither back nor announced by another return. */
const readReturnable = (tx: Transaction, order: OrderRow) =>
  tx.sql<ReturnableLine>(
    `select i.id, i.sku_id as "skuId", i.fulfilled_quantity - i.returned_quantity - coalesce((
       select sum((x ->> 'quantity')::int - (x ->> 'quantityAccepted')::int) from returns r, jsonb_array_elements(r.items) x
       where r.order_id = i.order_id and r.state = 'created' and x ->> 'itemId' = i.id), 0) as returnable
     from order_items i where i.order_id = $1 order by i.position`,
    [order.id],
  )

/** @throws ApiError `not_found` naming the item */
export function findLine<L extends { id: string; skuId: string | null }>(
  lines: readonly L[],
  { itemId, skuId }: Pick<ReturnedPieces, 'itemId' | 'skuId'>,
  index: number,
): L {
  const line = lines.find((entry) => (itemId === undefined ? entry.skuId === skuId : entry.id === itemId))
  if (!line) throw new ApiError('not_found', { parameter: `items.${index}.itemId` })
  return line
}
