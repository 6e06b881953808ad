import type { ChargeObservation } from '../observations.ts'
import type { PaymentAdapter } from '../provider.ts'
import { checkOrder, createOrder, observeOrder } from './telr-orders.ts'
import { cancelOrder, captureOrder, listOrderRefunds, refundOrder } from './telr-remote.ts'
import type { TelrConnection } from './telr-settings.ts'
import { listTransactions, refundsIn } from './telr-transactions.ts'
import { readTelrWebhook } from './telr-webhooks.ts'

/** Those with two decimals that Telr's shops take most. How it writes amounts of others, such as JPY or KWD, is nowhere said. */
const currencies = [
  ...['AED', 'SAR', 'QAR', 'EGP', 'MAD', 'USD', 'EUR', 'GBP', 'INR', 'PKR', 'CAD', 'AUD', 'NZD'],
  ...['CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'SGD', 'HKD', 'CNY', 'PHP', 'THB', 'ZAR', 'TRY'],
]

const tellsOfMoney: ReadonlySet<string> = new Set(
  ['sale', 'auth', 'capture'].flatMap((type) => ['A', 'H'].map((status) => `advice.${type}.${status}`)),
)

/**
 * Telr (Middle East): a hosted page that settles to the merchants outside the platform. Neither of its callbacks is believed before the order
 * was checked, and what follows a payment is looked up among its transactions instead of being sent twice.
 */
export function createTelrProvider(connection: TelrConnection): PaymentAdapter {
  const { settings } = connection
  return {
    settlement: 'off_platform',
    currencies,
    liveMode: !settings.test,
    verifiesWebhooks: settings.webhookSecrets.length > 0,
    createIntent: (request) => createOrder(connection, request),
    retrieve: (reference) => retrieveOrder(connection, reference),
    cancel: (reference, call) => cancelOrder(connection, reference, call),
    capture: (reference, call) => captureOrder(connection, reference, call),
    refund: (reference, call) => refundOrder(connection, reference, call),
    listRefunds: async (reference) => (await listOrderRefunds(connection, reference)) ?? [],
    readWebhook: async (rawBody) => readTelrWebhook(settings, rawBody),
    observe: ({ type }) => ({ kind: 'ask', ofMoney: tellsOfMoney.has(type) }),
  }
}

/** How an order stands, with what was given back of it where transactions can be looked up. */
async function retrieveOrder(connection: TelrConnection, reference: string): Promise<ChargeObservation> {
  const order = await checkOrder(connection, reference)
  const seen = observeOrder(connection, order)
  if (seen.state !== 'complete') return seen
  const transactions = await listTransactions(connection, order)
  if (!transactions) return seen
  const given = refundsIn(transactions).filter(({ state }) => state === 'complete')
  return { ...seen, refundedAmount: given.reduce((sum, { amount }) => sum + amount, 0) }
}
