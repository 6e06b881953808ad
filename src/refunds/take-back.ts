import { allocate } from '../platform/money.ts'
import type { SplitLines, TakenShare } from '../splits/calculate-splits.ts'

/** A split as far as something of it can be taken back. Minor units. */
export type SplitToReverse = {
  id: string
  sellerId: string | null
  kind: string
  amount: number
  executed: number
  reversed: number
  lines: SplitLines | null
  reversedLines: SplitLines
}

/** A part of a refund: of an item, with how much of it is tax where that is known, or of a seller's own shipping. Minor units. */
export type RefundedPart = { sellerId: string; line: string; amount: number; tax?: number | undefined }

/**
 * What a refund takes back of each split, in minor units: from each recipient what it got for the refunded line, in proportion to how much
 * of the line goes back; the tax in it from whoever got that. Where the lines of a split are not known, or nothing is left of them, the same seller's splits answer for it, in
 * proportion to what they still have; shares that were once made for several sellers, by the part that this seller had of the sale. Only
 * what nobody of them has is taken from the others. Pure.
 */
export function takeBack(splits: readonly SplitToReverse[], parts: readonly RefundedPart[]): TakenShare[] {
  const taken = splits.map((split): TakenShare => ({ id: split.id, share: 0, lines: {} }))
  const left = splits.map((split) => split.executed - split.reversed)
  const take = (amount: number, weights: readonly number[], line: string | undefined): number => {
    const given = Math.min(amount, sum(weights))
    if (given <= 0) return 0
    for (const [index, share] of allocate(given, weights).entries()) {
      const entry = taken[index]
      if (!entry || share === 0) continue
      entry.share += share
      left[index] = (left[index] ?? 0) - share
      if (line !== undefined) entry.lines[line] = (entry.lines[line] ?? 0) + share
    }
    return given
  }
  for (const { sellerId, line, amount, tax } of parts) {
    const leftOfLine = () =>
      splits.map((split, index) => {
        if (split.sellerId !== sellerId || !split.lines) return 0
        const before = (split.reversedLines[line] ?? 0) + (taken[index]?.lines[line] ?? 0)
        return Math.max(0, Math.min(left[index] ?? 0, (split.lines[line] ?? 0) - before))
      })
    const leftOf = (isTax: boolean) =>
      leftOfLine().map((share, index) => ((splits[index]?.kind === 'tax') === isTax ? share : 0))
    let open = amount
    if (tax !== undefined) {
      open -= take(Math.min(tax, open), leftOf(true), line)
      open -= take(Math.min(amount - tax, open), leftOf(false), line)
    }
    open -= take(open, leftOfLine(), line)
    open -= take(open, ofSeller(splits, left, sellerId), undefined)
    take(open, left, undefined)
  }
  return taken.filter(({ share }) => share > 0)
}

/** What a seller's splits still have, and its part of those that were made for several sellers. */
function ofSeller(splits: readonly SplitToReverse[], left: readonly number[], sellerId: string): number[] {
  const merchants = splits.filter(({ kind }) => kind === 'merchant')
  const all = BigInt(sum(merchants.map(({ amount }) => amount)))
  const own = BigInt(sum(merchants.filter((split) => split.sellerId === sellerId).map(({ amount }) => amount)))
  return splits.map((split, index) => {
    const rest = left[index] ?? 0
    if (split.sellerId === sellerId) return rest
    return split.sellerId === null && all > 0n ? Number((BigInt(rest) * own) / all) : 0
  })
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
