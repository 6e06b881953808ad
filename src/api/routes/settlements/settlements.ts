import { createRoute, z } from '@hono/zod-openapi'
import { listSettlements } from '../../../distribution/read-distribution.ts'
import { settleSplits } from '../../../distribution/settle-splits.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, listOf, pageQuery, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { splitSchema, toSplitJson } from './split-json.ts'

const settledSchema = z.object({ settled: z.number().int() })

/** `/v2/settlements`: shares of payments whose provider settles outside the platform. */
export function registerSettlements(app: ApiApp, parts: ApiParts): void {
  const shared = { tags: ['Settlements'], security: secretKey, middleware: requireKey(parts.keys, 'secret') }
  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/settlements',
      summary: 'List shares that are settled outside',
      request: {
        query: pageQuery.extend({ state: z.enum(['recorded', 'settled']).default('recorded'), ...createdQuery }),
      },
      responses: { 200: json(listOf(splitSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const asked = c.req.valid('query')
      const { hasMore, splits } = await listSettlements(parts.database.sql, c.get('caller').merchantId, {
        ...asked,
        created: readPeriod(asked),
      })
      return c.json({ hasMore, data: splits.map(toSplitJson) }, 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'post',
      path: '/v2/settlements/payout',
      summary: 'Mark shares as settled',
      request: jsonBody(
        z.object({ splitIds: z.array(idParam).min(1).max(500), reference: z.string().trim().min(1).max(100) }),
      ),
      responses: { 200: json(settledSchema, 'How many were marked now.'), ...errorResponses },
    }),
    async (c) => {
      const { merchantId } = c.get('caller')
      const answer = await answerOnce(c, parts, async (tx) => ({
        status: 200 as const,
        body: { settled: await settleSplits(tx, { merchantId, ...c.req.valid('json') }) },
      }))
      return c.json(answer.body as z.infer<typeof settledSchema>, answer.status)
    },
  )
}
