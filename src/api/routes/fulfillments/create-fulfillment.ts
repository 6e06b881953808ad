import { createRoute, z } from '@hono/zod-openapi'
import { createFulfillment } from '../../../fulfillment/create-fulfillment.ts'
import { readFulfillment } from '../../../fulfillment/read-fulfillments.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, metadataSchema, secretKey } from '../../schemas.ts'
import { fulfillmentSchema, toFulfillmentJson } from './fulfillment-json.ts'

const quantity = z.number().int().min(0).max(10_000).optional()

const inputSchema = z.object({
  orderId: idParam,
  items: z
    .array(
      z
        .object({
          itemId: idParam.optional(),
          skuId: idParam.optional().openapi({ description: 'Names the line where `itemId` does not.' }),
          quantity,
          cancelQuantity: quantity,
        })
        .refine((item) => item.itemId ?? item.skuId, 'give itemId or skuId'),
    )
    .min(1)
    .max(500),
  shipmentId: z.string().max(255).optional(),
  trackingCompany: z.string().max(255).optional(),
  trackingNumber: z.string().max(255).optional(),
  trackingUrl: z.string().max(2000).optional(),
  metadata: metadataSchema.default({}),
})

/** `POST /v2/fulfillments`: what was fulfilled is captured, what was given up is released. */
export function registerCreateFulfillment(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/fulfillments',
    tags: ['Fulfillments'],
    summary: 'Fulfil or give up pieces of an order',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: jsonBody(inputSchema),
    responses: { 201: json(fulfillmentSchema, 'The fulfillment.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const answer = await answerOnce(c, parts, async (tx) => {
      const id = await createFulfillment(tx, { ...c.req.valid('json'), merchantId })
      const fulfillment = await readFulfillment(tx.sql, merchantId, id)
      if (!fulfillment) throw new Error(`fulfillment ${id} was not stored`)
      return { status: 201 as const, body: toFulfillmentJson(fulfillment) }
    })
    return c.json(answer.body as z.infer<typeof fulfillmentSchema>, answer.status)
  })
}
