import { createRoute, z } from '@hono/zod-openapi'
import { createReturn } from '../../../fulfillment/create-return.ts'
import { readReturn } from '../../../fulfillment/read-returns.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, metadataSchema, secretKey } from '../../schemas.ts'
import { returnSchema, toReturnJson } from './return-json.ts'

export const returnedPiecesSchema = z
  .object({ itemId: idParam.optional(), skuId: idParam.optional(), quantity: z.number().int().min(1).max(10_000) })
  .refine((item) => item.itemId !== undefined || item.skuId !== undefined, 'give itemId or skuId')

const inputSchema = z.object({
  orderId: idParam,
  items: z.array(returnedPiecesSchema).min(1).max(500),
  reason: z.string().max(64).optional(),
  location: z
    .looseObject({
      address: z.looseObject({ country: z.string().max(100).optional() }),
      name: z.string().max(255).optional(),
      phone: z.string().max(100).optional(),
      email: z.email().max(254).optional(),
    })
    .optional(),
  metadata: metadataSchema.default({}),
})

/** `POST /v2/returns`: goods that a buyer sends back. */
export function registerCreateReturn(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/returns',
    tags: ['Returns'],
    summary: 'Announce goods that come back',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: jsonBody(inputSchema),
    responses: { 201: json(returnSchema, 'The return.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const answer = await answerOnce(c, parts, async (tx) => {
      const id = await createReturn(tx, { ...c.req.valid('json'), merchantId })
      const goods = await readReturn(tx.sql, merchantId, id)
      if (!goods) throw new Error(`return ${id} was not stored`)
      return { status: 201 as const, body: toReturnJson(goods) }
    })
    return c.json(answer.body as z.infer<typeof returnSchema>, answer.status)
  })
}
