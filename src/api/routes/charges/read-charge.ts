import { createRoute, z } from '@hono/zod-openapi'
import { statement } from '../../../database/statement.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { ApiError } from '../../../platform/errors.ts'
import { isDigitalRiver, withoutNulls } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import { chargeSchema, toChargeJson } from '../../payment-json.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, secretKey } from '../../schemas.ts'

const findOrder = statement<{ id: string }>()((db, $) =>
  db.selectFrom('charges').select('order_id as orderId').where('id', '=', $.id),
)

/** `GET /v2/charges/{id}`: one payment of an order with its captures, cancellations and refunds. */
export function registerReadCharge(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/charges/{id}',
    tags: ['Charges'],
    summary: 'Read a charge',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: { params: z.object({ id: idParam }) },
    responses: { 200: json(chargeSchema, 'The charge.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const { id } = c.req.valid('param')
    const { sql } = parts.database
    const [found] = await findOrder(sql, { id })
    const order = found && (await readOrder(sql, { merchantId }, found.orderId))
    const charge = order?.charges.find((entry) => entry.id === id)
    if (!order || !charge) throw new ApiError('not_found')
    const body = toChargeJson(charge, order)
    return c.json(isDigitalRiver(c) ? withoutNulls(body) : body, 200)
  })
}
