import { createRoute, z } from '@hono/zod-openapi'
import { listStatements, readStatement } from '../../../audit/read-statements.ts'
import { providerNames } from '../../../providers/registry.ts'
import type { ApiApp } from '../../env.ts'
import { requireBookkeeper } from '../../middleware/require-bookkeeper.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, listOf, pageQuery } from '../../schemas.ts'
import { readPeriod, timeQuery } from '../../time-filter.ts'
import { bookkeeperSecurity } from './enter-statement.ts'
import { statementSchema, summarySchema, toStatementJson, toSummaryJson } from './statement-json.ts'

/** `GET /v2/settlements/statements` and `GET /v2/settlements/statements/{id}`: statements of providers that were entered. */
export function registerReadStatements(app: ApiApp, parts: ApiParts): void {
  const shared = {
    method: 'get' as const,
    tags: ['Settlements'],
    security: bookkeeperSecurity,
    middleware: requireBookkeeper(parts),
  }
  app.openapi(
    createRoute({
      ...shared,
      path: '/v2/settlements/statements',
      summary: 'List the statements that were entered',
      request: {
        query: pageQuery.extend({
          provider: z.enum(providerNames).optional().openapi({ description: 'Only those of this provider.' }),
          ...timeQuery('enteredTime'),
        }),
      },
      responses: { 200: json(listOf(summarySchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, endingBefore, provider, ...asked } = c.req.valid('query')
      const page = { limit, startingAfter, endingBefore }
      const entered = readPeriod(asked, 'enteredTime')
      const { hasMore, statements } = await listStatements(parts.database.sql, page, { provider, entered })
      return c.json({ hasMore, data: statements.map(toSummaryJson) }, 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      path: '/v2/settlements/statements/{id}',
      summary: 'Read a statement that was entered',
      request: { params: z.object({ id: idParam }) },
      responses: { 200: json(statementSchema, 'As it compared when it was entered last.'), ...errorResponses },
    }),
    async (c) => c.json(toStatementJson(await readStatement(parts.database.sql, c.req.valid('param').id)), 200),
  )
}
