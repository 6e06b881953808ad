import { createRoute, z } from '@hono/zod-openapi'
import { type Balance, runAudit } from '../../../audit/run-audit.ts'
import { ApiError } from '../../../platform/errors.ts'
import { toMajor } from '../../../platform/money.ts'
import { ProviderError } from '../../../platform/provider-error.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json } from '../../schemas.ts'
import { session } from './session-security.ts'

const balanceSchema = z
  .object({
    provider: z.string(),
    currency: z.string(),
    theirs: z.number(),
    ours: z.number(),
    underWay: z.number(),
    explained: z.number(),
    unexplained: z.number(),
    openFindings: z.number().int(),
  })
  .openapi('AuditedBalance')

/** `POST /v2/ops/audits`: reads the providers' books and compares them with the ledger, now. */
export function registerRunAudit(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/ops/audits',
    tags: ['Operations'],
    security: session,
    middleware: [requireOperator(parts)] as const,
    summary: 'Compare the providers’ books with the ledger',
    responses: { 200: json(z.object({ data: z.array(balanceSchema) }), 'How they stand.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const balances = await runAudit(parts, parts.config.audit.graceMs).catch((error: unknown) => {
      throw error instanceof ProviderError ? new ApiError('provider_unavailable', { cause: error }) : error
    })
    return c.json({ data: balances.map(toBalance) }, 200)
  })
}

const toBalance = ({ provider, currency, theirs, ours, underWay, explained, unexplained, open }: Balance) => {
  const money = (amount: number) => toMajor(amount, currency)
  return {
    provider,
    currency,
    theirs: money(theirs),
    ours: money(ours),
    underWay: money(underWay),
    explained: money(explained),
    unexplained: money(unexplained),
    openFindings: open,
  }
}
