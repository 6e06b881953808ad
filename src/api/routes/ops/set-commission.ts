import { createRoute, z } from '@hono/zod-openapi'
import { setSkuCommission } from '../../../catalog/set-sku-commission.ts'
import { setCommission } from '../../../merchants/commission.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { bpsSchema, errorResponses, idParam, jsonBody } from '../../schemas.ts'
import { session } from './session-security.ts'

/** `POST /v2/ops/commissions`: what a merchant, or one of its SKUs, gives the platform. */
export function registerSetCommission(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/ops/commissions',
    tags: ['Operations'],
    summary: "Set a merchant's or SKU's commission",
    description: 'Null takes the default. Payments that were started keep theirs, carts the rate of their SKUs.',
    security: session,
    middleware: [requireOperator(parts)] as const,
    request: jsonBody(
      z.object({
        merchantId: idParam,
        skuId: idParam
          .optional()
          .openapi({ description: 'Only the rate of this SKU; `commissionFixed` is not looked at.' }),
        commissionBps: bpsSchema.nullable(),
        commissionFixed: z
          .number()
          .int()
          .min(0)
          .max(1_000_000)
          .nullable()
          .default(null)
          .openapi({ description: 'Minor units an order.' }),
      }),
    ),
    responses: { 204: { description: 'Set.' }, ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const input = c.req.valid('json')
    const { merchantId, skuId, commissionBps } = input
    if (skuId === undefined) await setCommission(parts.database.sql, input)
    else await setSkuCommission(parts.database.sql, { merchantId, skuId, commissionBps })
    parts.log.info({ operatorId: c.get('operator').userId, merchantId, skuId }, 'commission set')
    return c.body(null, 204)
  })
}
