import { createRoute, z } from '@hono/zod-openapi'
import type { Sql } from '../../../database/database.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import {
  longestNote,
  longestTag,
  mostTags,
  noteOrder,
  readAnnotations,
  readTags,
  tagOrder,
} from '../../../orders/annotate-order.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'

const annotationsSchema = z
  .object({ orderId: z.string(), note: z.string(), tags: z.array(z.string()) })
  .openapi('OrderAnnotations')

const inputSchema = z.object({
  note: z.string().trim().max(longestNote).optional(),
  tags: z
    .array(
      z
        .string()
        .trim()
        .min(1)
        .max(longestTag)
        .regex(/^[^,]*$/, 'may not contain a comma'),
    )
    .max(mostTags)
    .optional(),
})

/** `/v2/orders/{id}/annotations`: what a seller's people have noted about an order, and its tags; no buyer sees them. */
export function registerAnnotations(app: ApiApp, parts: ApiParts): void {
  const shared = {
    path: '/v2/orders/{id}/annotations',
    tags: ['Orders'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    responses: { 200: json(annotationsSchema, 'The note and the tags.'), ...errorResponses },
  }
  const params = z.object({ id: idParam })
  app.openapi(
    createRoute({ ...shared, method: 'get', summary: 'Read what was noted about an order', request: { params } }),
    async (c) => {
      const { id } = c.req.valid('param')
      return c.json(await readOwn(parts.database.sql, c.get('caller').merchantId, id), 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'post',
      summary: 'Note something about an order, or tag it',
      request: { params, ...jsonBody(inputSchema) },
    }),
    async (c) => {
      const { merchantId } = c.get('caller')
      const target = { orderId: c.req.valid('param').id, merchantId, by: 'api' }
      const { note, tags } = c.req.valid('json')
      const answer = await answerOnce(c, parts, async (tx) => {
        if (note !== undefined) await noteOrder(tx, { ...target, note })
        if (tags !== undefined) await tagOrder(tx, { ...target, tags: readTags(tags.join(',')) })
        return { status: 200 as const, body: await readOwn(tx.sql, merchantId, target.orderId) }
      })
      return c.json(answer.body, answer.status)
    },
  )
}

async function readOwn(sql: Sql, merchantId: string, orderId: string): Promise<z.infer<typeof annotationsSchema>> {
  if (!(await readOrder(sql, { merchantId }, orderId))) throw new ApiError('not_found')
  return { orderId, ...(await readAnnotations(sql, orderId)) }
}
