import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import { insertRefund } from '../refunds/insert-refund.ts'
import { availableOf, shareRefund } from '../refunds/refund-amounts.ts'
import { readRefundable } from '../refunds/request-refund.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { checkReturnable, findLine, type ReturnedPieces } from './create-return.ts'
import type { ReturnItem } from './fulfillment.entity.ts'

type ReturnRow = {
  id: string
  orderId: string
  items: ReturnItem[]
  state: 'created' | 'accepted'
  reason: string | null
}

/**
 * Accepts goods that have come back, all of them or some. When the last are accepted their money goes back to the buyer. A
 * return that is accepted already stays as it is.
 * @throws ApiError `not_found`, `return_accepted`, `order_not_submitted` during a dispute, `quantity_too_large`
 */
export async function acceptReturn(
  tx: Transaction,
  input: { id: string; merchantId: string; items?: readonly ReturnedPieces[] | undefined },
): Promise<void> {
  const [found] = await tx.sql<{ orderId: string }>(
    'select order_id as "orderId" from returns where id = $1 and merchant_id = $2',
    [input.id, input.merchantId],
  )
  const order = found && (await lockOrder(tx, found.orderId))
  if (!order) throw new ApiError('not_found')
  const [goods] = await tx.sql<ReturnRow>(
    'select id, order_id as "orderId", items, state, reason from returns where id = $1 for update',
    [input.id],
  )
  if (!goods) throw new ApiError('not_found')
  if (goods.state === 'accepted') {
    if (input.items) throw new ApiError('return_accepted')
    return
  }
  await checkReturnable(tx, order)
  const accepted = acceptItems(goods.items, input.items)
  await moveItems(tx, order, accepted)
  const complete = goods.items.every((item) => item.state === 'accepted')
  await tx.sql('update returns set items = $2::jsonb, state = $3, updated_at = now() where id = $1', [
    goods.id,
    JSON.stringify(goods.items),
    complete ? 'accepted' : 'created',
  ])
  if (!complete) return
  tx.note({
    orderId: order.id,
    kind: 'transition',
    subject: 'return',
    subjectId: goods.id,
    from: 'created',
    to: 'accepted',
    cause: 'return',
  })
  await refundReturned(tx, order, goods)
}

/** Counts pieces as accepted, in place; without a list all that are left. Returns how many of each line. */
function acceptItems(items: readonly ReturnItem[], wishes: readonly ReturnedPieces[] | undefined) {
  const lines = items.map((item) => ({ id: item.itemId, skuId: item.skuId, item }))
  const all = lines.map(({ id, item }) => ({ itemId: id, quantity: item.quantity - item.quantityAccepted }))
  return (wishes ?? all).map((wish, index) => {
    const { item } = findLine(lines, wish, index)
    if (wish.quantity > item.quantity - item.quantityAccepted) {
      throw new ApiError('quantity_too_large', { parameter: `items.${index}.quantity` })
    }
    item.quantityAccepted += wish.quantity
    if (item.quantityAccepted === item.quantity) item.state = 'accepted'
    return { id: item.itemId, quantity: wish.quantity }
  })
}

async function moveItems(
  tx: Transaction,
  order: OrderRow,
  accepted: readonly { id: string; quantity: number }[],
): Promise<void> {
  const returned = await tx.sql<{ id: string; state: string }>(
    `update order_items i set returned_quantity = i.returned_quantity + d.quantity,
       state = case when i.state = 'fulfilled' and i.returned_quantity + d.quantity = i.fulfilled_quantity then 'returned' else i.state end,
       state_transitions = case when i.state = 'fulfilled' and i.returned_quantity + d.quantity = i.fulfilled_quantity
         then i.state_transitions || jsonb_build_object('returned', $2::text) else i.state_transitions end
     from (select id, sum(quantity) as quantity from jsonb_to_recordset($1::jsonb) as r(id text, quantity int) group by 1) d
     where i.id = d.id and d.quantity > 0 returning i.id, i.state`,
    [JSON.stringify(accepted), new Date().toISOString()],
  )
  for (const { id, state } of returned) {
    if (state !== 'returned') continue
    tx.note({
      orderId: order.id,
      kind: 'transition',
      subject: 'item',
      subjectId: id,
      from: 'fulfilled',
      to: 'returned',
      cause: 'return',
    })
  }
}

/** What was paid for the pieces, as far as it was not given back before. */
async function refundReturned(tx: Transaction, order: OrderRow, goods: ReturnRow): Promise<void> {
  const { lines } = await readRefundable(tx, order)
  const open = lines.filter((line) => availableOf(line) > 0)
  const wanted = goods.items.filter(({ itemId }) => open.some((line) => line.itemId === itemId))
  if (wanted.length === 0) return
  const items = wanted.map(({ itemId, quantity }) => ({ itemId, quantity }))
  const shares = shareRefund({ lines: open, shipping: [] }, { items })
  await insertRefund(tx, order, { ...shares, returnId: goods.id, reason: goods.reason ?? undefined })
}
