import { setTimeout } from 'node:timers/promises'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { createCheckout } from '../../../checkouts/change-checkout.ts'
import { type SubmitOrderInput, type SubmitOutcome, submitOrder } from '../../../confirmation/submit-order.ts'
import { findCustomer } from '../../../customers/find-customer.ts'
import type { KeyOwner } from '../../../merchants/api-keys.ts'
import { viewerOf } from '../../../merchants/viewer.ts'
import { newOrderView } from '../../../order-view/new-order-view.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { checkExchange } from '../../../orders/check-exchange.ts'
import { createOrder } from '../../../orders/create-order.ts'
import { ApiError } from '../../../platform/errors.ts'
import { isLive } from '../../../providers/providers.ts'
import { checkoutInputSchema, toCheckoutChanges, toCheckoutItems } from '../../checkout-json.ts'
import { answerOrder, isDigitalRiver } from '../../digital-river.ts'
import { type ApiApp, type ApiEnv, invalidInput } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { withFieldsBeside } from '../../known-fields.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { orderSchema } from '../../order-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { anyKey, errorResponses, json, jsonBody } from '../../schemas.ts'

const createdOrderSchema = orderSchema.extend({ orderId: z.string() }).openapi('CreatedOrder')
type CreatedOrder = z.infer<typeof createdOrderSchema>

// Whatever else stands beside a cart's or checkout's id is ignored, so it is not looked at either.
const inputSchema = z.looseObject({
  cartId: z.uuid().optional(),
  checkoutId: z.string().min(1).max(64).optional(),
  customerId: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .openapi({ description: 'With `currency` and `items` as on a checkout.' }),
})

const customerOrderSchema = checkoutInputSchema.extend({ customerId: z.string() })

/**
 * `POST /v2/orders`: of a cart, of a checkout, whose source is screened and authorized at once, or of a
 * customer's items with the customer's saved source.
 */
export function registerCreateOrder(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/orders',
    tags: ['Orders'],
    summary: 'Make an order of a cart or checkout',
    security: anyKey,
    middleware: requireKey(parts.keys, 'secret', 'publishable'),
    request: jsonBody(withFieldsBeside(inputSchema, customerOrderSchema)),
    responses: {
      200: json(createdOrderSchema, 'The order that this cart had become already.'),
      201: json(createdOrderSchema, 'The order.'),
      ...errorResponses,
    },
  })
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const input = c.req.valid('json')
    if (input.cartId !== undefined) return ofBasket(c, parts, caller, input.cartId)
    if (input.checkoutId === undefined && input.customerId === undefined)
      throw new ApiError('missing_parameter', { parameter: isDigitalRiver(c) ? 'checkoutId' : 'cartId' })
    if (caller.kind !== 'secret') throw new ApiError('forbidden', { message: 'This needs a secret key.' })
    if (input.checkoutId !== undefined) return ofCheckout(c, parts, caller, input.checkoutId)
    const wanted = customerOrderSchema.safeParse(input)
    if (!wanted.success) throw invalidInput(wanted.error)
    return ofCheckout(c, parts, caller, await checkoutOfCustomer(parts, caller, wanted.data))
  })
}

/** The unpaid order of a cart or checkout; the same basket again answers 200 with the same order. */
async function ofBasket(c: Context<ApiEnv>, parts: ApiParts, caller: KeyOwner, cartId: string) {
  const viewer = viewerOf(caller)
  const answer = await answerOnce<200 | 201>(
    c,
    parts,
    async (tx) => {
      const result = await createOrder(tx, {
        cartId,
        viewer,
        apiKeyId: caller.apiKeyId,
        liveMode: isLive(parts.providers),
        paymentWindowMinutes: parts.config.paymentWindowMinutes,
      })
      const known = result.outcome === 'created' && result.made ? newOrderView(result.made) : undefined
      const order = known ?? (await readOrder(tx.sql, viewer, result.orderId))
      if (!order) throw new ApiError('not_found', { parameter: 'cartId' })
      return {
        status: result.outcome === 'created' ? 201 : 200,
        body: { ...answerOrder(c, order, { secret: caller.kind === 'secret' }), orderId: order.id },
      }
    },
    { kind: 'create-order', about: cartId, merchantId: c.get('caller').merchantId },
  )
  return c.json(answer.body as CreatedOrder, answer.status)
}

async function ofCheckout(c: Context<ApiEnv>, parts: ApiParts, caller: KeyOwner, checkoutId: string) {
  if (!z.uuid().safeParse(checkoutId).success) throw notFound('checkoutId', `Checkout ${checkoutId} not found`)
  const { merchantId, apiKeyId } = caller
  const submit = isDigitalRiver(c) ? submitPatiently : submitOrder
  const result = await submit(parts, {
    merchantId,
    apiKeyId,
    checkoutId,
    liveMode: isLive(parts.providers),
    returnUrl: undefined,
    idempotencyKey: c.req.header('idempotency-key'),
  })
  switch (result.outcome) {
    case 'consumed':
      throw notFound('orderId', `Order ${checkoutId} not found`)
    case 'rejected':
      throw new ApiError(result.because)
    case 'no_source':
      // Digital River's clients always pay first; ours may ask for a payment intent afterwards.
      if (isDigitalRiver(c)) throw new ApiError('order_submit_failed')
      return ofBasket(c, parts, caller, checkoutId)
    case 'submitted': {
      const order = await readOrder(parts.database.sql, { merchantId }, result.orderId)
      if (!order) throw new Error(`order ${result.orderId} was not stored`)
      return c.json({ ...answerOrder(c, order, { secret: true }), orderId: order.id }, 201)
    }
  }
}

const askAgainMs = 100

/**
 * Digital River's clients read a 409 as "there is no order, and there will be none", so whoever comes while another request makes it
 * is told how that ends. @throws ApiError `order_being_made` when it takes longer than a provider may
 */
async function submitPatiently(parts: ApiParts, input: SubmitOrderInput): Promise<SubmitOutcome> {
  const until = Date.now() + parts.config.providerTimeoutMs
  for (;;) {
    try {
      return await submitOrder(parts, input)
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'order_in_progress') throw error
      if (Date.now() > until) throw new ApiError('order_being_made')
      await setTimeout(askAgainMs)
    }
  }
}

const notFound = (parameter: string, message: string) => new ApiError('not_found', { parameter, message })

/** A checkout for a customer who has a saved source; goods go to the customer's address unless another is given. */
async function checkoutOfCustomer(
  parts: ApiParts,
  { merchantId }: KeyOwner,
  input: z.infer<typeof checkoutInputSchema> & { customerId: string },
): Promise<string> {
  const { currency, items, ...rest } = input
  const customer = await findCustomer(parts.database.sql, merchantId, input.customerId)
  const sourceId = input.sourceId ?? customer.defaultSourceId
  if (!sourceId) throw new ApiError('order_submit_failed', { message: 'This customer has no source to pay with.' })
  await checkExchange(parts.database.sql, merchantId, rest.exchangeOf)
  const changes = toCheckoutChanges(rest, currency)
  const { id } = await createCheckout(parts, {
    merchantId,
    currency,
    items: toCheckoutItems(items, currency),
    changes: { ...changes, sourceId, billTo: changes.billTo ?? customer.shipping ?? undefined },
  })
  return id
}
