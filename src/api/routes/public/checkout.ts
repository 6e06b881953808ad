import { createRoute, z } from '@hono/zod-openapi'
import { payLink } from '../../../confirmation/pay-link.ts'
import { iso } from '../../../database/database.ts'
import { digitalStatus, digitalStatuses, readDigitalOrder } from '../../../links/digital-orders.ts'
import { createOrderTokens } from '../../../links/order-token.ts'
import { priceWithTax } from '../../../links/price-offer.ts'
import { offeredMethods, quantitiesOf, readPublicLink } from '../../../links/public-link.ts'
import { cartTaxes } from '../../../merchants/merchant.entity.ts'
import { nameSchema, type Party } from '../../../parties/address.ts'
import { ApiError } from '../../../platform/errors.ts'
import { paymentMethods } from '../../../providers/payment-methods.ts'
import { codeSchema } from '../../coupon-json.ts'
import type { ApiApp } from '../../env.ts'
import { envelopeOf, refusal, success } from '../../envelope.ts'
import { openToAnyone } from '../../gates.ts'
import { readOrderCookie, sendOrderCookie } from '../../order-cookie.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { idParam, json, jsonBody, majorUnits } from '../../schemas.ts'
import { contentTypes } from '../digital/digital-json.ts'

const slugParam = z.string().regex(/^[a-z0-9-]{1,64}$/)

const publicLinkSchema = z
  .object({
    slug: z.string(),
    title: z.string(),
    seller: z.string(),
    product: z.object({
      name: z.string(),
      description: z.string().nullable(),
      image_url: z.string().nullable(),
      content_type: z.string().nullable(),
    }),
    price: z.number(),
    tax: z
      .number()
      .nullable()
      .openapi({ description: 'What of the price is tax; null until `buyer_country` is known.' }),
    tax_behavior: z.enum(cartTaxes),
    list_price: z.number().openapi({ description: 'Without the coupon of the link.' }),
    currency: z.string(),
    min_quantity: z.number().int(),
    max_quantity: z.number().int(),
    payment_methods: z.array(z.enum(paymentMethods)),
  })
  .openapi('PublicCheckoutLink')

const paymentSchema = z
  .object({
    id: z.string(),
    status: z.enum(digitalStatuses),
    amount: z.number(),
    currency: z.string(),
    client_secret: z.string().optional(),
    checkout_url: z.string().optional(),
    order_url: z.string(),
    order_token: z.string().openapi({
      description:
        'Send it, or the cookie, with a repeated call: whoever holds it is given this order back while it can be paid.',
    }),
  })
  .openapi('LinkPayment')

const pollSchema = z
  .object({
    id: z.string(),
    status: z.enum(digitalStatuses),
    buyer_email: z.string(),
    amount: z.number(),
    currency: z.string(),
    delivery_content: z.string().nullable(),
    content_type: z.enum(contentTypes).nullable(),
    created_at: z.string(),
  })
  .openapi('LinkOrder')

/** Where a buyer is: what the tax depends on. */
const placeSchema = z.object({
  buyer_country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be a two-letter ISO 3166 country code')
    .optional()
    .openapi({ description: 'Needed where the price bears tax.' }),
  buyer_state: nameSchema.max(100).optional(),
  buyer_postal_code: nameSchema.max(20).optional(),
})

const toPlace = ({ buyer_country: country, ...more }: z.infer<typeof placeSchema>): Party | undefined =>
  country === undefined
    ? undefined
    : {
        address: {
          country,
          ...(more.buyer_state ? { state: more.buyer_state } : {}),
          ...(more.buyer_postal_code ? { postalCode: more.buyer_postal_code } : {}),
        },
      }

const refusals = {
  400: refusal('The request is not valid.'),
  404: refusal('No such link or order.'),
  409: refusal('This payment method is not available.'),
  410: refusal('The offer has ended or is sold out.'),
  429: refusal('Too many orders from this address; try again after `Retry-After` seconds.'),
}

const shared = { tags: ['Checkout links'], security: [], middleware: openToAnyone }

/** `/v2/public/checkout/{slug}`: what a buyer sees, pays and waits for, without any login. */
export function registerPublicCheckout(app: ApiApp, parts: ApiParts): void {
  addOffer(app, parts)
  addPayment(app, parts)
  addOrder(app, parts)
}

