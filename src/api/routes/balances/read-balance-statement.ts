import { createRoute, z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { readMerchantName } from '../../../merchants/merchants.ts'
import { balanceEntryTypes } from '../../../payouts/list-balance-entries.ts'
import { toMajor } from '../../../platform/money.ts'
import { type BalanceStatement, readBalanceStatement } from '../../../statements/read-balance-statement.ts'
import { sendStatementCsv, sendStatementPdf } from '../../balance-statement-response.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { currencySchema, errorResponses, secretKey } from '../../schemas.ts'
import { monthSchema } from '../../statement-month.ts'
import { ofMerchant, ofRecipient, ownerOf } from './owner.ts'
import { entrySchema, toEntry } from './read-balance-entries.ts'

const statementSchema = z
  .object({
    month: z.string(),
    currency: z.string(),
    fromTime: z.string(),
    untilTime: z.string().openapi({ description: 'The end of the month, or now where it is not over.' }),
    opening: z.number().openapi({ description: 'What was owed at the beginning.' }),
    closing: z.number().openapi({ description: 'What was owed at the end: the opening balance and all amounts.' }),
    totals: z.array(z.object({ type: z.enum(balanceEntryTypes), count: z.number().int(), amount: z.number() })),
    entries: z.array(entrySchema),
  })
  .openapi('BalanceStatement')

/** `GET /v2/balances/statement`: a month of a balance, as JSON, CSV or PDF. */
export function registerReadBalanceStatement(app: ApiApp, parts: ApiParts): void {
  const { sql } = parts.database
  const route = createRoute({
    method: 'get',
    path: '/v2/balances/statement',
    tags: ['Balances'],
    summary: 'Read the statement of a month',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: {
      query: z.object({
        month: monthSchema,
        currency: currencySchema,
        merchantId: ofMerchant,
        recipientId: ofRecipient,
        format: z.enum(['json', 'csv', 'pdf']).default('json'),
        locale: z.string().max(35).default('en_US').openapi({ description: 'The language of the PDF.' }),
      }),
    },
    responses: {
      200: {
        description: 'The oldest entry first.',
        content: {
          'application/json': { schema: statementSchema },
          'text/csv': { schema: z.string() },
          'application/pdf': { schema: z.string() },
        },
      },
      ...errorResponses,
    },
  })
  app.openapi(route, async (c) => {
    const { month, currency, format, locale, ...asked } = c.req.valid('query')
    const owner = await ownerOf(c, parts, asked)
    const statement = await readBalanceStatement(sql, owner, { month, currency })
    if (format === 'csv') return sendStatementCsv(c, statement)
    if (format === 'json') return c.json(toJson(statement), 200)
    const [merchant] = await readMerchantName(sql, { merchantId: owner.merchantId })
    const name = merchant?.name ?? owner.merchantId
    return sendStatementPdf(c, statement, { name: owner.recipientId ?? name, locale }, parts.fonts)
  })
}

const toJson = ({ from, until, opening, closing, totals, entries, ...statement }: BalanceStatement) => {
  const major = (amount: number) => toMajor(amount, statement.currency)
  return {
    ...statement,
    fromTime: iso(from),
    untilTime: iso(until),
    opening: major(opening),
    closing: major(closing),
    totals: totals.map((total) => ({ ...total, amount: major(total.amount) })),
    entries: entries.map(toEntry),
  }
}
