import { createRoute, z } from '@hono/zod-openapi'
import { statement } from '../../../database/statement.ts'
import { ApiError } from '../../../platform/errors.ts'
import { recordRefund } from '../../../refunds/record-refund.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import type { ApiApp } from '../../env.ts'
import { requireBookkeeper } from '../../middleware/require-bookkeeper.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { amountSchema, errorResponses, idParam, json, jsonBody, majorUnits, minorUnits } from '../../schemas.ts'
import { bookkeeperSecurity } from './enter-statement.ts'

const inputSchema = z.strictObject({
  orderId: idParam,
  chargeId: idParam,
  reference: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .openapi({ description: 'Under which the bank or the provider knows it.' }),
  amount: amountSchema
    .optional()
    .openapi({ description: 'Absent: what the order waits for, or else all that is left.' }),
})

const recordedSchema = z
  .object({
    orderId: z.string(),
    chargeId: z.string(),
    currency: z.string(),
    capturedAmount: z.number(),
    refundedAmount: z.number(),
    booked: z.boolean().openapi({ description: 'False where it was said before.' }),
  })
  .openapi('RecordedRefund')

const readCurrency = statement<{ orderId: string; chargeId: string }>()((db, $) =>
  db.selectFrom('charges').select('currency').where('id', '=', $.chargeId).where('order_id', '=', $.orderId),
)

/** `POST /v2/settlements/refunds`: says that a payment was given back by hand, where its provider has no call for that or did not answer. */
export function registerRecordRefund(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/settlements/refunds',
    tags: ['Settlements'],
    security: bookkeeperSecurity,
    summary: 'Book a refund that was made by hand',
    middleware: requireBookkeeper(parts),
    request: jsonBody(inputSchema),
    responses: { 200: json(recordedSchema, 'The payment as it stands.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { amount, ...input } = c.req.valid('json')
    const { charge, booked } = await inTransaction(parts, async (tx) => {
      const [found] = await readCurrency(tx, input)
      if (!found) throw new ApiError('not_found', { parameter: 'chargeId' })
      const minor = amount === undefined ? undefined : minorUnits(amount, found.currency, 'amount')
      return recordRefund(tx, { ...input, amount: minor })
    })
    const { id: chargeId, orderId, currency, capturedAmount, refundedAmount } = charge
    parts.log.info({ chargeId, by: c.get('bookkeeper'), booked }, 'a refund made by hand was booked')
    return c.json(
      {
        ...{ orderId, chargeId, currency, booked },
        capturedAmount: majorUnits(capturedAmount, currency),
        refundedAmount: majorUnits(refundedAmount, currency),
      },
      200,
    )
  })
}
