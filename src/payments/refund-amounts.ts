import { shareOfLine } from '../orders/refundable.ts'
import { ApiError } from '../platform/errors.ts'
import { allocate, shareOf } from '../platform/money.ts'
import type { RefundItem, RefundType } from './refund.entity.ts'

export type RefundComponent = 'shipping' | 'fees' | 'duty' | 'tax'

/** A line of an order as far as money was taken for it. Minor units. */
export type RefundableLine = {
  itemId: string
  skuId: string | null
  /** The pieces that `captured` is for. */
  pieces: number
  captured: number
  /** Given back already, or about to be. */
  refunded: number
  /** What of `captured` is not for the goods. */
  components: Record<RefundComponent, number>
  /** What of a component was given back already. */
  refundedOf: Record<RefundComponent, number>
}

/** What of a line is asked for; nothing but its id asks for all of it. Minor units; percent from 0.01 to 100. */
export type RefundItemRequest = {
  itemId: string
  quantity?: number | undefined
  amount?: number | undefined
  percent?: number | undefined
  type?: 'shipping' | 'fees' | 'duty' | undefined
}

/** What is asked back; without amount, percent and items everything that can be given back. */
export type RefundRequest = {
  amount?: number | undefined
  percent?: number | undefined
  items?: readonly RefundItemRequest[] | undefined
  type?: RefundType | undefined
}

export const availableOf = (line: Pick<RefundableLine, 'captured' | 'refunded'>): number =>
  Math.max(0, line.captured - line.refunded)

/**
 * What a refund gives back of each line, in minor units; never more than was captured and not yet given back.
 * @throws ApiError `order_not_refundable` when nothing is left, `invalid_parameter` naming `amountRequested` or
 * `percentRequested`, `not_found` for an unknown line
 */
export function shareRefund(lines: readonly RefundableLine[], request: RefundRequest): RefundItem[] {
  if (request.items) return shareByItems(lines, request.items)
  if (request.type) return shareByType(lines, request.type, request)
  const total = sum(lines.map(availableOf))
  if (request.amount === undefined && request.percent === undefined) {
    if (total === 0) throw new ApiError('order_not_refundable')
    return toItems(lines, lines.map(availableOf))
  }
  const asked = request.amount ?? percentOf(sum(lines.map((line) => line.captured)), request.percent ?? 0)
  requireWithin(asked, total)
  return toItems(lines, allocate(asked, lines.map(availableOf)))
}

/** A component of the order's price. Tax goes back whole or not at all. */
function shareByType(lines: readonly RefundableLine[], type: RefundType, { amount, percent }: RefundRequest) {
  const open = lines.map((line) => (type === 'importer_tax' ? 0 : openComponent(line, type)))
  const total = sum(open)
  if (type === 'tax' && ((percent ?? 100) !== 100 || (amount ?? total) !== total)) throw tooMuch('percentRequested')
  const asked = amount ?? (percent === undefined ? total : percentOf(total, percent))
  requireWithin(asked, total)
  return toItems(lines, allocate(asked, open))
}

function shareByItems(lines: readonly RefundableLine[], requests: readonly RefundItemRequest[]): RefundItem[] {
  const left = new Map(lines.map((line) => [line.itemId, availableOf(line)]))
  const items = requests.map((request, index): RefundItem => {
    const line = lines.find((entry) => entry.itemId === request.itemId)
    if (!line) throw new ApiError('not_found', { parameter: `items.${index}.itemId` })
    const available = left.get(line.itemId) ?? 0
    const amount = amountOfItem(line, request, available)
    requireWithin(amount, available)
    left.set(line.itemId, available - amount)
    const { itemId, quantity, percent, type } = request
    return { itemId, skuId: line.skuId ?? undefined, quantity, percent, type, amount }
  })
  return items
}

function amountOfItem(line: RefundableLine, request: RefundItemRequest, available: number): number {
  const { quantity, amount, percent, type } = request
  const most = type ? Math.min(openComponent(line, type), available) : available
  if (amount !== undefined) {
    if (amount > most) throw tooMuch('amountRequested')
    return amount
  }
  if (percent !== undefined) return percentOf(type ? line.components[type] : line.captured, percent)
  if (quantity === undefined) return most
  if (quantity > line.pieces) throw tooMuch('amountRequested')
  const base = type ? line.components[type] : line.captured
  // The last pieces take what rounding left over, like they did when they were captured.
  return Math.min(most, base - shareOfLine(base, line.pieces, line.pieces - quantity))
}

const openComponent = (line: RefundableLine, component: RefundComponent): number =>
  Math.max(0, Math.min(line.components[component] - line.refundedOf[component], availableOf(line)))

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

const toItems = (lines: readonly RefundableLine[], amounts: readonly number[]): RefundItem[] =>
  lines.flatMap((line, index) => {
    const amount = amounts[index] ?? 0
    return amount > 0 ? [{ itemId: line.itemId, skuId: line.skuId ?? undefined, amount }] : []
  })

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
