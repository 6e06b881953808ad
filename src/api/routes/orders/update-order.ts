import { createRoute, z } from '@hono/zod-openapi'
import { requestErasure, withdrawErasure } from '../../../erasure/request-erasure.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { updateOrder } from '../../../orders/update-order.ts'
import { ApiError } from '../../../platform/errors.ts'
import { answerOrder, isDigitalRiver } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { withFieldsBeside } from '../../known-fields.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { orderSchema } from '../../order-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, metadataSchema, secretKey } from '../../schemas.ts'

const inputSchema = z.object({
  metadata: metadataSchema.optional(),
  requestToBeForgotten: z.boolean().optional(),
  upstreamId: z.string().max(255).nullish().openapi({ description: "By Digital River's path only." }),
})

/** `POST /v2/orders/{id}`: only metadata and the wish to be forgotten can change, and at the root the client's own number of the order. */
export function registerUpdateOrder(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/orders/{id}',
    tags: ['Orders'],
    summary: 'Change metadata or ask to be forgotten',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: {
      params: z.object({ id: idParam }),
      // An order may be sent as it was read: what cannot change is ignored.
      ...jsonBody(withFieldsBeside(inputSchema, orderSchema)),
    },
    responses: { 200: json(orderSchema, 'The order.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { id } = c.req.valid('param')
    const answer = await answerOnce(c, parts, async (tx) => {
      const { upstreamId, ...changes } = c.req.valid('json')
      await updateOrder(
        tx,
        merchantId,
        id,
        isDigitalRiver(c) ? { ...changes, upstreamId: upstreamId ?? undefined } : changes,
      )
      // Whoever asks to be forgotten is, once the order is over.
      if (changes.requestToBeForgotten === true) await requestErasure(tx, { merchantId, orderId: id })
      if (changes.requestToBeForgotten === false) await withdrawErasure(tx, { merchantId, orderId: id })
      const order = await readOrder(tx.sql, { merchantId }, id)
      if (!order) throw new ApiError('not_found')
      return { status: 200 as const, body: answerOrder(c, order, { secret: true }) }
    })
    return c.json(answer.body as z.infer<typeof orderSchema>, answer.status)
  })
}
