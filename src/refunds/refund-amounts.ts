import type { RefundableShipping } from '../order-view/refundable.ts'
import { shareOfLine } from '../orders/line-total.ts'
import { ApiError } from '../platform/errors.ts'
import { allocate, shareOf } from '../platform/money.ts'
import type { RefundItem, RefundShipping, RefundType } from './refund.entity.ts'

export type RefundComponent = 'shipping' | 'fees' | 'duty' | 'tax'

/** A line of an order as far as money was taken for it. Minor units. */
export type RefundableLine = {
  itemId: string
  skuId: string | null
  sellerId: string
  /** The pieces that `captured` is for. */
  pieces: number
  captured: number
  /** Given back already, or about to be. */
  refunded: number
  /** What of the rest goes back to a credit and not to the buyer's means of payment. */
  credit: number
  /** What of `captured` is not for the goods. */
  components: Record<RefundComponent, number>
  /** What of a component can still be asked back. */
  openOf: Record<RefundComponent, number>
}

/** Everything of an order that money was taken for. */
export type Refundable = { lines: readonly RefundableLine[]; shipping: readonly RefundableShipping[] }

/**
 * What of a line is asked for, which is named by its id or by what is sold on it; nothing but its name asks for all of it. Minor units;
 * percent from 0.01 to 100, of so many pieces where a quantity stands beside it.
 */
export type RefundItemRequest = {
  itemId?: string | undefined
  skuId?: string | undefined
  quantity?: number | undefined
  amount?: number | undefined
  percent?: number | undefined
  type?: 'shipping' | 'fees' | 'duty' | undefined
}

/** What is asked back; without amount, percent, items and shipping everything that can be given back. */
export type RefundRequest = {
  amount?: number | undefined
  percent?: number | undefined
  items?: readonly RefundItemRequest[] | undefined
  /** All shipping that is left, or so much of it; beside items the shipping that is no part of a line. */
  shipping?: true | number | undefined
  /** Only what was sold by this seller. */
  sellerId?: string | undefined
  type?: RefundType | undefined
}

/** What a refund gives back: of lines, and of shipping that stands beside them. */
export type RefundShares = { items: RefundItem[]; shipping: RefundShipping[] }

export const availableOf = (part: { captured: number; refunded: number }): number =>
  Math.max(0, part.captured - part.refunded)

/**
 * What a refund gives back of each line and of each seller's shipping, in minor units; never more than was captured and not yet given back.
 * @throws ApiError `order_not_refundable` when nothing is left, `invalid_parameter` naming `amountRequested` or `percentRequested`,
 * `not_found` for an unknown line or seller, `refund_needs_items` for an amount that could be any of several sellers' money
 */
export function shareRefund(order: Refundable, request: RefundRequest): RefundShares {
  const { lines, shipping } = request.sellerId === undefined ? order : ofSeller(order, request.sellerId)
  if (request.items) {
    const items = shareByItems(lines, request.items)
    if (request.shipping === undefined) return { items, shipping: [] }
    const beside = spread(shipping.map(partOfShipping), { amount: amountOf(request.shipping) })
    return { items, shipping: beside.shipping }
  }
  if (request.shipping !== undefined) {
    const shares = spread(componentParts({ lines, shipping }, 'shipping'), { amount: amountOf(request.shipping) })
    return { ...shares, items: shares.items.map((item) => ({ ...item, type: 'shipping' })) }
  }
  if (request.type) return shareByType({ lines, shipping }, request.type, request)
  const parts = [...lines.map(partOfLine), ...shipping.map(partOfShipping)]
  if (request.amount === undefined && request.percent === undefined && sum(parts.map(({ open }) => open)) === 0)
    throw new ApiError('order_not_refundable')
  return spread(parts, request)
}

const amountOf = (shipping: true | number): number | undefined => (shipping === true ? undefined : shipping)

/** A part of an order's price of which something may go back. `base` is what percentages are of. */
type Part = { sellerId: string; line?: RefundableLine; base: number; open: number }

const partOfLine = (line: RefundableLine): Part => ({
  sellerId: line.sellerId,
  line,
  base: line.captured,
  open: availableOf(line),
})
const partOfShipping = (shipping: RefundableShipping): Part => ({
  sellerId: shipping.sellerId,
  base: shipping.captured,
  open: availableOf(shipping),
})

function ofSeller({ lines, shipping }: Refundable, sellerId: string): Refundable {
  const own = lines.filter((line) => line.sellerId === sellerId)
  if (own.length === 0) throw new ApiError('not_found', { parameter: 'sellerId' })
  return { lines: own, shipping: shipping.filter((part) => part.sellerId === sellerId) }
}

/** One component of the prices of all lines. */
const componentParts = ({ lines, shipping }: Refundable, component: RefundComponent): Part[] => [
  ...lines.map((line): Part => {
    const open = openComponent(line, component)
    return { sellerId: line.sellerId, line, base: open, open }
  }),
  ...(component === 'shipping' ? shipping.map((part) => ({ ...partOfShipping(part), base: availableOf(part) })) : []),
]

