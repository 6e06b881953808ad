import { createRoute, z } from '@hono/zod-openapi'
import { readTaxReport, type TaxReportLine } from '../../../ledger/read-tax-report.ts'
import { decimalAmount, toMajor } from '../../../platform/money.ts'
import { sendCsv, wantsCsv } from '../../csv.ts'
import { jsonOrCsv } from '../../entry-query.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses } from '../../schemas.ts'
import { monthSchema, timeOf } from '../../statement-month.ts'
import { session } from './session-security.ts'

const lineSchema = z
  .object({
    sellingEntity: z.string(),
    country: z.string(),
    region: z.string().nullable(),
    currency: z.string(),
    sales: z.number().int(),
    collected: z.number(),
    refunds: z.number().int(),
    returned: z.number(),
    owed: z.number().openapi({ description: 'What was collected less what was given back.' }),
  })
  .openapi('TaxReportLine')

/** `GET /v2/ops/tax-report`: what the installation's selling entities owe for a month, by place. */
export function registerReadTaxReport(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/ops/tax-report',
    tags: ['Operations'],
    security: session,
    middleware: [requireOperator(parts)] as const,
    summary: 'Read the taxes of a month',
    request: { query: z.object({ month: monthSchema, format: z.enum(['json', 'csv']).optional() }) },
    responses: {
      200: jsonOrCsv(z.object({ data: z.array(lineSchema) }), 'By selling entity, place and currency.'),
      ...errorResponses,
    },
  })
  app.openapi(route, async (c) => {
    const { month, format } = c.req.valid('query')
    const lines = await readTaxReport(parts.database, timeOf(month))
    if (wantsCsv(c, format))
      return sendCsv<TaxReportLine, never>(c, {
        filename: `tax-report-${month}.csv`,
        header: ['sellingEntity', 'country', 'region', 'currency', 'sales', 'collected', 'refunds', 'returned', 'owed'],
        toCells,
        read: async () => ({ rows: lines, next: undefined }),
      })
    return c.json({ data: lines.map(toLine) }, 200)
  })
}

const toCells = ({ sellingEntity, country, region, currency, ...line }: TaxReportLine) => {
  const decimal = (amount: number) => decimalAmount(amount, currency)
  const { sales, collected, refunds, returned, owed } = line
  return [
    sellingEntity,
    country,
    region,
    currency,
    sales,
    decimal(collected),
    refunds,
    decimal(returned),
    decimal(owed),
  ]
}

const toLine = ({ collected, returned, owed, ...line }: TaxReportLine) => ({
  ...line,
  collected: toMajor(collected, line.currency),
  returned: toMajor(returned, line.currency),
  owed: toMajor(owed, line.currency),
})
