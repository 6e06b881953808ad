import { createRoute, z } from '@hono/zod-openapi'
import { type FileParts, readFile } from '../../../files/files.ts'
import { createDownloadUrl } from '../../../goods/download-grants.ts'
import type { ApiApp } from '../../env.ts'
import { refusal } from '../../envelope.ts'
import { requireSeller } from '../../middleware/require-seller.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { sellerSecurity } from './seller-security.ts'

/** `GET /v2/digital/files/{id}`: the address a product holds. Only the file's owner is sent on to the content. */
export function registerReadFile(app: ApiApp, parts: ApiParts & FileParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/digital/files/{id}',
    tags: ['Digital products'],
    summary: 'Download a file of your own',
    security: sellerSecurity,
    middleware: requireSeller(parts, 'files'),
    request: { params: z.object({ id: z.string() }) },
    responses: {
      302: { description: 'To a short-lived address of the content.' },
      401: refusal('Nobody is signed in, and no secret key was sent.'),
      403: refusal('A publishable key.'),
      404: refusal('Unknown, or not yours.'),
    },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('seller')
    const file = await readFile(parts.database.sql, { merchantId, fileId: c.req.valid('param').id })
    c.header('cache-control', 'private, no-store')
    return c.redirect(await createDownloadUrl(parts, { fileId: file.id }), 302)
  })
}
