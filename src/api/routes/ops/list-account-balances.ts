import { createRoute, z } from '@hono/zod-openapi'
import { type AccountBalance, listAccountBalances } from '../../../ledger/list-entries.ts'
import { toMajor } from '../../../platform/money.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, listOf, pageQuery } from '../../schemas.ts'
import { session } from './session-security.ts'

const balanceSchema = z
  .object({ id: z.string(), account: z.string(), currency: z.string(), balance: z.number() })
  .openapi('AccountBalance')

const balanceId = z.string().regex(/^\S{1,200} [A-Z]{3}$/, 'is no id of a balance')

/** `GET /v2/ops/ledger/balances`: every account that has something, or owes it. */
export function registerListAccountBalances(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/ops/ledger/balances',
    tags: ['Operations'],
    security: session,
    middleware: [requireOperator(parts)] as const,
    summary: 'List the balances of all accounts that are not zero',
    request: { query: pageQuery.pick({ limit: true }).extend({ startingAfter: balanceId.optional() }) },
    responses: { 200: json(listOf(balanceSchema), 'By account and currency.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { limit, startingAfter } = c.req.valid('query')
    const [account = '', currency = ''] = startingAfter?.split(' ') ?? []
    const after = startingAfter === undefined ? undefined : { account, currency }
    const { hasMore, balances } = await listAccountBalances(parts.database.sql, { limit, after })
    return c.json({ hasMore, data: balances.map(toBalance) }, 200)
  })
}

const toBalance = ({ account, currency, balance }: AccountBalance) => ({
  id: `${account} ${currency}`,
  account,
  currency,
  balance: toMajor(balance, currency),
})
