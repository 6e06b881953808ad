import { createRoute, z } from '@hono/zod-openapi'
import type { FileParts } from '../../../files/files.ts'
import { openDownload } from '../../../goods/open-download.ts'
import type { ApiApp } from '../../env.ts'
import { refusal } from '../../envelope.ts'
import { openToAnyone } from '../../gates.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { isHead, sendFile } from './send-file.ts'

/** `GET /v2/downloads/{token}`: a signed, short-lived link to a file, counted once and resumable while it lasts. */
export function registerDownloadFile(app: ApiApp, parts: ApiParts & FileParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/downloads/{token}',
    tags: ['Digital products'],
    summary: 'Download a file by its signed link',
    security: [],

    request: { params: z.object({ token: z.string() }) },
    responses: {
      200: { description: 'The file, always as an attachment.' },
      206: { description: 'The part of it that `Range` asks for.' },
      302: { description: 'To the storage, where files are kept in a bucket.' },
      402: refusal('`order_not_paid`'),
      404: refusal('No link of ours, or its file is gone.'),
      410: refusal('`download_expired`, `download_limit_reached` or `delivery_revoked`'),
      416: refusal('`invalid_range`'),
    },
  })
  app.openAPIRegistry.registerPath(route)
  app.get('/v2/downloads/:token', openToAnyone, async (c) => {
    c.header('cache-control', 'private, no-store')
    const download = await openDownload(parts, c.req.param('token'), { count: !isHead(c) })
    return sendFile(c, parts, download)
  })
}
