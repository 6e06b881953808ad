// Amounts are integer minor units of an ISO 4217 currency: 17767 USD is $177.67, 50000 UGX is 50,000 shillings.
const known = new Set(Intl.supportedValuesOf('currency'))
const exponents = new Map<string, number>()

/** True for a three-letter ISO 4217 code that the platform knows. */
export const isCurrency = (code: string): boolean => known.has(code)

/** Number of decimals of a currency: 2 for USD, 0 for JPY, 3 for KWD. */
export function exponentOf(currency: string): number {
  let exponent = exponents.get(currency)
  if (exponent === undefined) {
    exponent = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
    exponents.set(currency, exponent)
  }
  return exponent
}

/**
 * Minor units of a decimal amount, or undefined when it has more decimals than the currency, is not finite,
 * or does not fit a safe integer. Works on the decimal notation, so 177.67 is 17767 and never 17766.999.
 */
export function toMinor(amount: number, currency: string): number | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(amount))
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = ''] = match
  const exponent = exponentOf(currency)
  if (fraction.length > exponent) return undefined
  const minor = Number(`${sign}${whole}${fraction.padEnd(exponent, '0')}`)
  return Number.isSafeInteger(minor) ? minor + 0 : undefined
}

/** The decimal amount of minor units, as JSON shows it: 17767 USD becomes 177.67. */
export function toMajor(minor: number, currency: string): number {
  const exponent = exponentOf(currency)
  if (exponent === 0) return minor
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0')
  return Number(`${minor < 0 ? '-' : ''}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`)
}

/** The decimal amount of minor units with all its decimals: 1250 USD is "12.50". */
export const decimalAmount = (minor: number, currency: string): string =>
  toMajor(minor, currency).toFixed(exponentOf(currency))

/** `amount` × `bps` / 10 000, rounded half up to a whole minor unit, without leaving integers. */
export function shareOf(amount: number, bps: number): number {
  return Number((BigInt(amount) * BigInt(bps) * 2n + 10_000n) / 20_000n)
}

/**
 * Splits `total` in proportion to `weights` so that the parts add up exactly (largest remainder, ties to the first).
 * With all weights zero everything goes to the first part.
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + BigInt(b), 0n)
  if (weights.length === 0) return []
  if (sum === 0n) return weights.map((_, index) => (index === 0 ? total : 0))
  const exact = weights.map((weight) => BigInt(total) * BigInt(weight))
  const parts = exact.map((value) => value / sum)
  let rest = Number(BigInt(total) - parts.reduce((a, b) => a + b, 0n))
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
  for (const { index } of byRemainder) {
    if (rest === 0) break
    parts[index] = (parts[index] ?? 0n) + 1n
    rest -= 1
  }
  return parts.map(Number)
}
