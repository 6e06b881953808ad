import { shareWithin } from '../orders/line-price.ts'
import { allocate } from '../platform/money.ts'
import type { SplitLines } from './calculate-splits.ts'

/** A share as it was planned: of which line it has how much, where that is known. Minor units. */
type PlannedSplit = { kind: string; amount: number; lines: SplitLines | null }

/** A capture, and for which lines it was made, where that is known. Minor units. */
export type CapturedLines = { amount: number; lines: SplitLines | null }

/** What a capture gives to one split, and of which of its lines. */
export type ShareOfSplit = { share: number; lines: SplitLines }

/**
 * What each capture of a charge gives to each split; minor units. Of a line's money each has the part that it has of the line: of the tax what
 * is in all that was captured of the line so far, of the rest in proportion to what is left. What was captured for no line in particular is
 * shared in proportion to what is left of all. A pure function, so that a repetition finds the same shares. Every capture is given out
 * whole, and no split gets more than it was planned (I6).
 */
export function allocateCaptures(
  splits: readonly PlannedSplit[],
  captures: readonly CapturedLines[],
): ShareOfSplit[][] {
  const left = splits.map(({ amount }) => amount)
  const leftOf = splits.map(({ lines }) => ({ ...lines }))
  return captures.map((capture) => {
    const shares = splits.map((): ShareOfSplit => ({ share: 0, lines: {} }))
    const give = (amounts: readonly number[], line?: string) => {
      for (const [index, amount] of amounts.entries()) {
        const share = shares[index]
        const lines = leftOf[index]
        if (!share || !lines || amount === 0) continue
        share.share += amount
        left[index] = (left[index] ?? 0) - amount
        if (line === undefined) continue
        share.lines[line] = (share.lines[line] ?? 0) + amount
        lines[line] = (lines[line] ?? 0) - amount
      }
    }
    for (const [line, amount] of Object.entries(capture.lines ?? {}))
      give(shareLine(splits, leftOf, left, line, amount), line)
    const given = shares.reduce((sum, { share }) => sum + share, 0)
    give(allocate(capture.amount - given, left))
    return shares
  })
}

function shareLine(
  splits: readonly PlannedSplit[],
  leftOf: readonly SplitLines[],
  left: readonly number[],
  line: string,
  amount: number,
): number[] {
  const open = splits.map((_, index) => Math.min(left[index] ?? 0, leftOf[index]?.[line] ?? 0))
  const whole = sum(splits.map(({ lines }) => lines?.[line] ?? 0))
  const given = Math.min(amount, sum(open))
  const captured = whole - sum(leftOf.map((lines) => lines[line] ?? 0)) + given
  const ofTax = splits.map(({ kind, lines }, index) => {
    if (kind !== 'tax') return 0
    const planned = lines?.[line] ?? 0
    const before = planned - (leftOf[index]?.[line] ?? 0)
    return Math.max(0, Math.min(open[index] ?? 0, shareWithin(planned, whole, captured) - before))
  })
  const others = splits.map(({ kind }, index) => (kind === 'tax' ? 0 : (open[index] ?? 0)))
  const rest = allocate(Math.min(given - sum(ofTax), sum(others)), others)
  return splits.map((_, index) => (ofTax[index] ?? 0) + (rest[index] ?? 0))
}

/** What each split has received of which line, of a charge's captures in all. */
export function receivedLines(shares: readonly (readonly ShareOfSplit[])[], split: number): SplitLines {
  const lines: SplitLines = {}
  for (const capture of shares)
    for (const [line, amount] of Object.entries(capture[split]?.lines ?? {})) lines[line] = (lines[line] ?? 0) + amount
  return lines
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
