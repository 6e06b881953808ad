import type { System } from './system.ts'
import { publishableKey, secretKey } from './system.ts'

export type Json = Record<string, unknown>
// biome-ignore lint/suspicious/noExplicitAny: a test reads answers of every shape and asserts on what it finds.
export type Answer = { status: number; headers: Headers; body: any }

export const address = {
  name: 'Ada Buyer',
  phone: '4155550100',
  address: { line1: '417 Montgomery Street', city: 'San Francisco', state: 'CA', postalCode: '94104', country: 'US' },
}
export const shipFrom = {
  name: 'Mill Store',
  phone: '4155550111',
  address: { line1: '179 N Harbor Dr', city: 'Redondo Beach', state: 'CA', postalCode: '90277', country: 'US' },
}

/** A storefront and its merchant's server, speaking HTTP with a running system. */
export function storefront(system: Pick<System, 'url' | 'sandbox'>) {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    options: { key?: string | null; headers?: Record<string, string> } = {},
  ): Promise<Answer> => {
    const key = options.key === undefined ? secretKey : options.key
    const response = await fetch(`${system.url}${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
  }
  const must = async (
    method: string,
    path: string,
    body?: unknown,
    options?: { key?: string },
  ): Promise<Answer['body']> => {
    const answer = await call(method, path, body, options)
    if (answer.status >= 300)
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const sandbox = async (method: string, path: string, body?: unknown): Promise<Answer['body']> => {
    const response = await fetch(`${system.sandbox.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`sandbox ${path} answered ${response.status}: ${await response.text()}`)
    return response.json()
  }

  return {
    call,
    must,
    sandbox,

    /** One SKU of each kind, and a merchant that can ship and be paid. */
    async stock(prefix = 'sku') {
      // On a busy machine the first connection to Postgres may take longer than a request waits for it: then its sender is told to come again.
      const [merchant] = await eventually(async (): Promise<Answer['body'][] | undefined> => {
        const { status, body } = await call('GET', '/v2/merchants')
        return status === 503 ? undefined : body.data
      }, 'the shop to be open')
      if (!merchant) throw new Error('there is no merchant')
      await must('POST', `/v2/merchants/${merchant.id}`, {
        name: 'Mill Store',
        stripeAccountId: 'acct_millstore',
        shipFrom,
      })
      const digital = await must('POST', '/v2/skus', {
        id: `${prefix}-digital`,
        name: 'E-book',
        kind: 'digital',
        price: 20,
        currency: 'USD',
        delivery: { contentType: 'text', content: 'Chapter one' },
      })
      const physical = await must('POST', '/v2/skus', {
        id: `${prefix}-physical`,
        name: 'Mug',
        kind: 'physical',
        price: 35,
        currency: 'USD',
        weight: 12,
        weightUnit: 'oz',
        dimensions: { length: 6, width: 5, height: 5 },
      })
      const pod = await must('POST', '/v2/skus', {
        id: `${prefix}-pod`,
        name: 'T-shirt',
        kind: 'pod',
        price: 45,
        currency: 'USD',
        printful: { variantId: 4012, files: [{ url: 'https://example.com/art.png' }] },
      })
      for (const id of ['blog', 'friend']) {
        const made = await call('POST', '/v2/recipients', { id, name: id, email: `${id}@example.com` })
        if (made.status !== 201 && made.status !== 409) throw new Error(`a recipient was answered with ${made.status}`)
      }
      return { merchant, digital, physical, pod }
    },

    /** A cart ready to be ordered; goods that are shipped get an address and the cheapest rate. The server says who earns by it. */
    async cart(items: { skuId: string; quantity?: number }[], { attribution, ...more }: Json = {}) {
      const cart = await must(
        'POST',
        '/v2/carts',
        {
          currency: 'USD',
          email: 'ada@example.com',
          items: items.map((item) => ({ quantity: 1, ...item })),
          shipTo: address,
          ...more,
        },
        { key: publishableKey },
      )
      if (attribution) await must('POST', `/v2/carts/${cart.id}`, { attribution })
      if (!cart.items.some((item: { physical: boolean }) => item.physical)) return cart
      const [rate] = await must('GET', `/v2/carts/${cart.id}/shipping-rates`)
      if (!rate) throw new Error('no shipping rate')
      return must('POST', `/v2/carts/${cart.id}`, { shippingChoice: { id: rate.id } }, { key: publishableKey })
    },

    async order(items: { skuId: string; quantity?: number }[], more: Json = {}) {
      const cart = await this.cart(items, more)
      return must('POST', '/v2/orders', { cartId: cart.id }, { key: publishableKey })
    },

    intent: (orderId: string, paymentMethod = 'STRIPE') =>
      must('POST', `/v2/orders/${orderId}/payment-intent`, { paymentMethod }, { key: publishableKey }),

    /** What the buyer does with Stripe's element: confirms the intent with a test card. */
    async confirm(clientSecret: string, paymentMethod = 'pm_card_visa') {
      const reference = clientSecret.split('_secret_')[0] ?? ''
      const response = await fetch(`${system.sandbox.url}/v1/payment_intents/${reference}/confirm`, {
        method: 'POST',
        headers: { authorization: 'Bearer pk_test_sandbox', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          client_secret: clientSecret,
          payment_method: paymentMethod,
          return_url: 'https://shop.example/thanks',
        }),
      })
      return { status: response.status, body: (await response.json()) as Answer['body'] }
    },

    async pay(orderId: string, paymentMethod?: string) {
      const intent = await this.intent(orderId)
      await this.confirm(intent.clientSecret, paymentMethod)
      return intent
    },

    read: (orderId: string) => must('GET', `/v2/orders/${orderId}`),
    timeline: (orderId: string) => must('GET', `/v2/orders/${orderId}/timeline`),

    /** Waits until the order looks as wanted. */
    async until(
      orderId: string,
      fits: (order: Answer['body']) => boolean,
      what = 'the order to move',
      deadlineMs = 30_000,
    ) {
      const order = await eventually(
        async () => {
          const found = await this.read(orderId)
          return fits(found) ? found : undefined
        },
        async () =>
          `${what}; it is ${JSON.stringify((({ state, status, attention }) => ({ state, status, attention }))(await this.read(orderId)))}`,
        deadlineMs,
      )
      return order
    },

    confirmed(orderId: string) {
      return this.until(orderId, (order) => order.status === 'CONFIRMED', 'status CONFIRMED')
    },

    /** What the providers did for an order, by their own books: a carrier knows it by the cart that was quoted. */
    async books(orderId: string) {
      const { checkoutId } = await this.read(orderId)
      return sandbox('GET', `/sandbox/books?orderId=${orderId}&orderId=${checkoutId}`)
    },
  }
}

/** Polls until `look` returns something; fails with what was waited for. */
export async function eventually<T extends object | string | number | true>(
  look: () => Promise<T | undefined>,
  what: string | (() => Promise<string>),
  deadlineMs = 30_000,
): Promise<T> {
  const end = Date.now() + deadlineMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > end)
      throw new Error(`waited ${deadlineMs} ms for ${typeof what === 'string' ? what : await what()}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
