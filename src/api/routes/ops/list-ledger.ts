import { createRoute, z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { type LedgerEntry, listEntries } from '../../../ledger/list-entries.ts'
import { decimalAmount, toMajor } from '../../../platform/money.ts'
import { sendCsv, wantsCsv } from '../../csv.ts'
import { entryQuery, jsonOrCsv, toEntryFilter } from '../../entry-query.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, listOf } from '../../schemas.ts'
import { session } from './session-security.ts'

const entrySchema = z
  .object({
    id: z.string(),
    correlationKey: z.string().openapi({ description: 'The two entries of a movement have the same.' }),
    orderId: z.string().nullable(),
    payoutId: z.string().nullable(),
    account: z.string(),
    amount: z.number(),
    currency: z.string(),
    createdTime: z.string(),
  })
  .openapi('LedgerEntry')

const csvAtOnce = 1_000

/** `GET /v2/ops/ledger`: every entry of the ledger, to look through and for the accountant. */
export function registerListLedger(app: ApiApp, parts: ApiParts): void {
  const { sql } = parts.database
  const route = createRoute({
    method: 'get',
    path: '/v2/ops/ledger',
    tags: ['Operations'],
    security: session,
    middleware: [requireOperator(parts)] as const,
    summary: 'List the entries of the ledger',
    request: {
      query: entryQuery.extend({ account: z.string().min(1).max(200).optional(), orderId: idParam.optional() }),
    },
    responses: { 200: jsonOrCsv(listOf(entrySchema), 'Newest first.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { account, orderId, format, limit, startingAfter, endingBefore, ...query } = c.req.valid('query')
    const filter = { account, orderId, ...toEntryFilter(query) }
    if (wantsCsv(c, format))
      return sendCsv(c, {
        filename: 'ledger.csv',
        header: ['id', 'createdTime', 'correlationKey', 'orderId', 'account', 'amount', 'currency', 'payoutId'],
        toCells,
        read: async (after: string | undefined) => {
          const { hasMore, entries } = await listEntries(sql, filter, { limit: csvAtOnce, startingAfter: after })
          return { rows: entries, next: hasMore ? String(entries.at(-1)?.id) : undefined }
        },
      })
    const { hasMore, entries } = await listEntries(sql, filter, { limit, startingAfter, endingBefore })
    return c.json({ hasMore, data: entries.map(toEntry) }, 200)
  })
}

const toCells = ({ id, createdAt, correlationKey, orderId, payoutId, account, amount, currency }: LedgerEntry) => [
  id,
  iso(createdAt),
  correlationKey,
  orderId,
  account,
  decimalAmount(amount, currency),
  currency,
  payoutId,
]

const toEntry = ({ id, createdAt, amount, ...entry }: LedgerEntry) => ({
  ...entry,
  id: String(id),
  amount: toMajor(amount, entry.currency),
  createdTime: iso(createdAt),
})
