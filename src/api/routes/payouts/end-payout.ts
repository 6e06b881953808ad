import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { failPayout } from '../../../payouts/fail-payout.ts'
import { readPayout } from '../../../payouts/list-payouts.ts'
import { settlePayout } from '../../../payouts/settle-payout.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { Transaction } from '../../../tasks/transaction.ts'
import type { ApiApp, ApiEnv } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'
import { isOthers } from './is-others.ts'
import { failure, payoutSchema, settlement, toPayoutJson } from './payout-json.ts'

/** `POST /v2/payouts/{id}/pay` and `POST /v2/payouts/{id}/fail`: what the bank has done with a payout. */
export function registerEndPayout(app: ApiApp, parts: ApiParts): void {
  const shared = { tags: ['Payouts'], security: secretKey, middleware: requireKey(parts.keys, 'secret') }
  const params = z.object({ id: idParam })
  app.openapi(
    createRoute({
      ...shared,
      method: 'post',
      path: '/v2/payouts/{id}/pay',
      summary: 'Say that a manual payout was made',
      request: { params, ...jsonBody(settlement) },
      responses: { 200: json(payoutSchema, 'The payout.'), ...errorResponses },
    }),
    async (c) => {
      const { reference } = c.req.valid('json')
      const payoutId = c.req.valid('param').id
      return c.json(
        await end(c, parts, payoutId, async (tx) => (await settlePayout(tx, { payoutId, reference })).length > 0),
        200,
      )
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'post',
      path: '/v2/payouts/{id}/fail',
      summary: 'Say that a payout did not arrive',
      description: 'A manual payout, or a transfer that is not made yet: its amount is available again at once.',
      request: { params, ...jsonBody(failure) },
      responses: { 200: json(payoutSchema, 'The payout.'), ...errorResponses },
    }),
    async (c) => {
      const { reason } = c.req.valid('json')
      const payoutId = c.req.valid('param').id
      return c.json(await end(c, parts, payoutId, (tx) => failPayout(tx, payoutId, reason)), 200)
    },
  )
}

/** Ends a payout that the caller may end, and answers with it. @throws ApiError `not_found`, `payout_not_yours`, `payout_not_open` */
async function end(
  c: Context<ApiEnv>,
  parts: ApiParts,
  payoutId: string,
  work: (tx: Transaction) => Promise<boolean>,
): Promise<z.infer<typeof payoutSchema>> {
  const { merchantId } = c.get('caller')
  const payout = await readPayout(parts.database.sql, merchantId, payoutId)
  if (!payout) throw new ApiError('not_found')
  if (!isOthers(payout, merchantId)) throw new ApiError('payout_not_yours')
  const answer = await answerOnce(c, parts, async (tx) => {
    if (!(await work(tx))) throw new ApiError('payout_not_open')
    const ended = await readPayout(tx, merchantId, payoutId)
    return { status: 200 as const, body: ended ? toPayoutJson(ended) : {} }
  })
  return answer.body as z.infer<typeof payoutSchema>
}