/** A component of the order's price. Tax goes back whole or not at all. */
function shareByType(order: Refundable, type: RefundType, { amount, percent }: RefundRequest): RefundShares {
  const parts = type === 'importer_tax' ? [] : componentParts(order, type)
  const total = sum(parts.map(({ open }) => open))
  if (type === 'tax' && ((percent ?? 100) !== 100 || (amount ?? total) !== total)) throw tooMuch('percentRequested')
  return spread(parts, { amount, percent })
}

/**
 * Spreads what is asked for over parts, in proportion to what is left of each. A percentage is taken from each seller's parts; an amount
 * only where it can be no other seller's money.
 */
function spread(parts: readonly Part[], { amount, percent }: Pick<RefundRequest, 'amount' | 'percent'>): RefundShares {
  const open = parts.map((part) => part.open)
  const total = sum(open)
  if (amount === undefined && percent === undefined) {
    requireWithin(total, total)
    return toShares(parts, open)
  }
  if (amount !== undefined) {
    requireWithin(amount, total)
    const sellers = new Set(parts.flatMap((part) => (part.open > 0 ? [part.sellerId] : [])))
    if (sellers.size > 1 && amount !== total) throw new ApiError('refund_needs_items')
    return toShares(parts, allocate(amount, open))
  }
  const amounts = parts.map(() => 0)
  for (const own of Map.groupBy(parts.keys(), (index) => parts[index]?.sellerId).values()) {
    const left = own.map((index) => open[index] ?? 0)
    const asked = percentOf(sum(own.map((index) => parts[index]?.base ?? 0)), percent ?? 0)
    if (asked > sum(left)) throw tooMuch('amountRequested')
    for (const [nth, share] of allocate(asked, left).entries()) amounts[own[nth] ?? 0] = share
  }
  requireWithin(sum(amounts), total)
  return toShares(parts, amounts)
}

function shareByItems(lines: readonly RefundableLine[], requests: readonly RefundItemRequest[]): RefundItem[] {
  const left = new Map(lines.map((line) => [line.itemId, line]))
  return requests.map((request, index): RefundItem => {
    const { itemId: id, skuId, quantity, percent, type } = request
    const named = [...left.values()].filter((entry) => (id === undefined ? entry.skuId === skuId : entry.itemId === id))
    const line = named.find((entry) => availableOf(entry) > 0) ?? named[0]
    if (!line) throw new ApiError('not_found', { parameter: `items.${index}.${id === undefined ? 'skuId' : 'itemId'}` })
    const most = type ? openComponent(line, type) : availableOf(line)
    const amount = amountOfItem(line, request, most)
    requireWithin(amount, most)
    left.set(line.itemId, withGiven(line, amount, type))
    return { itemId: line.itemId, skuId: line.skuId ?? undefined, quantity, percent, type, amount }
  })
}

/** A line once more of it goes back: one refund may name it several times. */
const withGiven = (line: RefundableLine, amount: number, type: RefundItemRequest['type']): RefundableLine => ({
  ...line,
  refunded: line.refunded + amount,
  openOf: type ? { ...line.openOf, [type]: line.openOf[type] - amount } : line.openOf,
})

function amountOfItem(line: RefundableLine, request: RefundItemRequest, most: number): number {
  const { quantity, amount, percent, type } = request
  if (amount !== undefined) return amount
  const whole = type ? line.components[type] : line.captured
  if (quantity === undefined) return percent === undefined ? most : percentOf(whole, percent)
  if (quantity > line.pieces) throw tooMuch('amountRequested')
  // The last pieces take what rounding left over, like they did when they were captured.
  const pieces = whole - shareOfLine(whole, line.pieces, line.pieces - quantity)
  return percent === undefined ? Math.min(most, pieces) : percentOf(pieces, percent)
}

const openComponent = (line: RefundableLine, component: RefundComponent): number =>
  Math.min(line.openOf[component], availableOf(line))

const percentOf = (base: number, percent: number): number => shareOf(base, Math.round(percent * 100))

function requireWithin(asked: number, available: number): void {
  if (asked < 1 || asked > available) throw tooMuch('amountRequested')
}

const tooMuch = (parameter: 'amountRequested' | 'percentRequested'): ApiError =>
  new ApiError('invalid_parameter', {
    message:
      parameter === 'amountRequested'
        ? 'The amount is more than what can be refunded.'
        : 'Tax can only be refunded in full.',
    parameter,
  })

function toShares(parts: readonly Part[], amounts: readonly number[]): RefundShares {
  const shares: RefundShares = { items: [], shipping: [] }
  for (const [index, { line, sellerId }] of parts.entries()) {
    const amount = amounts[index] ?? 0
    if (amount === 0) continue
    if (line) shares.items.push({ itemId: line.itemId, skuId: line.skuId ?? undefined, amount })
    else shares.shipping.push({ sellerId, amount })
  }
  return shares
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
