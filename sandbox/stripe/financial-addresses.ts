import { createHash } from 'node:crypto'
import type { Stripe } from 'stripe'

/** The ways in which money can be sent, with the currency of each. */
export const transferCurrencies = {
  eu_bank_transfer: 'eur',
  gb_bank_transfer: 'gbp',
  jp_bank_transfer: 'jpy',
  mx_bank_transfer: 'mxn',
  us_bank_transfer: 'usd',
} as const
export type TransferType = keyof typeof transferCurrencies

type FinancialAddress = Stripe.PaymentIntent.NextAction.DisplayBankTransferInstructions.FinancialAddress

/** Digits that belong to one customer: the same at every asking, as Stripe keeps one virtual account per customer. */
function numberOf(customer: string, length: number): string {
  const hash = createHash('sha256').update(customer).digest()
  return Array.from({ length }, (_, at) => (hash[at % hash.length] ?? 0) % 10).join('')
}

const addressIn = (country: string): Stripe.Address => ({
  city: null,
  country,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
})

/** The virtual account of a customer, as each kind of transfer names it. */
export function financialAddresses(
  customer: string,
  type: TransferType,
  country: string | undefined,
): FinancialAddress[] {
  const owner = (home: string) => ({ account_holder_name: 'Ordermill', account_holder_address: addressIn(home) })
  switch (type) {
    case 'jp_bank_transfer': {
      const zengin = {
        ...owner('JP'),
        account_number: numberOf(customer, 7),
        account_type: 'futsu',
        bank_address: addressIn('JP'),
        bank_code: '0009',
        bank_name: 'ﾐﾂｲｽﾐﾄﾓｷﾞﾝｺｳ',
        branch_code: '218',
        branch_name: 'ﾄｳﾁ',
      }
      return [{ type: 'zengin', supported_networks: ['zengin'], zengin }]
    }
    case 'us_bank_transfer': {
      const account = { ...owner('US'), account_number: numberOf(customer, 12), account_type: 'checking' }
      const bank = { bank_address: addressIn('US'), bank_name: 'Sandbox Bank' }
      const aba = { ...account, ...bank, routing_number: '110000000' }
      const swift = { ...account, ...bank, swift_code: 'TSTEZ122' }
      return [
        { type: 'aba', supported_networks: ['ach', 'domestic_wire_us'], aba },
        { type: 'swift', supported_networks: ['swift'], swift },
      ]
    }
    case 'eu_bank_transfer': {
      const home = country ?? 'IE'
      const iban = { ...owner(home), bank_address: addressIn(home), bic: `TEST${home}22XXX`, country: home }
      return [
        { type: 'iban', supported_networks: ['sepa'], iban: { ...iban, iban: `${home}00${numberOf(customer, 18)}` } },
      ]
    }
    case 'gb_bank_transfer': {
      const sort_code = { ...owner('GB'), account_number: numberOf(customer, 8), bank_address: addressIn('GB') }
      return [
        {
          type: 'sort_code',
          supported_networks: ['bacs', 'fps'],
          sort_code: { ...sort_code, sort_code: '108800' },
        },
      ]
    }
    case 'mx_bank_transfer': {
      const spei = { ...owner('MX'), bank_address: addressIn('MX'), bank_code: '002', bank_name: 'BANAMEX' }
      return [{ type: 'spei', supported_networks: ['spei'], spei: { ...spei, clabe: numberOf(customer, 18) } }]
    }
  }
}
