import { createRoute, z } from '@hono/zod-openapi'
import { ApiError } from '../../../platform/errors.ts'
import { listRefunds, readRefund, updateRefund } from '../../../refunds/read-refunds.ts'
import { refundStates } from '../../../refunds/refund.state-machine.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { withFieldsBeside } from '../../known-fields.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, listOf, metadataSchema, pageQuery, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { refundSchema, toRefundJson } from './refund-json.ts'

const changesSchema = z.object({ metadata: metadataSchema.default({}) })

/** `GET /v2/refunds`, `GET /v2/refunds/{id}`, and `POST /v2/refunds/{id}`, which changes metadata only. */
export function registerReadRefunds(app: ApiApp, parts: ApiParts): void {
  const shared = { tags: ['Refunds'], security: secretKey, middleware: requireKey(parts.keys, 'secret') }
  const params = z.object({ id: idParam })
  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/refunds/{id}',
      summary: 'Read a refund',
      request: { params },
      responses: { 200: json(refundSchema, 'The refund.'), ...errorResponses },
    }),
    async (c) => {
      const refund = await readRefund(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id)
      if (!refund) throw new ApiError('not_found')
      return c.json(toRefundJson(refund), 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/refunds',
      summary: 'List refunds',
      request: {
        query: pageQuery.extend({
          orderId: idParam.optional(),
          state: z.enum(refundStates).optional(),
          ...createdQuery,
        }),
      },
      responses: { 200: json(listOf(refundSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, endingBefore, ...filter } = c.req.valid('query')
      const page = { limit, startingAfter, endingBefore }
      const { hasMore, rows } = await listRefunds(
        parts.database.sql,
        c.get('caller').merchantId,
        { ...filter, created: readPeriod(filter) },
        page,
      )
      return c.json({ hasMore, data: rows.map(toRefundJson) }, 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'post',
      path: '/v2/refunds/{id}',
      summary: 'Change the metadata of a refund',
      // A refund may be sent as it was read: what cannot change is ignored.
      request: { params, ...jsonBody(withFieldsBeside(changesSchema, refundSchema)) },
      responses: { 200: json(refundSchema, 'The refund.'), ...errorResponses },
    }),
    async (c) => {
      const target = { merchantId: c.get('caller').merchantId, id: c.req.valid('param').id }
      const answer = await answerOnce(c, parts, async (tx) => {
        await updateRefund(tx, target, c.req.valid('json').metadata)
        const refund = await readRefund(tx.sql, target.merchantId, target.id)
        if (!refund) throw new ApiError('not_found')
        return { status: 200 as const, body: toRefundJson(refund) }
      })
      return c.json(answer.body as z.infer<typeof refundSchema>, answer.status)
    },
  )
}
