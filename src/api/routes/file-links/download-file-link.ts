import { createRoute, z } from '@hono/zod-openapi'
import { openFileLink } from '../../../files/file-links.ts'
import type { ApiApp } from '../../env.ts'
import { refusal } from '../../envelope.ts'
import { openToAnyone } from '../../gates.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { sendFile } from '../files/send-file.ts'

/** `GET /v2/file-links/{token}/content`: the file behind a link, for whoever has it. */
export function registerDownloadFileLink(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/file-links/{token}/content',
    tags: ['Files'],
    summary: 'Download a file by its public link',
    security: [],

    request: { params: z.object({ token: z.string() }) },
    responses: {
      200: { description: 'The file, always as an attachment.' },
      206: { description: 'The part of it that `Range` asks for.' },
      302: { description: 'To the storage, where files are kept in a bucket.' },
      404: refusal('No link of ours, or it was taken back.'),
      410: refusal('`download_expired`'),
      416: refusal('`invalid_range`'),
    },
  })
  app.openAPIRegistry.registerPath(route)
  app.get('/v2/file-links/:token/content', openToAnyone, async (c) => {
    const file = await openFileLink(parts, c.req.param('token'))
    return sendFile(c, parts, { file, filename: file.filename })
  })
}
