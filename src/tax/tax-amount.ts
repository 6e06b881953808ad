const million = 1_000_000n

/**
 * The tax of one amount in minor units, rounded half up. Rates are parts per million, and nothing leaves integers: 7.125 % is 71 250,
 * and 67.50 of it is 4.81. With `inclusive` the tax is the part of `amount` that is tax, otherwise it comes on top.
 * Taking the tax out of a price that was made by adding it gives back the same tax, to the unit.
 */
export function taxOf(amount: number, ratePpm: number, inclusive: boolean): number {
  const rate = BigInt(ratePpm)
  const whole = inclusive ? million + rate : million
  return Number((BigInt(amount) * rate * 2n + whole) / (2n * whole))
}

/** A rate in parts per million as the fraction the API shows: 71250 becomes 0.07125. */
export const toFraction = (ratePpm: number): number => ratePpm / 1_000_000

/** The rate in parts per million that makes `taxAmount` of `amount`; zero for nothing. */
export function effectiveRate(amount: number, taxAmount: number, inclusive: boolean): number {
  const base = inclusive ? amount - taxAmount : amount
  return base <= 0 ? 0 : Number((BigInt(taxAmount) * million * 2n + BigInt(base)) / (2n * BigInt(base)))
}
