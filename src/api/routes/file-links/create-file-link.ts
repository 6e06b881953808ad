import { createRoute, z } from '@hono/zod-openapi'
import { createFileLink } from '../../../files/file-links.ts'
import { isLive } from '../../../providers/providers.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, metadataSchema, secretKey } from '../../schemas.ts'
import { fileLinkSchema, toFileLinkJson } from './file-link-json.ts'

/** `POST /v2/file-links`: a public address of a file, to be given to a customer. */
export function registerCreateFileLink(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/file-links',
    tags: ['Files'],
    summary: 'Make a public link to a file',
    description: 'Without `expiresTime` the link lives for thirty days.',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: jsonBody(
      z.object({
        fileId: idParam,
        expiresTime: z.iso.datetime({ offset: true }).optional(),
        metadata: metadataSchema.optional(),
      }),
    ),
    responses: { 201: json(fileLinkSchema, 'The link.'), ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const liveMode = isLive(parts.providers)
    const { fileId, expiresTime, metadata } = c.req.valid('json')
    const answer = await answerOnce(c, parts, async (tx) => {
      const link = await createFileLink(tx, { merchantId, liveMode, fileId, expiresAt: expiresTime, metadata })
      return { status: 201 as const, body: toFileLinkJson(parts, link) }
    })
    return c.json(answer.body as z.infer<typeof fileLinkSchema>, answer.status)
  })
}
