import { type CallOptions, type HttpAnswer, parsed } from './http-client.ts'
import { keys, type Stage } from './stage.ts'

export type Line = 'digital' | 'physical' | 'pod'

/** The connected account of the merchant: every paid order ends in one transfer to it. */
export const merchantAccount = 'acct_bench'

const buyer = {
  name: 'Ada Buyer',
  phone: '4155550100',
  address: { line1: '417 Montgomery Street', city: 'San Francisco', state: 'CA', postalCode: '94104', country: 'US' },
}
const shipFrom = {
  name: 'Mill Store',
  phone: '4155550111',
  address: { line1: '179 N Harbor Dr', city: 'Redondo Beach', state: 'CA', postalCode: '90277', country: 'US' },
}

/** With which a merchant's server and its pages call. */
export type ShopKeys = { secret: string; publishable: string }

/** How many SKUs of each kind are on sale, and how many people buy: rows that everybody shares would be locked and cached like no shop's. */
const range: Record<Line, number> = { digital: 60, physical: 20, pod: 20 }
const buyers = 500

const goods: Record<Line, object> = {
  digital: { name: 'E-book', kind: 'digital', price: 20, delivery: { contentType: 'text', content: 'Chapter one' } },
  physical: {
    name: 'Mug',
    kind: 'physical',
    price: 35,
    weight: 12,
    weightUnit: 'oz',
    dimensions: { length: 6, width: 5, height: 5 },
  },
  pod: {
    name: 'T-shirt',
    kind: 'pod',
    price: 45,
    printful: { variantId: 4012, files: [{ url: 'https://example.com/art.png' }] },
  },
}

const withKey = (key: string, body?: unknown): CallOptions => ({
  headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
})

/** What is sold where a provider takes no other currency. */
const tugrikSku = 'digital-mnt'

const skuOf = (line: Line, number: number) => `${line}-${number % range[line]}`

/**
 * The requests of a storefront and its buyer, one function each; what to do about a bad answer is the caller's. Of the first merchant where
 * `by` names no other.
 */
export function shop({ http }: Pick<Stage, 'http'>, by: ShopKeys = keys) {
  let carts = 0
  const secret = (method: string, path: string, body?: unknown) => http.api.call(method, path, withKey(by.secret, body))
  const publishable = (method: string, path: string, body?: unknown) =>
    http.api.call(method, path, withKey(by.publishable, body))

  return {
    /** SKUs of each kind, and a merchant that ships and has a connected account. */
    async stock(): Promise<void> {
      const merchants = parsed(await secret('GET', '/v2/merchants'), 'merchants').data as { id: string }[]
      const [merchant] = merchants
      if (!merchant) throw new Error('the installation has no merchant')
      const changes = { name: 'Mill Store', stripeAccountId: merchantAccount, shipFrom }
      parsed(await secret('POST', `/v2/merchants/${merchant.id}`, changes), 'merchant')
      for (const line of Object.keys(range) as Line[])
        for (let number = 0; number < range[line]; number += 1)
          parsed(await secret('POST', '/v2/skus', { id: skuOf(line, number), currency: 'USD', ...goods[line] }), 'sku')
    },

    /** What is sold to whoever pays at Bonum. */
    async stockAbroad(): Promise<void> {
      const sku = { ...goods.digital, id: tugrikSku, price: 69_000, currency: 'MNT' }
      parsed(await secret('POST', '/v2/skus', sku), 'sku')
    },

    /** Another buyer each time, and other goods: every SKU of a kind in turn, none twice in one cart. */
    createCart: (lines: readonly Line[], currency: 'USD' | 'MNT' = 'USD') => {
      carts += 1
      return publishable('POST', '/v2/carts', {
        currency,
        email: `buyer-${carts % buyers}@example.com`,
        items: lines.map((line, index) => ({
          skuId: currency === 'MNT' ? tugrikSku : skuOf(line, carts * lines.length + index),
          quantity: 1,
        })),
        shipTo: buyer,
      })
    },
    shippingRates: (cartId: string) => publishable('GET', `/v2/carts/${cartId}/shipping-rates`),
    chooseRate: (cartId: string, rateId: string) =>
      publishable('POST', `/v2/carts/${cartId}`, { shippingChoice: { id: rateId } }),
    createOrder: (cartId: string) => publishable('POST', '/v2/orders', { cartId }),
    startPayment: (orderId: string, paymentMethod = 'STRIPE') =>
      publishable('POST', `/v2/orders/${orderId}/payment-intent`, { paymentMethod }),
    cancelOrder: (orderId: string) => secret('POST', `/v2/orders/${orderId}/cancel`, { reason: 'changed my mind' }),

    /** What the buyer's browser does with Stripe's element: publishable key and client secret. */
    confirm(clientSecret: string, card: string): Promise<HttpAnswer> {
      const reference = clientSecret.split('_secret_')[0] ?? ''
      const body = new URLSearchParams({
        client_secret: clientSecret,
        payment_method: card,
        return_url: 'https://shop.example/thanks',
      }).toString()
      return http.sandbox.call('POST', `/v1/payment_intents/${reference}/confirm`, {
        headers: { authorization: 'Bearer pk_test_sandbox', 'content-type': 'application/x-www-form-urlencoded' },
        body,
      })
    },

    /** The buyer on a provider's own page, pressing one of its buttons. */
    press: (page: string, action: string): Promise<HttpAnswer> =>
      http.sandbox.call('POST', new URL(page).pathname, {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ action }).toString(),
      }),
    look: (page: string): Promise<HttpAnswer> => http.sandbox.call('GET', new URL(page).pathname, {}),

    /** The buyer at the bank's page of 3-D Secure. */
    finishChallenge: (clientSecret: string) =>
      http.sandbox.call('POST', `/sandbox/stripe/payment_intents/${clientSecret.split('_secret_')[0]}/buyer`, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ action: 'complete' }),
      }),
  }
}

/** A control request to the sandbox. */
export async function control(
  { http }: Pick<Stage, 'http'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const options = body === undefined ? {} : withKey('sandbox', body)
  return parsed(await http.sandbox.call(method, path, { ...options, timeoutMs: 60_000 }), path)
}
