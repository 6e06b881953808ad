import { createRoute, z } from '@hono/zod-openapi'
import { findingKinds } from '../../../audit/audit-finding.entity.ts'
import { findingStates } from '../../../audit/audit-finding.state-machine.ts'
import { type Finding, listFindings } from '../../../audit/findings.ts'
import { iso } from '../../../database/database.ts'
import { toMajor } from '../../../platform/money.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, listOf, pageQuery } from '../../schemas.ts'
import { session } from './session-security.ts'

const findingSchema = z
  .object({
    id: z.string(),
    provider: z.string(),
    currency: z.string(),
    subject: z.string().openapi({ description: 'A charge, an operation, or a line of the provider’s books.' }),
    orderId: z.string().nullable(),
    kind: z.enum(findingKinds),
    theirs: z.number(),
    ours: z.number(),
    state: z.enum(findingStates),
    reason: z.string().nullable(),
    author: z.string().nullable(),
    createdTime: z.string(),
  })
  .openapi('AuditFinding')

/** `GET /v2/ops/audit-findings`: where the providers' books and the ledger disagree. */
export function registerListFindings(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/ops/audit-findings',
    tags: ['Operations'],
    security: session,
    middleware: [requireOperator(parts)] as const,
    summary: 'List where the books disagree',
    request: {
      query: pageQuery.pick({ limit: true, startingAfter: true }).extend({ state: z.enum(findingStates).optional() }),
    },
    responses: { 200: json(listOf(findingSchema), 'The findings.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { state, ...page } = c.req.valid('query')
    const { hasMore, findings } = await listFindings(parts.database.sql, state, page)
    return c.json({ hasMore, data: findings.map(toFinding) }, 200)
  })
}

const toFinding = ({ createdAt, theirs, ours, ...finding }: Finding) => ({
  ...finding,
  theirs: toMajor(theirs, finding.currency),
  ours: toMajor(ours, finding.currency),
  createdTime: iso(createdAt),
})
