import { createRoute, z } from '@hono/zod-openapi'
import { deleteFile } from '../../../documents/delete-file.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, secretKey } from '../../schemas.ts'

/** `DELETE /v2/files/{id}`: what was issued or sold cannot be removed. */
export function registerDeleteFile(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'delete',
    path: '/v2/files/{id}',
    tags: ['Files'],
    summary: 'Remove a file and its links',
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    request: { params: z.object({ id: idParam }) },
    responses: { 204: { description: 'Gone.' }, ...errorResponses },
  })
  app.openapi(route, async (c) => {
    await deleteFile(parts, c.get('caller').merchantId, c.req.valid('param').id)
    return c.body(null, 204)
  })
}
