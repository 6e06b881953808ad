import { createRoute, z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { type JournalLine, listJournal } from '../../../ledger/list-journal.ts'
import { decimalAmount, toMajor } from '../../../platform/money.ts'
import { sendCsv, wantsCsv } from '../../csv.ts'
import { entryQuery, jsonOrCsv, toEntryFilter } from '../../entry-query.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, listOf } from '../../schemas.ts'
import { session } from './session-security.ts'

const lineSchema = z
  .object({
    id: z.string(),
    reference: z.string().openapi({ description: 'What was booked; the two rows of the ledger have the same.' }),
    orderId: z.string().nullable(),
    from: z.string().openapi({ description: 'The account that has less by it, which is credited.' }),
    to: z.string().openapi({ description: 'The account that has more by it, which is debited.' }),
    amount: z.number().positive(),
    currency: z.string(),
    createdTime: z.string(),
  })
  .openapi('JournalLine')

const csvAtOnce = 1_000

/** `GET /v2/ops/journal`: every movement of money, one line each, as an accountant's program takes it. */
export function registerListJournal(app: ApiApp, parts: ApiParts): void {
  const { sql } = parts.database
  const route = createRoute({
    method: 'get',
    path: '/v2/ops/journal',
    tags: ['Operations'],
    security: session,
    middleware: [requireOperator(parts)] as const,
    summary: 'List the movements of money',
    request: { query: entryQuery },
    responses: { 200: jsonOrCsv(listOf(lineSchema), 'Newest first.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { format, limit, startingAfter, endingBefore, ...query } = c.req.valid('query')
    const filter = toEntryFilter(query)
    if (wantsCsv(c, format))
      return sendCsv(c, {
        filename: 'journal.csv',
        header: ['date', 'createdTime', 'reference', 'orderId', 'debit', 'credit', 'amount', 'currency'],
        toCells,
        read: async (after: string | undefined) => {
          const { hasMore, lines } = await listJournal(sql, filter, { limit: csvAtOnce, startingAfter: after })
          return { rows: lines, next: hasMore ? String(lines.at(-1)?.id) : undefined }
        },
      })
    const { hasMore, lines } = await listJournal(sql, filter, { limit, startingAfter, endingBefore })
    return c.json({ hasMore, data: lines.map(toLine) }, 200)
  })
}

const toCells = ({ createdAt, reference, orderId, from, to, amount, currency }: JournalLine) => [
  iso(createdAt).slice(0, 10),
  iso(createdAt),
  reference,
  orderId,
  to,
  from,
  decimalAmount(amount, currency),
  currency,
]

const toLine = ({ id, createdAt, amount, ...line }: JournalLine) => ({
  ...line,
  id: String(id),
  amount: toMajor(amount, line.currency),
  createdTime: iso(createdAt),
})
