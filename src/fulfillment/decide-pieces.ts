import { shareOfLine } from '../orders/line-total.ts'
import { ApiError } from '../platform/errors.ts'

/** A line of an order with what of it is decided already. `total` is all money that its buyer pays for it, in minor units. */
export type Line = {
  id: string
  skuId: string | null
  quantity: number
  fulfilledQuantity: number
  cancelledQuantity: number
  total: number
}

/** What becomes of some pieces of a line, which is named by its id or by what is sold on it. */
export type Decision = {
  itemId?: string | undefined
  skuId?: string | undefined
  quantity?: number | undefined
  cancelQuantity?: number | undefined
}

export type DecidedLine = {
  line: Line
  quantity: number
  cancelQuantity: number
  /** Minor units of the line's total that the fulfilled and the cancelled pieces stand for. */
  captureAmount: number
  cancelAmount: number
}

/** Pieces about which nothing is decided. */
export const openPieces = (line: Pick<Line, 'quantity' | 'fulfilledQuantity' | 'cancelledQuantity'>): number =>
  line.quantity - line.fulfilledQuantity - line.cancelledQuantity

/** Minor units of a line's total that its open pieces stand for. */
export const openAmount = (line: Line): number =>
  line.total - shareOfLine(line.total, line.quantity, line.quantity - openPieces(line))

/**
 * Decides about pieces of lines, which are changed in place. Pieces decided so far stand for the whole minor units of their part of the
 * line's total, in the order they are decided, and the last piece takes the remainder: in the end what is captured and
 * what is cancelled add up to the line's total (I9). Of one decision the cancelled pieces come first.
 * @throws ApiError `not_found` for an unknown line, `invalid_quantity` for more than is open or nothing at all
 */
export function decidePieces(lines: readonly Line[], decisions: readonly Decision[]): DecidedLine[] {
  return decisions.map(({ itemId, skuId, quantity = 0, cancelQuantity = 0 }, index) => {
    const named = lines.filter((entry) => (itemId === undefined ? entry.skuId === skuId : entry.id === itemId))
    const line = named.find((entry) => openPieces(entry) >= quantity + cancelQuantity) ?? named[0]
    if (!line)
      throw new ApiError('not_found', { parameter: `items.${index}.${itemId === undefined ? 'skuId' : 'itemId'}` })
    if (quantity + cancelQuantity === 0 || quantity + cancelQuantity > openPieces(line)) {
      throw new ApiError('invalid_quantity', { parameter: `items.${index}` })
    }
    const decided = line.fulfilledQuantity + line.cancelledQuantity
    const upTo = (pieces: number) => shareOfLine(line.total, line.quantity, pieces)
    const cancelAmount = upTo(decided + cancelQuantity) - upTo(decided)
    const captureAmount = upTo(decided + cancelQuantity + quantity) - upTo(decided + cancelQuantity)
    line.cancelledQuantity += cancelQuantity
    line.fulfilledQuantity += quantity
    return { line, quantity, cancelQuantity, captureAmount, cancelAmount }
  })
}
