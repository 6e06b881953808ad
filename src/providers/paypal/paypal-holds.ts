import { ProviderError } from '../../platform/provider-error.ts'
import type { ChargeObservation } from '../observations.ts'
import type { MoneyCall } from '../provider.ts'
import { toPayPal } from './paypal-amounts.ts'
import type { PayPalClient } from './paypal-client.ts'
import { isOpen, observeOrder, paymentsOf } from './paypal-observations.ts'
import { authorizationShape, captureShape, type PayPalAuthorization, type PayPalOrder } from './paypal-shapes.ts'

const pathOf = ({ id }: PayPalAuthorization) => `/v2/payments/authorizations/${encodeURIComponent(id)}`

/** For so long PayPal honours an authorization; afterwards it may be renewed, up to the 29th day. */
const honouredMs = 3 * 24 * 3_600_000

type FindOrder = () => Promise<PayPalOrder | undefined>

/**
 * Takes a part of held money; `final` releases the rest. An authorization that PayPal does not honour any more is renewed first. Returns how
 * the payment stands afterwards.
 * https://developer.paypal.com/docs/api/payments/v2/#authorizations_capture
 * @throws ProviderError
 */
export async function captureHold(client: PayPalClient, find: FindOrder, call: MoneyCall): Promise<ChargeObservation> {
  const order = await find()
  const hold = order && paymentsOf(order).authorizations.findLast(isOpen)
  if (!order || !hold) throw new ProviderError('paypal', 'refused', 'nothing_is_held')
  const { captures } = paymentsOf(order)
  if (!captures.some(({ invoice_id }) => invoice_id === call.key)) {
    const held = captures.length > 0 ? hold : await honoured(client, hold, call)
    await client.call({
      method: 'POST',
      path: `${pathOf(held)}/capture`,
      requestId: call.key,
      body: {
        amount: toPayPal(call.amount, call.currency),
        // PayPal takes the same number once only.
        invoice_id: call.key,
        final_capture: call.final ?? true,
      },
      answer: captureShape,
    })
  }
  return observeOrder((await find()) ?? order, call.currency)
}

/** The hold, or the one that takes its place. What PayPal does not renew may still be captured. */
async function honoured(
  client: PayPalClient,
  hold: PayPalAuthorization,
  { key }: MoneyCall,
): Promise<PayPalAuthorization> {
  if (hold.create_time === undefined || Date.now() - Date.parse(hold.create_time) < honouredMs) return hold
  try {
    return await client.call({
      method: 'POST',
      path: `${pathOf(hold)}/reauthorize`,
      requestId: `${key}-renew`,
      body: { amount: hold.amount },
      answer: authorizationShape,
    })
  } catch (error) {
    if (error instanceof ProviderError && error.outcome === 'refused') return hold
    throw error
  }
}

/** Lets go of what is still held of an order. Returns whether there was anything. @throws ProviderError */
export async function voidHolds(client: PayPalClient, order: PayPalOrder, key: string): Promise<boolean> {
  const held = paymentsOf(order).authorizations.filter(isOpen)
  for (const hold of held) {
    const path = `${pathOf(hold)}/void`
    try {
      await client.call({ method: 'POST', path, requestId: `${key}-${hold.id}`, body: {}, answer: authorizationShape })
    } catch (error) {
      // It was captured or ended meanwhile: how the order stands says which.
      if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    }
  }
  return held.length > 0
}
