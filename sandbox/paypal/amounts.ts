/** An amount as PayPal writes it. */
export type Money = { currency_code: string; value: string }

const wholeUnits: ReadonlySet<string> = new Set(['HUF', 'JPY', 'TWD'])

const currencies: ReadonlySet<string> = new Set([
  ...['AUD', 'BRL', 'CAD', 'CHF', 'CNY', 'CZK', 'DKK', 'EUR', 'GBP', 'HKD', 'HUF', 'ILS'],
  ...['JPY', 'MXN', 'MYR', 'NOK', 'NZD', 'PHP', 'PLN', 'SEK', 'SGD', 'THB', 'TWD', 'USD'],
])

/** Decimals that PayPal knows of a currency. */
export const decimalsOf = (currency: string): number => (wholeUnits.has(currency) ? 0 : 2)

/** The smallest units that PayPal knows, as it writes them. */
export function toMoney(amount: number, currency: string): Money {
  const decimals = decimalsOf(currency)
  return { currency_code: currency, value: (amount / 10 ** decimals).toFixed(decimals) }
}

/** An amount in the smallest units that PayPal knows, or the issue with it. */
export function readMoney(value: unknown): { amount: number; currency: string } | { issue: string } {
  const { currency_code: currency, value: written } = (value ?? {}) as Partial<Record<keyof Money, unknown>>
  if (typeof currency !== 'string' || !currencies.has(currency)) return { issue: 'INVALID_CURRENCY_CODE' }
  const [, whole = '', decimals = ''] = /^(\d{1,10})(?:\.(\d+))?$/.exec(String(written)) ?? []
  if (whole === '') return { issue: 'CANNOT_BE_ZERO_OR_NEGATIVE' }
  if (decimals !== '' && wholeUnits.has(currency)) return { issue: 'DECIMALS_NOT_SUPPORTED' }
  if (decimals.length > 2) return { issue: 'DECIMAL_PRECISION' }
  const amount = Number(`${whole}${decimals.padEnd(decimalsOf(currency), '0')}`)
  return amount > 0 ? { amount, currency } : { issue: 'CANNOT_BE_ZERO_OR_NEGATIVE' }
}
