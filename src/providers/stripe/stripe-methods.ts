import type Stripe from 'stripe'
import { ProviderError } from '../../platform/provider-error.ts'
import type { Payer, StoredMethod } from '../source-payments.ts'
import type { SourceType } from '../source-types.ts'
import type { StripeClient } from './stripe-client.ts'
import { stripeTypes } from './stripe-source-params.ts'

type Connection = Pick<StripeClient, 'call'>

/** A stored means of payment. @throws ProviderError `refused` `unsupported_source_type` for one that has no name here */
export async function readMethod({ call }: Connection, paymentMethod: string): Promise<StoredMethod> {
  const method = await call('payment_method', (client) => client.paymentMethods.retrieve(paymentMethod))
  const type = Object.entries(stripeTypes).find(([, known]) => known === method.type)?.[0] as SourceType | undefined
  if (!type) throw new ProviderError('stripe', 'refused', 'unsupported_source_type')
  return {
    reference: method.id,
    type,
    details: method.card ? cardDetails(method.card) : {},
    fingerprint: method.card?.fingerprint ?? undefined,
    owner: ownerOf(method.billing_details),
    customer: typeof method.customer === 'string' ? method.customer : method.customer?.id,
  }
}

/** Keeps a means of payment with a customer. @throws ProviderError */
export async function attachMethod(
  { call }: Connection,
  paymentMethod: string,
  customer: string,
  idempotencyKey: string,
): Promise<void> {
  await call('payment_method', (client) =>
    client.paymentMethods.attach(paymentMethod, { customer }, { idempotencyKey }),
  )
}

/** Lets go of a means of payment; a refusal is no failure where nobody keeps it. @throws ProviderError */
export async function detachMethod({ call }: Connection, paymentMethod: string, idempotencyKey: string): Promise<void> {
  try {
    await call('payment_method', (client) => client.paymentMethods.detach(paymentMethod, {}, { idempotencyKey }))
  } catch (error) {
    if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    const method = await call('payment_method', (client) => client.paymentMethods.retrieve(paymentMethod))
    if (method.customer !== null) throw error
  }
}

const brands: Record<string, string> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'MasterCard',
  unionpay: 'UnionPay',
  visa: 'Visa',
}

/** In Digital River's field names. */
const cardDetails = (card: Stripe.PaymentMethod.Card): Record<string, unknown> => ({
  brand: brands[card.brand] ?? card.brand,
  lastFourDigits: card.last4,
  expirationMonth: card.exp_month,
  expirationYear: card.exp_year,
  fundingSource: card.funding,
})

function ownerOf(details: Stripe.PaymentMethod.BillingDetails): Partial<Payer> {
  const { name, email, phone, address } = details
  return {
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    ...(phone ? { phone } : {}),
    ...(address?.country || address?.line1
      ? {
          address: {
            line1: address.line1 ?? undefined,
            line2: address.line2 ?? undefined,
            city: address.city ?? undefined,
            state: address.state ?? undefined,
            postalCode: address.postal_code ?? undefined,
            country: address.country ?? undefined,
          },
        }
      : {}),
  }
}
