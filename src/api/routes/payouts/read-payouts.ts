import { createRoute, z } from '@hono/zod-openapi'
import { listBalanceEntries } from '../../../payouts/list-balance-entries.ts'
import { listPayouts, rangeOf, readPayout } from '../../../payouts/list-payouts.ts'
import { payoutStates } from '../../../payouts/payout.state-machine.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, listOf, pageQuery, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { ofMerchant, ofRecipient, ownerOf } from '../balances/owner.ts'
import { entrySchema, toEntry } from '../balances/read-balance-entries.ts'
import { payoutSchema, toPayoutJson } from './payout-json.ts'

const entriesAtOnce = 100

/** `GET /v2/payouts` and `GET /v2/payouts/{id}`, which has the lines of the balance that it pays. */
export function registerReadPayouts(app: ApiApp, parts: ApiParts): void {
  addList(app, parts)
  addReading(app, parts)
}

function addList(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v2/payouts',
      tags: ['Payouts'],
      summary: 'List payouts',
      security: secretKey,
      middleware: requireKey(parts.keys, 'secret'),
      request: {
        query: pageQuery.extend({
          merchantId: ofMerchant,
          recipientId: ofRecipient,
          state: z.enum(payoutStates).optional(),
          ...createdQuery,
        }),
      },
      responses: { 200: json(listOf(payoutSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, endingBefore, state, ...asked } = c.req.valid('query')
      const { merchantId } = await ownerOf(c, parts, asked)
      const filter = { recipientId: asked.recipientId, state, created: readPeriod(asked) }
      const page = { limit, startingAfter, endingBefore }
      const { hasMore, payouts } = await listPayouts(parts.database.sql, merchantId, filter, page)
      return c.json({ hasMore, data: payouts.map(toPayoutJson) }, 200)
    },
  )
}

function addReading(app: ApiApp, parts: ApiParts): void {
  const { sql } = parts.database
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v2/payouts/{id}',
      tags: ['Payouts'],
      summary: 'Read a payout with what it pays',
      security: secretKey,
      middleware: requireKey(parts.keys, 'secret'),
      request: {
        params: z.object({ id: idParam }),
        query: z.object({ entriesAfter: z.string().max(200).optional() }),
      },
      responses: {
        200: json(
          payoutSchema.extend({ entries: listOf(entrySchema) }),
          'With the lines of the balance since the payout before, newest first; `entriesAfter` asks for those after one.',
        ),
        ...errorResponses,
      },
    }),
    async (c) => {
      const payout = await readPayout(sql, c.get('caller').merchantId, c.req.valid('param').id)
      if (!payout) throw new ApiError('not_found')
      const { currency, ...between } = await rangeOf(sql, payout)
      const page = { limit: entriesAtOnce, startingAfter: c.req.valid('query').entriesAfter }
      const { hasMore, entries } = await listBalanceEntries(sql, payout, { currency, between }, page)
      return c.json({ ...toPayoutJson(payout), entries: { hasMore, data: entries.map(toEntry) } }, 200)
    },
  )
}
