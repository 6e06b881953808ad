import { ProviderError } from '../../platform/provider-error.ts'
import type { ChargeObservation } from '../observations.ts'
import type { Intent, IntentRequest, MoneyCall } from '../provider.ts'
import { fromPayPal, toPayPal } from './paypal-amounts.ts'
import type { PayPalClient } from './paypal-client.ts'
import { disputesOf } from './paypal-disputes.ts'
import { voidHolds } from './paypal-holds.ts'
import { findPaidOrder } from './paypal-look-up.ts'
import { observeOrder } from './paypal-observations.ts'
import { orderShape, type PayPalOrder } from './paypal-shapes.ts'

const pathOf = (reference: string) => `/v2/checkout/orders/${encodeURIComponent(reference)}`

/** Asks for an order, once for each charge. https://developer.paypal.com/docs/api/orders/v2/#orders_create */
export async function createOrder(client: PayPalClient, request: IntentRequest): Promise<Intent> {
  // PayPal forgets keys of orders after six hours.
  const paid = request.lookUpFirst ? await findPaidOrder(client, request.chargeId) : undefined
  if (paid) return { reference: paid }
  const order = await client.call({
    method: 'POST',
    path: '/v2/checkout/orders',
    requestId: request.chargeId,
    body: {
      intent: 'CAPTURE',
      purchase_units: [
        {
          custom_id: request.chargeId,
          invoice_id: request.chargeId,
          amount: toPayPal(request.amount, request.currency),
        },
      ],
      payment_source: {
        paypal: {
          experience_context: {
            return_url: request.returnUrl,
            cancel_url: request.returnUrl,
            user_action: 'PAY_NOW',
            shipping_preference: 'NO_SHIPPING',
            // An order waits for hours, an eCheck takes days.
            payment_method_preference: 'IMMEDIATE_PAYMENT_REQUIRED',
          },
        },
      },
    },
    answer: orderShape,
  })
  const page = order.links.find(({ rel }) => rel === 'payer-action' || rel === 'approve')
  return { reference: order.id, checkoutUrl: page?.href }
}

/** An order as it is; undefined for one that PayPal has forgotten, as it does some hours after nobody approved it. @throws ProviderError */
export async function findOrder(client: PayPalClient, reference: string): Promise<PayPalOrder | undefined> {
  try {
    return await client.call({ method: 'GET', path: pathOf(reference), answer: orderShape })
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'RESOURCE_NOT_FOUND') return undefined
    if (error instanceof ProviderError && error.code === 'INVALID_RESOURCE_ID') return undefined
    throw error
  }
}

/** How a payment stands, with what is disputed of it. @throws ProviderError */
export async function retrieveOrder(
  client: PayPalClient,
  reference: string,
  currency: string,
): Promise<ChargeObservation> {
  const order = await findOrder(client, reference)
  const forgotten = { kind: 'charge', state: 'failed', awaitingBuyer: false, failureCode: 'order_expired' } as const
  if (!order) return { ...forgotten, currency, spent: true }
  const seen = observeOrder(order, currency)
  if (seen.state !== 'complete' || seen.providerChargeId === undefined) return seen
  return { ...seen, disputes: await disputesOf(client, seen.providerChargeId) }
}

/** What says that the buyer has not agreed, or not any more; everything else that is refused is a payment that failed. */
const notAgreed: ReadonlySet<string> = new Set([
  'ORDER_NOT_APPROVED',
  'PAYER_ACTION_REQUIRED',
  'RESOURCE_NOT_FOUND',
  'INVALID_RESOURCE_ID',
])

/**
 * Takes the money of an order that its buyer has approved. An order is captured once, whatever the key; a refused means of payment may be
 * replaced by the buyer, who then approves anew: that is another request, of which the answer must not be that of the first.
 */
export async function takeOrder(
  client: PayPalClient,
  reference: string,
  { key, amount, currency }: { key: string; amount: number; currency: string },
): Promise<ChargeObservation> {
  const order = await findOrder(client, reference)
  const before = order && observeOrder(order, currency)
  if (!order || !before?.approved) return retrieveOrder(client, reference, currency)
  const asked = order.purchase_units[0]?.amount
  if (asked && (asked.currency_code !== currency || fromPayPal(asked) !== amount))
    return { ...before, approved: undefined, state: 'failed', failureCode: 'amount_differs', spent: true }
  const approval = (order.update_time ?? '').replaceAll(/\D/g, '')
  try {
    const taken = await client.call({
      method: 'POST',
      path: `${pathOf(reference)}/${order.intent === 'AUTHORIZE' ? 'authorize' : 'capture'}`,
      requestId: [key, approval].filter(Boolean).join('-'),
      body: {},
      answer: orderShape,
    })
    return observeOrder(taken, currency)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    const seen = await retrieveOrder(client, reference, currency)
    if (!seen.approved || notAgreed.has(error.code)) return { ...seen, approved: undefined }
    return {
      ...seen,
      approved: undefined,
      state: 'failed',
      failureCode: error.code.toLowerCase(),
      failureMessage: error.explanation,
    }
  }
}

/**
 * Gives a payment up. PayPal cannot call an order back, but it takes its money only when we ask, which nobody does for a charge that was
 * given up. What is captured stays true; what PayPal has not decided yet may still come, and is late money then (I7).
 */
export async function cancelOrder(
  client: PayPalClient,
  reference: string,
  { key, currency }: MoneyCall,
): Promise<ChargeObservation> {
  const order = await findOrder(client, reference)
  const ended = { kind: 'charge', state: 'cancelled', awaitingBuyer: false, currency } as const
  if (!order) return ended
  const seen = observeOrder(
    (await voidHolds(client, order, key)) ? ((await findOrder(client, reference)) ?? order) : order,
    currency,
  )
  return seen.state === 'complete' || seen.state === 'capturable' ? seen : ended
}
