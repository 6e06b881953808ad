import { createRoute, z } from '@hono/zod-openapi'
import { acceptReturn } from '../../../fulfillment/accept-return.ts'
import { readReturn } from '../../../fulfillment/read-returns.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'
import { returnedPiecesSchema } from './create-return.ts'
import { returnSchema, toReturnJson } from './return-json.ts'

const state = z.literal('accepted')

const inputSchema = z
  .object({
    state: state.optional(),
    items: z
      .array(returnedPiecesSchema.and(z.object({ state: state.optional() })))
      .min(1)
      .max(500)
      .optional(),
    restock: z
      .boolean()
      .optional()
      .openapi({ description: 'Puts these pieces back into the stock of their SKUs, where that is counted.' }),
  })
  .refine((input) => input.state !== undefined || input.items !== undefined, 'give state or items')

/** `POST /v2/returns/{id}`: accepts what came back, all of it or some; with the last piece its money goes back. */
export function registerAcceptReturn(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/returns/{id}',
    tags: ['Returns'],
    summary: 'Accept goods that have come back',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: { params: z.object({ id: idParam }), ...jsonBody(inputSchema) },
    responses: { 200: json(returnSchema, 'The return.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const target = { merchantId: c.get('caller').merchantId, id: c.req.valid('param').id }
    const { items, restock } = c.req.valid('json')
    const answer = await answerOnce(c, parts, async (tx) => {
      await acceptReturn(tx, { ...target, items, restock })
      const goods = await readReturn(tx.sql, target.merchantId, target.id)
      if (!goods) throw new ApiError('not_found')
      return { status: 200 as const, body: toReturnJson(goods) }
    })
    return c.json(answer.body as z.infer<typeof returnSchema>, answer.status)
  })
}
