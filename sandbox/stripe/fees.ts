import { isEuropean } from './country-cards.ts'
import type { Settled } from './exchange.ts'
import { forCurrency, type StripeSettings } from './settings.ts'
import type { Charge, StripeState } from './state.ts'

/**
 * What Stripe keeps of a charge or of one capture, in minor units of the balance's currency: a part of the amount,
 * rounded half up, and a flat fee, which vouchers and bank transfers have none of. A refund gives nothing of it back.
 */
export function processingFee(state: StripeState, charge: Charge, { amount, currency }: Settled): number {
  const { feeBps, flatFees } = state.settings.current
  const tariff = tariffOf(charge)
  const flat = tariff === 'konbini' || tariff === 'customer_balance' ? 0 : forCurrency(flatFees, currency)
  return Math.round((amount * feeBps[tariff]) / 10_000) + flat
}

function tariffOf({ payment_method_details: details }: Charge): keyof StripeSettings['feeBps'] {
  switch (details?.type) {
    case 'bancontact':
    case 'konbini':
    case 'customer_balance':
      return details.type
    default: {
      const country = details?.card?.country ?? ''
      if (country === 'GB') return 'gb'
      return isEuropean(country) ? 'eea' : 'other'
    }
  }
}
