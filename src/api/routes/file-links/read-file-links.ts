import { createRoute, z } from '@hono/zod-openapi'
import { listFileLinks, readFileLink } from '../../../files/file-links.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idList, idParam, json, listOf, pageQuery, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { fileLinkSchema, toFileLinkJson } from './file-link-json.ts'

/** `GET /v2/file-links` and `/v2/file-links/{id}`. */
export function registerReadFileLinks(app: ApiApp, parts: ApiParts): void {
  const { sql } = parts.database
  const shared = {
    method: 'get' as const,
    tags: ['Files'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
  }
  app.openapi(
    createRoute({
      ...shared,
      path: '/v2/file-links/{id}',
      summary: 'Read a link to a file',
      request: { params: z.object({ id: idParam }) },
      responses: { 200: json(fileLinkSchema, 'The link.'), ...errorResponses },
    }),
    async (c) => {
      const link = await readFileLink(sql, c.get('caller').merchantId, c.req.valid('param').id)
      return c.json(toFileLinkJson(parts, link), 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      path: '/v2/file-links',
      summary: 'List links to files',
      request: {
        query: pageQuery.extend({
          fileId: idParam.optional(),
          expired: z.stringbool().optional(),
          ...createdQuery,
          ids: idList.optional(),
        }),
      },
      responses: { 200: json(listOf(fileLinkSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, endingBefore, ...asked } = c.req.valid('query')
      const filter = { ...asked, created: readPeriod(asked) }
      const page = { limit, startingAfter, endingBefore }
      const { hasMore, links } = await listFileLinks(sql, c.get('caller').merchantId, filter, page)
      return c.json({ hasMore, data: links.map((link) => toFileLinkJson(parts, link)) }, 200)
    },
  )
}
