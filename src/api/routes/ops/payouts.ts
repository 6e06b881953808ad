import { createRoute, z } from '@hono/zod-openapi'
import { createPayout } from '../../../payouts/create-payout.ts'
import { failPayout } from '../../../payouts/fail-payout.ts'
import { readPayout } from '../../../payouts/list-payouts.ts'
import { ApiError } from '../../../platform/errors.ts'
import { inTransaction, type Transaction } from '../../../tasks/transaction.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody } from '../../schemas.ts'
import { failure, payoutInput, payoutSchema, toPayoutJson, toRequest } from '../payouts/payout-json.ts'
import { session } from './session-security.ts'

/** `POST /v2/ops/payouts` and `POST /v2/ops/payouts/{id}/fail`: the same for operators, out of every balance. */
export function registerOperatorPayouts(app: ApiApp, parts: ApiParts): void {
  const shared = { tags: ['Operations'], security: session }
  app.openapi(
    createRoute({
      ...shared,
      middleware: [requireOperator(parts)] as const,
      method: 'post',
      path: '/v2/ops/payouts',
      summary: 'Pay out what is owed to a merchant or recipient',
      request: jsonBody(payoutInput.extend({ merchantId: idParam })),
      responses: { 201: json(payoutSchema, 'The payout; a transfer is on its way.'), ...errorResponses },
    }),
    async (c) => {
      const { merchantId, recipientId, ...input } = c.req.valid('json')
      const { holdDays } = parts.config.payouts
      const request = {
        ...toRequest(input),
        owner: { merchantId, recipientId },
        author: c.get('operator').email,
        holdDays,
      }
      return c.json(await inTransaction(parts, async (tx) => shown(tx, await createPayout(tx, request))), 201)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      middleware: [requireOperator(parts)] as const,
      method: 'post',
      path: '/v2/ops/payouts/{id}/fail',
      summary: 'Say that a payout did not arrive',
      request: { params: z.object({ id: idParam }), ...jsonBody(failure) },
      responses: { 200: json(payoutSchema, 'The payout.'), ...errorResponses },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { reason } = c.req.valid('json')
      const ended = await inTransaction(parts, async (tx) => {
        const before = await shown(tx, id)
        if (!(await failPayout(tx, before.id, reason))) throw new ApiError('payout_not_open')
        return shown(tx, id)
      })
      return c.json(ended, 200)
    },
  )
}

async function shown(tx: Transaction, id: string): Promise<z.infer<typeof payoutSchema>> {
  const payout = await readPayout(tx, null, id)
  if (!payout) throw new ApiError('not_found')
  return toPayoutJson(payout)
}
