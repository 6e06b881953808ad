import { createRoute, z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { type BalanceEntry, balanceEntryTypes, listBalanceEntries } from '../../../payouts/list-balance-entries.ts'
import { toMajor } from '../../../platform/money.ts'
import { sendBalanceEntries } from '../../balance-entries-csv.ts'
import { wantsCsv } from '../../csv.ts'
import { entryQuery, jsonOrCsv, toEntryFilter } from '../../entry-query.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, listOf, secretKey } from '../../schemas.ts'
import { ofMerchant, ofRecipient, ownerOf } from './owner.ts'

const lineId = z.string().max(200)

export const entrySchema = z
  .object({
    id: z.string(),
    type: z.enum(balanceEntryTypes),
    amount: z.number(),
    currency: z.string(),
    balance: z.number().openapi({ description: 'What was owed in this currency after it.' }),
    orderId: z.string().nullable(),
    payoutId: z.string().nullable(),
    createdTime: z.string(),
  })
  .openapi('BalanceEntry')

/** `GET /v2/balances/entries`: what a balance is made of, line by line. */
export function registerReadBalanceEntries(app: ApiApp, parts: ApiParts): void {
  const { sql } = parts.database
  const route = createRoute({
    method: 'get',
    path: '/v2/balances/entries',
    tags: ['Balances'],
    summary: 'List what the balances are made of',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: {
      query: entryQuery.extend({
        merchantId: ofMerchant,
        recipientId: ofRecipient,
        startingAfter: lineId.optional(),
        endingBefore: lineId.optional(),
      }),
    },
    responses: { 200: jsonOrCsv(listOf(entrySchema), 'Newest first.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId, recipientId, format, limit, startingAfter, endingBefore, ...query } = c.req.valid('query')
    const owner = await ownerOf(c, parts, { merchantId, recipientId })
    const filter = toEntryFilter(query)
    if (wantsCsv(c, format)) return sendBalanceEntries(c, sql, owner, filter)
    const { hasMore, entries } = await listBalanceEntries(sql, owner, filter, { limit, startingAfter, endingBefore })
    return c.json({ hasMore, data: entries.map(toEntry) }, 200)
  })
}

export const toEntry = ({ createdAt, amount, balance, ...entry }: BalanceEntry) => ({
  ...entry,
  amount: toMajor(amount, entry.currency),
  balance: toMajor(balance, entry.currency),
  createdTime: iso(createdAt),
})
