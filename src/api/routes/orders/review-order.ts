import { createRoute, z } from '@hono/zod-openapi'
import { decideReview } from '../../../confirmation/decide-review.ts'
import { iso } from '../../../database/database.ts'
import { readFindings } from '../../../fraud/findings.ts'
import { findingOutcomes } from '../../../fraud/fraud-finding.entity.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { fraudStates } from '../../../orders/order.state-machine.ts'
import { ApiError } from '../../../platform/errors.ts'
import { answerOrder } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { orderSchema } from '../../order-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'

const fraudSchema = z
  .object({
    fraudState: z.enum(fraudStates),
    data: z.array(
      z.object({
        judge: z
          .string()
          .openapi({ description: 'denied_persons, velocity, a payment provider, or review for a decision.' }),
        outcome: z.enum(findingOutcomes),
        reason: z.string(),
        score: z.number().nullable().openapi({ description: '0 to 1, the higher the worse.' }),
        time: z.string(),
      }),
    ),
  })
  .openapi('FraudFindings')

/** `GET /v2/orders/{id}/fraud` and `POST /v2/orders/{id}/review`: what speaks against an order, and its merchant's decision. */
export function registerReviewOrder(app: ApiApp, parts: ApiParts): void {
  const shared = {
    tags: ['Orders'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
  }

  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/orders/{id}/fraud',
      summary: 'Read what the fraud screen found',
      request: { params: z.object({ id: idParam }) },
      responses: { 200: json(fraudSchema, 'The findings, oldest first.'), ...errorResponses },
    }),
    async (c) => {
      const { merchantId } = c.get('caller')
      const found = await readFindings(parts.database, { orderId: c.req.valid('param').id, merchantId })
      if (!found) throw new ApiError('not_found')
      const data = found.findings.map(({ at, ...finding }) => ({ ...finding, time: iso(at) }))
      return c.json({ fraudState: found.fraudState, data }, 200)
    },
  )

  app.openapi(
    createRoute({
      ...shared,
      method: 'post',
      path: '/v2/orders/{id}/review',
      summary: 'Decide about an order under review',
      description:
        'Approved, the order is accepted as soon as its money is there; blocked, it is over and its money is released or goes back.',
      request: {
        params: z.object({ id: idParam }),
        ...jsonBody(z.object({ decision: z.enum(['approve', 'block']) })),
      },
      responses: { 200: json(orderSchema, 'The order.'), ...errorResponses },
    }),
    async (c) => {
      const { merchantId, apiKeyId } = c.get('caller')
      const { id } = c.req.valid('param')
      const { decision } = c.req.valid('json')
      const answer = await answerOnce(c, parts, async (tx) => {
        await decideReview(tx, { orderId: id, merchantId, decision, by: apiKeyId })
        const order = await readOrder(tx.sql, { merchantId }, id)
        if (!order) throw new ApiError('not_found')
        return { status: 200 as const, body: answerOrder(c, order, { secret: true }) }
      })
      return c.json(answer.body as z.infer<typeof orderSchema>, answer.status)
    },
  )
}
