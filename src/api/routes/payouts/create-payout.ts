import { createRoute, type z } from '@hono/zod-openapi'
import { createPayout } from '../../../payouts/create-payout.ts'
import { readPayout } from '../../../payouts/list-payouts.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, jsonBody, secretKey } from '../../schemas.ts'
import { ownerOf } from '../balances/owner.ts'
import { isOthers } from './is-others.ts'
import { payoutInput, payoutSchema, toPayoutJson, toRequest } from './payout-json.ts'

/** `POST /v2/payouts`: pays out what is owed to a seller of the caller's marketplace, or to a recipient. */
export function registerCreatePayout(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/payouts',
    tags: ['Payouts'],
    summary: 'Pay out what is owed to a seller or recipient',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: jsonBody(payoutInput),
    responses: { 201: json(payoutSchema, 'The payout; a transfer is on its way.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const input = c.req.valid('json')
    const { merchantId, apiKeyId: author } = c.get('caller')
    const owner = await ownerOf(c, parts, input)
    if (!isOthers(owner, merchantId)) throw new ApiError('payout_not_yours')
    const { holdDays } = parts.config.payouts
    const request = { ...toRequest(input), owner, author, holdDays }
    const answer = await answerOnce(c, parts, async (tx) => {
      const id = await createPayout(tx, request)
      const payout = await readPayout(tx, merchantId, id)
      if (!payout) throw new Error(`payout ${id} was not stored`)
      return { status: 201 as const, body: toPayoutJson(payout) }
    })
    return c.json(answer.body as z.infer<typeof payoutSchema>, answer.status)
  })
}
