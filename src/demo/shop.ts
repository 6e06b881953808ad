import { z } from 'zod'

/** Where the demo finds Ordermill and the sandbox, and the keys it may use. */
export type DemoSettings = { url: string; secretKey: string; publishableKey: string; sandboxUrl: string }

/** Something did not happen as it should; the message is all that a reader needs. */
export class DemoError extends Error {}

const requestTimeoutMs = 20_000
const confirmDeadlineMs = 30_000
const pollMs = 50

const merchantSchema = z.looseObject({ id: z.string() })
const cartSchema = z.object({ id: z.string() })
const rateSchema = z.object({ id: z.string(), description: z.string(), amount: z.number() })
const intentSchema = z.object({ clientSecret: z.string() })
const pageSchema = z.object({ checkoutUrl: z.string() })
const splitsSchema = z.object({
  data: z.array(
    z.object({
      kind: z.string(),
      recipient: z.string(),
      destination: z.string().nullable(),
      amount: z.number(),
      state: z.string(),
    }),
  ),
})
const orderSchema = z.object({
  id: z.string(),
  status: z.string(),
  state: z.string(),
  currency: z.string(),
  totalAmount: z.number(),
  attention: z.object({ reason: z.string() }).optional(),
  items: z.array(
    z.object({
      productDetails: z.object({ name: z.string() }),
      delivery: z.object({ contentType: z.string(), content: z.string() }).optional(),
    }),
  ),
  shipments: z.array(
    z.object({
      path: z.string(),
      carrier: z.string().nullable(),
      service: z.string().nullable(),
      trackingNumber: z.string().nullable(),
    }),
  ),
})
const timelineSchema = z.object({
  data: z.array(
    z.object({
      time: z.string(),
      kind: z.string(),
      subject: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      cause: z.string(),
      detail: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
  tasks: z.array(
    z.object({ job: z.string(), state: z.string(), attempts: z.number(), lastError: z.string().nullable() }),
  ),
})

export type DemoOrder = z.infer<typeof orderSchema>
export type DemoSplit = z.infer<typeof splitsSchema>['data'][number]
export type TimelineLine = z.infer<typeof timelineSchema>['data'][number]

type Body = Record<string, unknown>

/** Calls of the HTTP API by one key. */
function caller(url: string, key: string) {
  const headers = { authorization: `Bearer ${key}` }
  return {
    async call<T>(method: string, path: string, schema: z.ZodType<T>, body?: Body): Promise<T> {
      const { status, answer } = await send(`${url}${path}`, method, headers, body)
      if (status >= 300) throw new DemoError(`${method} ${path} answered ${status}: ${sentenceOf(answer)}`)
      const parsed = schema.safeParse(answer)
      if (!parsed.success)
        throw new DemoError(`${method} ${path} answered something unexpected: ${parsed.error.message}`)
      return parsed.data
    },
    async makeOnce(path: string, body: Body): Promise<void> {
      const { status, answer } = await send(`${url}${path}`, 'POST', headers, body)
      if (status >= 300 && codeOf(answer) !== 'id_in_use')
        throw new DemoError(`POST ${path} answered ${status}: ${sentenceOf(answer)}`)
    },
  }
}

/** A merchant's server and its storefront, which know nothing of Ordermill but its HTTP API. */
export function openShop({ url, secretKey, publishableKey, sandboxUrl }: DemoSettings) {
  const { call: asMerchant, makeOnce } = caller(url, secretKey)
  const { call: asStorefront } = caller(url, publishableKey)
  const read = (orderId: string) => asMerchant('GET', `/v2/orders/${orderId}`, orderSchema)
  const timeline = (orderId: string) => asMerchant('GET', `/v2/orders/${orderId}/timeline`, timelineSchema)

  return {
    read,
    timeline,

    /** Fills in what the merchant's record lacks for shipping and for being paid; the rest stays as it is. */
    async prepareMerchant(missing: Body): Promise<void> {
      const [merchant] = (
        await asMerchant('GET', '/v2/merchants?limit=100', z.object({ data: z.array(merchantSchema) }))
      ).data.filter(({ parentId }) => parentId === undefined)
      if (!merchant) throw new DemoError('The secret key belongs to no merchant.')
      const { id, createdTime: _created, ...fields } = merchant
      await asMerchant('POST', `/v2/merchants/${id}`, merchantSchema, { ...missing, ...fields })
    },

    /** Puts a product on sale; one that an earlier run put on sale stays as it is. */
    sell: (sku: Body) => makeOnce('/v2/skus', sku),
    /** Registers somebody who may earn by recommending. */
    register: (recipient: Body) => makeOnce('/v2/recipients', recipient),
    attribute: (cartId: string, attribution: Body) =>
      asMerchant('POST', `/v2/carts/${cartId}`, cartSchema, { attribution }),

    createCart: (cart: Body) => asStorefront('POST', '/v2/carts', cartSchema, cart),
    shippingRates: (cartId: string) => asStorefront('GET', `/v2/carts/${cartId}/shipping-rates`, z.array(rateSchema)),
    chooseRate: (cartId: string, rateId: string) =>
      asStorefront('POST', `/v2/carts/${cartId}`, cartSchema, { shippingChoice: { id: rateId } }),
    order: (cartId: string) => asStorefront('POST', '/v2/orders', orderSchema, { cartId }),
    startPayment: (orderId: string) =>
      asStorefront('POST', `/v2/orders/${orderId}/payment-intent`, intentSchema, { paymentMethod: 'STRIPE' }),
    /** The page of another provider on which the buyer pays. */
    startPaymentAt: async (orderId: string, paymentMethod: string): Promise<string> => {
      const path = `/v2/orders/${orderId}/payment-intent`
      return (await asStorefront('POST', path, pageSchema, { paymentMethod })).checkoutUrl
    },
    distribution: async (orderId: string) =>
      (await asMerchant('GET', `/v2/orders/${orderId}/distribution`, splitsSchema)).data,

    payOnPage,
    payByCard: (clientSecret: string): Promise<void> => payByCard(sandboxUrl, clientSecret, `${url}/`),

    /** The order once it is confirmed. @throws DemoError saying what it waits for when that takes too long. */
    async confirmed(orderId: string): Promise<DemoOrder> {
      const deadline = performance.now() + confirmDeadlineMs
      for (;;) {
        const order = await read(orderId)
        if (order.status === 'CONFIRMED') return order
        if (order.attention || performance.now() > deadline) {
          const { tasks } = await timeline(orderId)
          throw new DemoError(explain(order, tasks, `${url}/v2/orders/${orderId}/timeline`))
        }
        await new Promise((resolve) => setTimeout(resolve, pollMs))
      }
    },
  }
}

export type Shop = ReturnType<typeof openShop>

/** What the buyer's browser does with the client secret: it pays at the provider, not at Ordermill. */
async function payByCard(sandboxUrl: string, clientSecret: string, returnUrl: string): Promise<void> {
  const [intentId] = clientSecret.split('_secret_')
  const form = new URLSearchParams({
    client_secret: clientSecret,
    payment_method: 'pm_card_visa',
    return_url: returnUrl,
  })
  const headers = { authorization: 'Bearer pk_test_sandbox' }
  const { status, answer } = await send(`${sandboxUrl}/v1/payment_intents/${intentId}/confirm`, 'POST', headers, form)
  const paid = z.object({ status: z.literal('succeeded') }).safeParse(answer)
  if (!paid.success) throw new DemoError(`The sandbox did not take the payment: ${status} ${sentenceOf(answer)}`)
}

/** What the buyer does on the sandbox's page of a provider: pays, and where that takes a block of a chain, waits for it. */
async function payOnPage(address: string): Promise<void> {
  const press = (action: string) => send(address, 'POST', {}, new URLSearchParams({ action }))
  await press('pay')
  const { answer } = await send(address, 'GET', {})
  if (String(answer).includes('value="confirm"')) await press('confirm')
}

function explain(order: DemoOrder, tasks: z.infer<typeof timelineSchema>['tasks'], timelineUrl: string): string {
  const open = tasks
    .filter((task) => task.state !== 'done')
    .map(
      (task) =>
        `  ${task.job}: ${task.state}, ${task.attempts} failed attempts${task.lastError ? `, ${task.lastError}` : ''}`,
    )
  return [
    order.attention
      ? `Order ${order.id} waits for a person: ${order.attention.reason}.`
      : `Order ${order.id} is ${order.status} (${order.state}) ${confirmDeadlineMs / 1000} s after it was paid.`,
    open.length > 0 ? 'Unfinished tasks:' : 'No task of it is unfinished: the provider’s webhook may not have arrived.',
    ...open,
    `Its timeline: ${timelineUrl}`,
  ].join('\n')
}

async function send(
  address: string,
  method: string,
  headers: Record<string, string>,
  body?: Body | URLSearchParams,
): Promise<{ status: number; answer: unknown }> {
  const isForm = body instanceof URLSearchParams
  try {
    const response = await fetch(address, {
      method,
      headers: { ...headers, ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    })
    const text = await response.text()
    return { status: response.status, answer: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text }
  } catch (cause) {
    throw new DemoError(`${method} ${address} got no answer.`, { cause })
  }
}

const errorSchema = z.object({ errors: z.array(z.object({ code: z.string(), message: z.string() })).min(1) })

const codeOf = (answer: unknown) => errorSchema.safeParse(answer).data?.errors[0]?.code

/** The sentence of an error answer, or the beginning of whatever it is. */
const sentenceOf = (answer: unknown) =>
  errorSchema.safeParse(answer).data?.errors[0]?.message ?? JSON.stringify(answer)?.slice(0, 200) ?? 'nothing'
