import { ProviderError } from '../../platform/provider-error.ts'
import type { RefundReport, SeenRefund } from '../observations.ts'
import type { MoneyCall } from '../provider.ts'
import { fromPayPal, toPayPal } from './paypal-amounts.ts'
import type { PayPalClient } from './paypal-client.ts'
import { captureOf } from './paypal-events.ts'
import { isCaptured, paymentsOf, refundReport, seenRefund } from './paypal-observations.ts'
import { findOrder } from './paypal-orders.ts'
import { type PayPalCapture, type PayPalOrder, refundShape } from './paypal-shapes.ts'

/** Gives captured money back, once for each key. @throws ProviderError */
export async function createRefund(client: PayPalClient, reference: string, call: MoneyCall): Promise<RefundReport> {
  const order = await findOrder(client, reference)
  if (!order) throw new ProviderError('paypal', 'refused', 'order_unknown')
  const given = paymentsOf(order).refunds.find(({ custom_id }) => custom_id === call.key)
  if (given) return refundReport(given)
  const capture = paymentsOf(order).captures.find((each) => isCaptured(each) && leftOf(order, each) >= call.amount)
  if (!capture)
    throw new ProviderError('paypal', 'refused', 'more_than_captured', {
      explanation: 'No capture at PayPal has so much left to give back.',
    })
  const refund = await client.call({
    method: 'POST',
    path: `/v2/payments/captures/${encodeURIComponent(capture.id)}/refund`,
    requestId: call.key,
    body: { amount: toPayPal(call.amount, call.currency), custom_id: call.key },
    answer: refundShape,
  })
  return refundReport(refund)
}

/** What of a capture has not gone back, in minor units. */
function leftOf(order: PayPalOrder, capture: PayPalCapture): number {
  const { captures, refunds } = paymentsOf(order)
  const given = refunds
    .filter(({ status }) => status === 'COMPLETED' || status === 'PENDING')
    .filter((refund) => captures.length === 1 || captureOf(refund) === capture.id)
    .reduce((sum, { amount }) => sum + (fromPayPal(amount) ?? 0), 0)
  return (fromPayPal(capture.amount) ?? 0) - given
}

/** Every refund of a payment, newest first. @throws ProviderError */
export async function listRefunds(client: PayPalClient, reference: string): Promise<SeenRefund[]> {
  const order = await findOrder(client, reference)
  return order ? paymentsOf(order).refunds.map(seenRefund).toReversed() : []
}

/** How a refund stands that was given. @throws ProviderError */
export async function retrieveRefund(client: PayPalClient, reference: string): Promise<RefundReport> {
  const path = `/v2/payments/refunds/${encodeURIComponent(reference)}`
  return refundReport(await client.call({ method: 'GET', path, answer: refundShape }))
}
