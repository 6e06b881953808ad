import { createRoute, z } from '@hono/zod-openapi'
import { deleteFileLink, updateFileLink } from '../../../files/file-links.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, secretKey } from '../../schemas.ts'
import { fileLinkSchema, toFileLinkJson } from './file-link-json.ts'

/** `POST` and `DELETE /v2/file-links/{id}`: until when a link works. */
export function registerUpdateFileLink(app: ApiApp, parts: ApiParts): void {
  const params = z.object({ id: idParam })
  const shared = {
    path: '/v2/file-links/{id}',
    tags: ['Files'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
  }
  app.openapi(
    createRoute({
      ...shared,
      method: 'post',
      summary: 'Change until when a link works',
      request: { params, ...jsonBody(z.object({ expiresTime: z.iso.datetime({ offset: true }) })) },
      responses: { 200: json(fileLinkSchema, 'The link.'), ...errorResponses },
    }),
    async (c) => {
      const { merchantId } = c.get('caller')
      const answer = await answerOnce(c, parts, async (tx) => {
        const link = await updateFileLink(tx, merchantId, c.req.valid('param').id, c.req.valid('json').expiresTime)
        return { status: 200 as const, body: toFileLinkJson(parts, link) }
      })
      return c.json(answer.body as z.infer<typeof fileLinkSchema>, answer.status)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'delete',
      summary: 'Take a link back',
      request: { params },
      responses: { 204: { description: 'Its address is gone.' }, ...errorResponses },
    }),
    async (c) => {
      await deleteFileLink(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
}
