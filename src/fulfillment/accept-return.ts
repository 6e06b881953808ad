import { now, statement } from '../database/statement.ts'
import { returnPieces, stampNow } from '../orders/move-items.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { restockPieces } from '../orders/stock.ts'
import { ApiError } from '../platform/errors.ts'
import { insertRefund } from '../refunds/insert-refund.ts'
import { availableOf, shareRefund } from '../refunds/refund-amounts.ts'
import { readRefundable } from '../refunds/request-refund.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { checkReturnable, findLine, type ReturnedPieces } from './create-return.ts'
import type { ReturnItem } from './fulfillment.entity.ts'

const findReturn = statement<{ id: string; merchantId: string }>()((db, $) =>
  db.selectFrom('returns').select('order_id as orderId').where('id', '=', $.id).where('merchant_id', '=', $.merchantId),
)

const lockReturn = statement<{ id: string }>()((db, $) =>
  db
    .selectFrom('returns')
    .select(['id', 'order_id as orderId', 'items', 'state', 'reason'])
    .where('id', '=', $.id)
    .forUpdate(),
)

type ReturnRow = Awaited<ReturnType<typeof lockReturn>>[number]

const storeAccepted = statement<{ id: string; items: ReturnItem[]; state: ReturnRow['state'] }>()((db, $) =>
  db.updateTable('returns').set({ items: $.items.json, state: $.state, updated_at: now }).where('id', '=', $.id),
)

/**
 * Accepts goods that have come back, all of them or some. When the last are accepted their money goes back to the buyer. A
 * return that is accepted already stays as it is.
 * @throws ApiError `not_found`, `return_accepted`, `order_not_submitted` during a dispute, `quantity_too_large`
 */
export async function acceptReturn(
  tx: Transaction,
  input: {
    id: string
    merchantId: string
    items?: readonly ReturnedPieces[] | undefined
    /** The pieces can be sold again. */
    restock?: boolean | undefined
  },
): Promise<void> {
  const { id, merchantId } = input
  const [found] = await findReturn(tx, { id, merchantId })
  const order = found && (await lockOrder(tx, found.orderId))
  if (!order) throw new ApiError('not_found')
  const [goods] = await lockReturn(tx, { id })
  if (!goods) throw new ApiError('not_found')
  if (goods.state === 'accepted') {
    if (input.items) throw new ApiError('return_accepted')
    return
  }
  await checkReturnable(tx, order)
  const accepted = acceptItems(goods.items, input.items)
  await moveItems(tx, order, accepted)
  if (input.restock) await restockPieces(tx, order, accepted)
  const complete = goods.items.every((item) => item.state === 'accepted')
  await storeAccepted(tx, { id, items: goods.items, state: complete ? 'accepted' : 'created' })
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
  const returned = await returnPieces(tx, { pieces: accepted, stamp: stampNow('returned') })
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
