import { createRoute, z } from '@hono/zod-openapi'
import { askCallOff, sendAgain } from '../../../goods/call-off-shipment.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { ApiError } from '../../../platform/errors.ts'
import { answerOrder } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { orderSchema } from '../../order-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, secretKey } from '../../schemas.ts'

const acts = [
  { path: 'call-off', summary: 'Void a label, or cancel a print job', act: askCallOff },
  { path: 'send-again', summary: 'Send what was called off again', act: sendAgain },
] as const

/** `POST /v2/orders/{id}/shipments/{shipmentId}/call-off` and `/send-again`: a worker carries out what they ask for. */
export function registerShipments(app: ApiApp, parts: ApiParts): void {
  for (const { path, summary, act } of acts) {
    const route = createRoute({
      method: 'post',
      path: `/v2/orders/{id}/shipments/{shipmentId}/${path}`,
      tags: ['Orders'],
      summary,
      security: secretKey,
      middleware: requireKey(parts.keys, 'secret'),
      request: { params: z.object({ id: idParam, shipmentId: idParam }) },
      responses: { 200: json(orderSchema, 'The order. It is done as soon as the carrier answers.'), ...errorResponses },
    })
    app.openapi(route, async (c) => {
      const { merchantId } = c.get('caller')
      const { id: orderId, shipmentId } = c.req.valid('param')
      const answer = await answerOnce(c, parts, async (tx) => {
        await act(tx, { orderId, merchantId, shipmentId, by: 'api' })
        const order = await readOrder(tx.sql, { merchantId }, orderId)
        if (!order) throw new ApiError('not_found')
        return { status: 200 as const, body: answerOrder(c, order, { secret: true }) }
      })
      return c.json(answer.body as z.infer<typeof orderSchema>, answer.status)
    })
  }
}
