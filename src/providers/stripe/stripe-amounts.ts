/** Currencies without decimals that Stripe nevertheless counts in hundredths. https://docs.stripe.com/currencies#special-cases */
const countedInHundredths = new Set(['ISK', 'UGX'])

/** Our minor units as Stripe counts them. */
export const toStripe = (amount: number, currency: string): number =>
  countedInHundredths.has(currency) ? amount * 100 : amount

/** Stripe's integer amount in our minor units. */
export const fromStripe = (amount: number, currency: string): number =>
  countedInHundredths.has(currency) ? amount / 100 : amount
