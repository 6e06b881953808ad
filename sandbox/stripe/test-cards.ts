import { countryCards } from './country-cards.ts'

/** How a test card behaves when it is charged. */
export type TestCard = {
  brand: 'visa' | 'mastercard'
  last4: string
  decline?: { code: string; declineCode: string; message: string; blocked?: boolean; advice?: string }
  /** `always` asks at every payment, `on_session` only until the card was set up for later use. */
  authentication?: 'always' | 'until_set_up'
  risk?: 'normal' | 'elevated' | 'highest'
  review?: boolean
  /** Mastercards here never take several captures of one charge, so that both answers can be tried out. */
  multicapture?: 'unavailable'
  funding?: 'credit' | 'debit'
  /** US where none is named. */
  country?: string
  /** What the buyer's bank does once the money is taken. */
  disputes?: readonly TestDispute[]
  /** Its money may be spent at once. */
  bypassesPending?: true
}

export type TestDispute = { reason: 'fraudulent' | 'product_not_received'; inquiry?: boolean }

const declined = 'Your card was declined.'

const decline = (
  last4: string,
  code: string,
  declineCode: string,
  message = declined,
  advice = 'try_again_later',
): TestCard => ({
  brand: 'visa',
  last4,
  decline: { code, declineCode, message, advice },
})

const ofCountries = Object.entries(countryCards).map(([country, number]): [string, TestCard] => [
  country,
  { brand: 'visa', last4: number.slice(-4), country: country.toUpperCase() },
])

const cards: Record<string, TestCard> = {
  ...Object.fromEntries(ofCountries),
  visa: { brand: 'visa', last4: '4242' },
  visa_debit: { brand: 'visa', last4: '5556', funding: 'debit' },
  mastercard: { brand: 'mastercard', last4: '4444', multicapture: 'unavailable' },
  chargeDeclined: decline('0002', 'card_declined', 'generic_decline'),
  visa_chargeDeclined: decline('0002', 'card_declined', 'generic_decline'),
  visa_chargeDeclinedInsufficientFunds: decline(
    '9995',
    'card_declined',
    'insufficient_funds',
    'Your card has insufficient funds.',
  ),
  visa_chargeDeclinedLostCard: decline('9987', 'card_declined', 'lost_card', declined, 'do_not_try_again'),
  visa_chargeDeclinedStolenCard: decline('9979', 'card_declined', 'stolen_card', declined, 'do_not_try_again'),
  chargeDeclinedExpiredCard: decline(
    '0069',
    'expired_card',
    'expired_card',
    'Your card has expired.',
    'do_not_try_again',
  ),
  chargeDeclinedProcessingError: decline(
    '0119',
    'processing_error',
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
  ),
  /** Attaches to a customer without complaint and declines every charge. */
  chargeCustomerFail: decline('0341', 'card_declined', 'generic_decline'),
  threeDSecure2Required: { brand: 'visa', last4: '3220', authentication: 'always' },
  threeDSecureRequired: { brand: 'visa', last4: '3063', authentication: 'always' },
  authenticationRequired: { brand: 'visa', last4: '3184', authentication: 'always' },
  authenticationRequiredOnSetup: { brand: 'visa', last4: '3155', authentication: 'until_set_up' },
  riskLevelElevated: { brand: 'visa', last4: '9235', risk: 'elevated', review: true },
  radarBlock: {
    brand: 'visa',
    last4: '0019',
    risk: 'highest',
    decline: { code: 'card_declined', declineCode: 'fraudulent', message: declined, blocked: true },
  },
  createDispute: { brand: 'visa', last4: '0259', disputes: [{ reason: 'fraudulent' }] },
  createDisputeProductNotReceived: { brand: 'visa', last4: '2685', disputes: [{ reason: 'product_not_received' }] },
  createDisputeInquiry: { brand: 'visa', last4: '1976', disputes: [{ reason: 'fraudulent', inquiry: true }] },
  createMultipleDisputes: {
    brand: 'visa',
    last4: '0079',
    disputes: [{ reason: 'fraudulent' }, { reason: 'product_not_received' }],
  },
  bypassPending: { brand: 'visa', last4: '0077', bypassesPending: true },
}

/** The name behind `pm_card_<name>` or `tok_<name>`, when it is a known test card. */
export function testCardName(id: string): string | undefined {
  const name = id.replace(/^(pm_card|tok)_/, '')
  return name !== id && Object.hasOwn(cards, name) ? name : undefined
}

/** The test card with that number. */
export function testCardByNumber(number: string): string | undefined {
  const digits = number.replaceAll(' ', '')
  const country = Object.keys(countryCards).find((name) => countryCards[name] === digits)
  if (country !== undefined && country !== 'us') return country
  const others = Object.keys(cards).filter((name) => !Object.hasOwn(countryCards, name))
  return others.find((name) => digits.endsWith(cards[name]?.last4 ?? '?'))
}

/** The behaviour of a test card; unknown names behave like a plain Visa. */
export function testCard(name: string | undefined): TestCard {
  return cards[name ?? 'visa'] ?? { brand: 'visa', last4: '4242' }
}