function addOffer(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/public/checkout/{slug}',
      summary: 'Read an offer',
      request: {
        params: z.object({ slug: slugParam }),
        query: placeSchema.extend({ quantity: z.coerce.number().int().min(1).optional() }),
      },
      responses: { 200: json(envelopeOf(publicLinkSchema), 'The offer.'), ...refusals },
    }),
    async (c) => {
      const link = await readPublicLink(parts.database.sql, c.req.valid('param').slug)
      const place = link.tax === 'none' ? undefined : toPlace(c.req.valid('query'))
      if (place) await parts.limits.quote(c)
      const { quantity } = c.req.valid('query')
      const offer = await priceWithTax(parts, link, { code: undefined, email: null, place, quantity })
      return success(
        c,
        {
          slug: link.slug,
          title: link.title,
          seller: link.merchantName,
          product: {
            name: link.name,
            description: link.description,
            image_url: link.imageUrl,
            content_type: link.contentType,
          },
          price: majorUnits(offer.price, link.currency),
          tax: offer.taxState === 'calculated' ? majorUnits(offer.totalTax, link.currency) : null,
          tax_behavior: link.tax,
          list_price: majorUnits(link.price * offer.quantity, link.currency),
          currency: link.currency,
          min_quantity: quantitiesOf(link).min,
          max_quantity: quantitiesOf(link).max,
          payment_methods: offeredMethods(link, parts.providers),
        },
        200,
      )
    },
  )
}

function addPayment(app: ApiApp, parts: ApiParts): void {
  const tokens = createOrderTokens(parts.config)
  app.openapi(
    createRoute({
      ...shared,
      method: 'post',
      path: '/v2/public/checkout/{slug}/pay',
      summary: 'Order and start to pay',
      request: {
        params: z.object({ slug: slugParam }),
        ...jsonBody(
          z.object({
            buyer_email: z.email().max(254),
            buyer_name: nameSchema.optional(),
            payment_method: z.enum(paymentMethods).optional(),
            coupon_code: codeSchema.optional().openapi({ description: 'In place of the coupon of the link.' }),
            quantity: z.number().int().min(1).optional(),
            order_token: z.string().max(200).optional(),
            ...placeSchema.shape,
          }),
        ),
      },
      responses: { 201: json(envelopeOf(paymentSchema), 'The order with what is needed to pay it.'), ...refusals },
    }),
    async (c) => {
      const { slug } = c.req.valid('param')
      const { buyer_email: email, buyer_name: name, payment_method: method, ...input } = c.req.valid('json')
      const { coupon_code: code, quantity } = input
      await parts.limits.pay(c)
      const token = tokens.take(input.order_token, readOrderCookie(c))
      const pay = () =>
        payLink(parts, { slug, email, name: name || undefined, method, token, code, quantity, place: toPlace(input) })
      const { order, payment } = await (code === undefined ? pay() : parts.limits.guess(c, `link ${slug}`, pay))
      sendOrderCookie(c, parts.config, new URL(c.req.url).pathname.replace(/\/pay$/, ''), token)
      return success(
        c,
        {
          id: order.orderId,
          status: digitalStatus({ state: order.state, itemState: 'created' }),
          amount: majorUnits(order.amount, order.currency),
          currency: order.currency,
          ...(payment?.clientSecret ? { client_secret: payment.clientSecret } : {}),
          ...(payment?.checkoutUrl ? { checkout_url: payment.checkoutUrl } : {}),
          order_url: `${parts.config.publicUrl}/c/${slug}/order/${order.orderId}`,
          order_token: token,
        },
        201,
      )
    },
  )
}

function addOrder(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/public/checkout/{slug}/order/{orderId}',
      summary: 'Wait for payment and delivery',
      request: { params: z.object({ slug: slugParam, orderId: idParam }) },
      responses: { 200: json(envelopeOf(pollSchema), 'The order; its content once it is delivered.'), ...refusals },
    }),
    async (c) => {
      const { slug, orderId } = c.req.valid('param')
      const order = await readDigitalOrder(parts.database.sql, orderId)
      if (!order || order.slug !== slug) throw new ApiError('not_found')
      return success(
        c,
        {
          id: order.id,
          status: digitalStatus(order),
          buyer_email: order.email,
          amount: majorUnits(order.amount, order.currency),
          currency: order.currency,
          delivery_content: toBuyerContent(order, parts.config.publicUrl),
          content_type: order.contentType,
          created_at: iso(order.createdAt),
        },
        200,
      )
    },
  )
}

/** What the buyer gets: texts and links themselves, files behind the address that checks every download. */
function toBuyerContent(
  order: NonNullable<Awaited<ReturnType<typeof readDigitalOrder>>>,
  publicUrl: string,
): string | null {
  if (order.content === null || order.deliveryState !== 'delivered') return null
  return order.contentType === 'file' ? `${publicUrl}/v2/digital/orders/${order.id}/resource` : order.content
}
