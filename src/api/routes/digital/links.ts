import { createRoute, z } from '@hono/zod-openapi'
import { readSku } from '../../../catalog/skus.ts'
import { createLink, type LinkFields, listLinks, readLink, updateLink } from '../../../links/links.ts'
import { conversionRate, linkRevenue } from '../../../links/revenue.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import type { ApiApp } from '../../env.ts'
import { envelopeOf, success } from '../../envelope.ts'
import { answerOnceTo } from '../../idempotency.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { idParam, json, jsonBody, majorUnits, searchText } from '../../schemas.ts'
import { createdAtQuery, readPeriod } from '../../time-filter.ts'
import { linkChangesSchema, linkInputSchema, linkSchema, toLinkJson } from './digital-json.ts'
import { refusals, sellerRoute } from './seller-route.ts'

const revenueSchema = z.object({
  total_revenue: z.number(),
  currency: z.string(),
  order_count: z.number().int(),
  paid_count: z.number().int(),
  conversion_rate: z.number(),
})

const one = z.object({ id: idParam })
const linkAnswer = json(envelopeOf(linkSchema), 'The link.')

/** `/v2/digital/links`: the public pages a seller sells by, and what each brought. */
export function registerDigitalLinks(app: ApiApp, parts: ApiParts): void {
  addCreation(app, parts)
  addList(app, parts)
  addReading(app, parts)
  addChange(app, parts)
  addRevenue(app, parts)
}

function addCreation(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'links'),
      method: 'post',
      path: '/v2/digital/links',
      summary: 'Create a checkout link',
      request: jsonBody(linkInputSchema),
      responses: { 201: linkAnswer, ...refusals },
    }),
    async (c) => {
      const input = c.req.valid('json')
      const seller = c.get('seller')
      const { body, status } = await answerOnceTo(c, parts, seller, async (tx) => {
        const link = await createLink(tx, seller.merchantId, {
          productId: input.product_id,
          slug: input.slug,
          title: input.title,
          paymentMethods: input.payment_methods ?? null,
          isActive: true,
          maxUses: input.max_uses,
          minQuantity: input.min_quantity,
          maxQuantity: input.max_quantity,
          expiresAt: input.expires_at ? new Date(input.expires_at) : null,
          couponCode: input.coupon_code ?? null,
        })
        return { status: 201 as const, body: toLinkJson(link, parts.config.publicUrl) }
      })
      return success(c, body as z.infer<typeof linkSchema>, status)
    },
  )
}

function addList(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'links'),
      method: 'get',
      path: '/v2/digital/links',
      summary: 'List checkout links',
      request: {
        query: z.object({
          limit: z.coerce.number().int().min(1).max(100).default(50),
          starting_after: idParam.optional(),
          is_active: z.stringbool().optional().openapi({ description: 'Only those that are switched on, or off.' }),
          product_id: idParam.optional(),
          q: searchText
            .optional()
            .openapi({ description: 'How their title or slug begins, whatever the case; or an id.' }),
          ...createdAtQuery,
        }),
      },
      responses: {
        200: json(envelopeOf(z.object({ has_more: z.boolean(), links: z.array(linkSchema) })), 'Newest first.'),
        ...refusals,
      },
    }),
    async (c) => {
      const { limit, starting_after: startingAfter, q, ...asked } = c.req.valid('query')
      const { hasMore, links } = await listLinks(
        parts.database.em(),
        c.get('seller').merchantId,
        { limit, startingAfter },
        {
          isActive: asked.is_active,
          productId: asked.product_id,
          text: q,
          created: readPeriod(asked, 'created_at'),
        },
      )
      return success(
        c,
        { has_more: hasMore, links: links.map((link) => toLinkJson(link, parts.config.publicUrl)) },
        200,
      )
    },
  )
}

function addReading(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'links'),
      method: 'get',
      path: '/v2/digital/links/{id}',
      summary: 'Read a checkout link',
      request: { params: one },
      responses: { 200: linkAnswer, ...refusals },
    }),
    async (c) => {
      const link = await readLink(parts.database.em(), c.get('seller').merchantId, c.req.valid('param').id)
      return success(c, toLinkJson(link, parts.config.publicUrl), 200)
    },
  )
}

function addChange(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'links'),
      method: 'put',
      path: '/v2/digital/links/{id}',
      summary: 'Change a checkout link',
      request: { params: one, ...jsonBody(linkChangesSchema) },
      responses: { 200: linkAnswer, ...refusals },
    }),
    async (c) => {
      const fields = toChanges(c.req.valid('json'))
      const link = await inTransaction(parts, (tx) =>
        updateLink(tx, c.get('seller').merchantId, c.req.valid('param').id, fields),
      )
      return success(c, toLinkJson(link, parts.config.publicUrl), 200)
    },
  )
}

function addRevenue(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...sellerRoute(parts, 'links'),
      method: 'get',
      path: '/v2/digital/links/{id}/revenue',
      summary: 'Read what a checkout link brought',
      request: { params: one },
      responses: { 200: json(envelopeOf(revenueSchema), 'Refunds are deducted.'), ...refusals },
    }),
    async (c) => {
      const { merchantId } = c.get('seller')
      const em = parts.database.em()
      const link = await readLink(em, merchantId, c.req.valid('param').id)
      const { currency } = await readSku(em, merchantId, link.productId)
      const revenue = await linkRevenue(parts.database.sql, { merchantId, linkId: link.id, currency })
      return success(
        c,
        {
          total_revenue: majorUnits(revenue.total, currency),
          currency,
          order_count: revenue.orderCount,
          paid_count: revenue.paidCount,
          conversion_rate: conversionRate(revenue),
        },
        200,
      )
    },
  )
}

const toChanges = (input: z.infer<typeof linkChangesSchema>): Partial<LinkFields> => ({
  ...(input.product_id === undefined ? {} : { productId: input.product_id }),
  ...(input.slug === undefined ? {} : { slug: input.slug }),
  ...(input.title === undefined ? {} : { title: input.title }),
  ...(input.payment_methods === undefined ? {} : { paymentMethods: input.payment_methods }),
  ...(input.is_active === undefined ? {} : { isActive: input.is_active }),
  ...(input.max_uses === undefined ? {} : { maxUses: input.max_uses }),
  ...(input.min_quantity === undefined ? {} : { minQuantity: input.min_quantity }),
  ...(input.max_quantity === undefined ? {} : { maxQuantity: input.max_quantity }),
  ...(input.coupon_code === undefined ? {} : { couponCode: input.coupon_code }),
  ...(input.expires_at === undefined ? {} : { expiresAt: input.expires_at ? new Date(input.expires_at) : null }),
})
