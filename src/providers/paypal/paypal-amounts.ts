import { decimalAmount, isCurrency, toMinor } from '../../platform/money.ts'
import { ProviderError } from '../../platform/provider-error.ts'

/** An amount as PayPal writes it. */
export type PayPalMoney = { currency_code: string; value: string }

/** https://developer.paypal.com/api/rest/reference/currency-codes/ */
export const paypalCurrencies = [
  ...['AUD', 'BRL', 'CAD', 'CHF', 'CNY', 'CZK', 'DKK', 'EUR', 'GBP', 'HKD', 'HUF', 'ILS'],
  ...['JPY', 'MXN', 'MYR', 'NOK', 'NZD', 'PHP', 'PLN', 'SEK', 'SGD', 'THB', 'TWD', 'USD'],
] as const

/** Currencies of which PayPal takes whole units only; ISO 4217 has decimals of some. */
const wholeUnits: ReadonlySet<string> = new Set(['HUF', 'JPY', 'TWD'])

/** Our minor units as PayPal writes them. @throws ProviderError `refused` for a part of a unit that PayPal does not know */
export function toPayPal(amount: number, currency: string): PayPalMoney {
  const value = decimalAmount(amount, currency)
  if (!wholeUnits.has(currency)) return { currency_code: currency, value }
  const [whole = '', decimals = ''] = value.split('.')
  if (/[1-9]/.test(decimals))
    throw new ProviderError('paypal', 'refused', 'decimals_not_supported', {
      publicMessage: `PayPal takes whole ${currency} only.`,
    })
  return { currency_code: currency, value: whole }
}

/** PayPal's amount in our minor units; undefined for what is no amount of a known currency. */
export const fromPayPal = ({ currency_code: currency, value }: PayPalMoney): number | undefined =>
  isCurrency(currency) && /^-?\d+(?:\.\d+)?$/.test(value) ? toMinor(Number(value), currency) : undefined
