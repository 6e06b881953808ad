import type Stripe from 'stripe'
import { ProviderError } from '../../platform/provider-error.ts'
import type { RefundReport } from '../observations.ts'
import type { MoneyCall } from '../provider.ts'
import { fromStripe, toStripe } from './stripe-amounts.ts'
import type { StripeClient } from './stripe-client.ts'
import { underKey } from './stripe-keys.ts'
import { findInList } from './stripe-look-up.ts'
import { refundReport } from './stripe-observations.ts'

type Connection = Pick<StripeClient, 'call'>

/** Sends money that a bank transfer left in the buyer's balance at Stripe on to their bank. @throws ProviderError */
export async function returnToBank(
  connection: Connection,
  intent: Stripe.PaymentIntent,
  request: MoneyCall,
): Promise<RefundReport> {
  const { key, orderId, amount, currency } = request
  const params: Stripe.RefundCreateParams = {
    origin: 'customer_balance',
    customer: customerOf(intent),
    amount: toStripe(amount, currency),
    currency: currency.toLowerCase(),
    metadata: { orderId, operationId: key },
  }
  // Of no payment: it is found among all that were given since the payment was made.
  const returned = () =>
    findInList(
      connection,
      (client, page) => client.refunds.list({ created: { gte: intent.created }, ...page }),
      (entry) => entry.metadata?.operationId === key && !entry.payment_intent,
    )
  const refund =
    (request.lookUpFirst ? await returned() : undefined) ??
    (await underKey(
      `${key}-to-bank`,
      (idempotencyKey) => connection.call('refund', (client) => client.refunds.create(params, { idempotencyKey })),
      returned,
    ))
  return refundReport(refund)
}

/** Giving up a bank transfer that was paid in part leaves that part in the buyer's balance: it is theirs. @throws ProviderError */
export async function returnFunds(
  connection: Connection,
  intent: Stripe.PaymentIntent,
  cancellation: MoneyCall,
): Promise<void> {
  if (intent.status !== 'canceled' || !intent.payment_method_types.includes('customer_balance')) return
  const moves = await connection.call('list', (client) =>
    client.customers.listCashBalanceTransactions(customerOf(intent), { limit: 100 }),
  )
  const back = moves.data.find(({ unapplied_from_payment: unapplied }) => unapplied?.payment_intent === intent.id)
  if (!back) return
  const currency = intent.currency.toUpperCase()
  await returnToBank(connection, intent, {
    ...cancellation,
    currency,
    amount: fromStripe(back.net_amount, currency),
  })
}

function customerOf({ customer }: Stripe.PaymentIntent): string {
  const id = typeof customer === 'string' ? customer : customer?.id
  if (!id) throw new ProviderError('stripe', 'refused', 'customer_missing')
  return id
}
