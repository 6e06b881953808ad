import { sql } from 'kysely'
import { elementsOf, statement, textAt } from '../database/statement.ts'
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

const returnableStates = ['accepted', 'confirmed', 'fulfilled', 'complete']

const store = statement<{
  id: string
  orderId: string
  items: readonly ReturnItem[]
  reason: string | null
  location: Record<string, unknown> | null
  metadata: Record<string, string | number | boolean>
}>()((db, $) =>
  db
    .insertInto('returns')
    .columns(['id', 'order_id', 'merchant_id', 'items', 'reason', 'location', 'metadata', 'live_mode'])
    .expression(
      db
        .selectFrom('orders as o')
        .select([
          $.id.as('id'),
          'o.id as order_id',
          'o.merchant_id',
          $.items.json.as('items'),
          $.reason.as('reason'),
          $.location.json.as('location'),
          $.metadata.json.as('metadata'),
          'o.live_mode',
        ])
        .where('o.id', '=', $.orderId),
    ),
)

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
  const lines = await readReturnable(tx, { orderId: order.id })
  const items = input.items.map((wish, index): ReturnItem => {
    const line = findLine(lines, wish, index)
    if (wish.quantity > line.returnable)
      throw new ApiError('quantity_too_large', { parameter: `items.${index}.quantity` })
    line.returnable -= wish.quantity
    return { itemId: line.id, skuId: line.skuId, quantity: wish.quantity, quantityAccepted: 0, state: 'created' }
  })
  const id = newId('return')
  await store(tx, {
    id,
    orderId: order.id,
    items,
    reason: input.reason ?? null,
    location: input.location ?? null,
    metadata: input.metadata,
  })
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
const readReturnable = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('order_items as i')
    .select((i) => {
      const announced = i
        .selectFrom('returns as r')
        .crossJoin((r) => elementsOf(r.ref('r.items'), 'x'))
        .select((x) =>
          sql<number>`sum((${textAt(x.ref('x.item'), 'quantity')})::int - (${textAt(x.ref('x.item'), 'quantityAccepted')})::int)`.as(
            'pieces',
          ),
        )
        .whereRef('r.order_id', '=', 'i.order_id')
        .where('r.state', '=', 'created')
        .where((x) => x(textAt(x.ref('x.item'), 'itemId'), '=', x.ref('i.id')))
      return [
        'i.id',
        'i.sku_id as skuId',
        sql<number>`${i.ref('i.fulfilled_quantity')} - ${i.ref('i.returned_quantity')} - coalesce(${announced}, 0)`.as(
          'returnable',
        ),
      ]
    })
    .where('i.order_id', '=', $.orderId)
    .orderBy('i.position'),
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
