import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import { isDisputed } from '../disputes/is-disputed.ts'
import { checkGoods } from '../goods/call-off-goods.ts'
import { type OrderView, readOrder } from '../order-view/read-order.ts'
import { capturedOfLine, capturedPrice, openToRefund, refundableShipping } from '../order-view/refundable.ts'
import type { LinePrice } from '../orders/line-price.ts'
import { lockOrder, type OrderRow } from '../orders/order-row.ts'
import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { writeGoods } from './goods-of-refund.ts'
import { insertRefund } from './insert-refund.ts'
import { type EarlierRefund, leftOf, readEarlier } from './price-items.ts'
import type { RefundItem } from './refund.entity.ts'
import { type Refundable, type RefundableLine, type RefundRequest, shareRefund } from './refund-amounts.ts'

export type RefundInput = RefundRequest & {
  orderId: string
  merchantId: string
  currency?: string | undefined
  reason?: string | undefined
  returnId?: string | undefined
  metadata?: Record<string, string | number | boolean> | undefined
  /** Gives the money back although goods are on their way. */
  force?: boolean | undefined
  /** Print jobs in production, by shipment. */
  started?: ReadonlySet<string> | undefined
}

/**
 * Calls for money of an order to go back to its buyer: all that is left of it, or what is asked for. Whatever state the order is in, money
 * that was captured and is not on its way back can be given back. Returns the refund's id.
 * @throws ApiError `not_found`, `order_not_refundable`, `order_disputed`, `invalid_parameter`, `refund_needs_items`, `operation_in_progress`,
 * `goods_on_their_way`
 */
export async function requestRefund(tx: Transaction, input: RefundInput): Promise<string> {
  const order = await lockOrder(tx, input.orderId)
  if (!order || order.merchantId !== input.merchantId || order.draft) {
    throw new ApiError('not_found', { parameter: 'orderId' })
  }
  if (input.currency !== undefined && input.currency !== order.currency) {
    throw new ApiError('invalid_parameter', { message: 'Refund in the currency of the order.', parameter: 'currency' })
  }
  if (await isDisputed(tx, order.id)) throw new ApiError('order_disputed')
  const refundable = await readRefundable(tx, order)
  const shares = shareRefund(refundable, input)
  if (order.fulfilledBy === 'engine' && order.state === 'accepted') await checkTransfers(tx, order)
  const refundId = await insertRefund(tx, order, { ...input, ...shares, forced: input.force })
  const goods = { started: input.started ?? new Set<string>(), forced: input.force ?? false }
  if (order.fulfilledBy === 'engine') {
    const itemIds = shares.items.map(({ itemId }) => itemId)
    await writeGoods(tx, refundId, await checkGoods(tx, { orderId: order.id, itemIds }, goods))
  }
  return refundId
}

const findTransfers = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('operations')
    .select('id')
    .where('order_id', '=', $.orderId)
    .where('kind', '=', 'transfer')
    .where('state', 'in', ['pending', 'unknown'])
    .limit(sql.lit(1)),
)

/** While shares are being paid out, nobody knows what of them could be taken back. */
async function checkTransfers(tx: Transaction, order: OrderRow): Promise<void> {
  const underWay = await findTransfers(tx, { orderId: order.id })
  if (underWay.length > 0) throw new ApiError('operation_in_progress')
}

/** What money was taken for of a locked order: its lines, and shipping that stands beside them. */
export async function readRefundable(
  tx: Pick<Transaction, 'sql'>,
  order: Pick<OrderRow, 'id' | 'merchantId'>,
): Promise<Refundable> {
  const view = await readOrder(tx.sql, { merchantId: order.merchantId }, order.id)
  if (!view) throw new Error(`order ${order.id} does not exist`)
  return refundableOf(view, await readEarlier(tx, { orderId: order.id }))
}

/** What money was taken for of an order, with what of it its refunds that did not fail were for. */
export function refundableOf(view: OrderView, earlier: readonly EarlierRefund[]): Refundable {
  const open = openToRefund(view)
  return {
    lines: view.items.map((item) =>
      toRefundableLine(
        view,
        item,
        { open: open.lines.get(item.id) ?? 0, credit: open.credit.get(item.id) ?? 0 },
        earlier,
      ),
    ),
    shipping: refundableShipping(view).map(({ sellerId, captured }) => ({
      sellerId,
      captured,
      refunded: captured - (open.shipping.get(sellerId) ?? 0),
    })),
  }
}

function toRefundableLine(
  view: OrderView,
  item: OrderView['items'][number],
  { open, credit }: { open: number; credit: number },
  earlier: readonly EarlierRefund[],
): RefundableLine {
  const captured = capturedOfLine(view, item)
  const manual = view.charges.some((charge) => charge.captureMethod === 'manual')
  return {
    itemId: item.id,
    skuId: item.skuId,
    sellerId: item.sellerId,
    pieces: manual ? item.fulfilledQuantity : item.quantity,
    captured,
    refunded: captured - open,
    credit,
    components: componentsOf(capturedPrice(view, item)),
    openOf: openOf(view, item, earlier),
  }
}

/**
 * What can be asked back of a component: of tax what no refund took yet, of the others what was not asked back as such. Shops give goods back by
 * their price and shipping by itself, whatever of it was in a refund before.
 */
function openOf(
  view: OrderView,
  item: OrderView['items'][number],
  earlier: readonly EarlierRefund[],
): RefundableLine['openOf'] {
  const open = componentsOf(capturedPrice(view, item))
  for (const refund of earlier)
    for (const share of refund.items) {
      const component = share.type ?? refund.type
      if (share.itemId === item.id && component && component !== 'importer_tax')
        open[component] = Math.max(0, open[component] - goneOf(share, refund))
    }
  return { ...open, tax: leftOf(view, item, earlier).goodsTax }
}

/** What of a share goes back, or went back before its refund failed. */
const goneOf = (share: RefundItem, { state, amount, refundedAmount }: EarlierRefund): number =>
  state === 'failed' ? Math.floor((share.amount * refundedAmount) / amount) : share.amount

const componentsOf = (price: LinePrice): RefundableLine['components'] => ({
  shipping: price.shipping + price.shippingTax,
  fees: price.fee + price.feeTax,
  duty: price.duty,
  tax: price.goodsTax,
})
