import { createRoute, z } from '@hono/zod-openapi'
import {
  createCoupon,
  deleteCoupon,
  fieldsOf,
  listCoupons,
  readCoupon,
  updateCoupon,
} from '../../../coupons/coupons.ts'
import {
  couponChangesSchema,
  couponInputSchema,
  couponSchema,
  newCoupon,
  toCouponFields,
  toCouponJson,
} from '../../coupon-json.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { withFieldsBeside } from '../../known-fields.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, listOf, pageQuery, searchText, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'

const couponRoute = (parts: ApiParts) => ({
  tags: ['Coupons'],
  security: secretKey,
  middleware: requireKey(parts.keys, 'secret'),
})
const one = { params: z.object({ id: idParam }) }

/** `/v2/coupons`: the codes that make a merchant's carts cheaper. */
export function registerCoupons(app: ApiApp, parts: ApiParts): void {
  addCreation(app, parts)
  addList(app, parts)
  addReading(app, parts)
  addChange(app, parts)
  addRemoval(app, parts)
}

function addCreation(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...couponRoute(parts),
      method: 'post',
      path: '/v2/coupons',
      summary: 'Make a coupon',
      request: jsonBody(couponInputSchema),
      responses: { 201: json(couponSchema, 'The coupon.'), ...errorResponses },
    }),
    async (c) => {
      const input = c.req.valid('json')
      const fields = toCouponFields(input, { ...newCoupon, code: input.code })
      const answer = await answerOnce(c, parts, async (tx) => ({
        status: 201 as const,
        body: toCouponJson(await createCoupon(tx.em, c.get('caller').merchantId, fields)),
      }))
      return c.json(answer.body, answer.status)
    },
  )
}

function addList(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...couponRoute(parts),
      method: 'get',
      path: '/v2/coupons',
      summary: 'List coupons',
      request: {
        query: pageQuery.omit({ endingBefore: true }).extend({
          active: z.stringbool().optional().openapi({ description: 'Only those that are switched on, or off.' }),
          q: searchText.optional().openapi({ description: 'How their code begins, whatever the case; or an id.' }),
          ...createdQuery,
        }),
      },
      responses: { 200: json(listOf(couponSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, active, q, ...asked } = c.req.valid('query')
      const { hasMore, coupons } = await listCoupons(
        parts.database.em(),
        c.get('caller').merchantId,
        { limit, startingAfter },
        { active, text: q, created: readPeriod(asked) },
      )
      return c.json({ hasMore, data: coupons.map(toCouponJson) }, 200)
    },
  )
}

function addReading(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...couponRoute(parts),
      method: 'get',
      path: '/v2/coupons/{id}',
      summary: 'Read a coupon',
      request: one,
      responses: { 200: json(couponSchema, 'The coupon.'), ...errorResponses },
    }),
    async (c) => {
      const { merchantId } = c.get('caller')
      return c.json(toCouponJson(await readCoupon(parts.database.em(), merchantId, c.req.valid('param').id)), 200)
    },
  )
}

function addChange(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...couponRoute(parts),
      method: 'post',
      path: '/v2/coupons/{id}',
      summary: 'Change a coupon, or switch it off',
      description:
        'What it takes off changes for carts that take it from now on; those that have it keep what they showed.',
      request: { ...one, ...jsonBody(withFieldsBeside(couponChangesSchema, couponSchema)) },
      responses: { 200: json(couponSchema, 'The coupon.'), ...errorResponses },
    }),
    async (c) => {
      const wanted = { merchantId: c.get('caller').merchantId, id: c.req.valid('param').id }
      const answer = await answerOnce(c, parts, async (tx) => ({
        status: 200 as const,
        body: toCouponJson(
          await updateCoupon(tx.em, wanted, (coupon) => toCouponFields(c.req.valid('json'), fieldsOf(coupon))),
        ),
      }))
      return c.json(answer.body, answer.status)
    },
  )
}

function addRemoval(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...couponRoute(parts),
      method: 'delete',
      path: '/v2/coupons/{id}',
      summary: 'Remove a coupon',
      request: one,
      responses: { 204: { description: 'Orders that have it keep their price.' }, ...errorResponses },
    }),
    async (c) => {
      await deleteCoupon(parts.database.em(), c.get('caller').merchantId, c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
}
