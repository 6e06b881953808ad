import { allocate } from '../platform/money.ts'

/**
 * What each capture of a charge gives to each split, in proportion to what the captures before it left of them; minor units. A pure
 * function of the amounts, so that a repetition finds the same shares. Every capture is given out whole, and no split gets
 * more than it was planned (I6).
 */
export function allocateCaptures(splits: readonly number[], captures: readonly number[]): number[][] {
  const remaining = [...splits]
  return captures.map((amount) => {
    const shares = allocate(amount, remaining)
    for (const [index, share] of shares.entries()) remaining[index] = (remaining[index] ?? 0) - share
    return shares
  })
}
