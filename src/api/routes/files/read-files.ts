import { createRoute, z } from '@hono/zod-openapi'
import { filePurposes } from '../../../files/file.entity.ts'
import { readFile } from '../../../files/files.ts'
import { listFileViews, readFileView } from '../../../files/read-files.ts'
import { isDigitalRiver, withoutNulls } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idList, idParam, json, listOf, pageQuery, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { fileSchema, toFileJson } from './file-json.ts'
import { sendFile } from './send-file.ts'

const params = z.object({ id: idParam })
const readingRoute = (parts: ApiParts) => ({
  method: 'get' as const,
  tags: ['Files'],
  security: secretKey,
  middleware: requireKey(parts.keys, 'secret'),
})

/** `GET /v2/files`, `/v2/files/{id}` and its content, which opens with a secret key only. */
export function registerReadFiles(app: ApiApp, parts: ApiParts): void {
  addReading(app, parts)
  addList(app, parts)
  addDownload(app, parts)
}

function addReading(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...readingRoute(parts),
      path: '/v2/files/{id}',
      summary: 'Read a file',
      request: { params },
      responses: { 200: json(fileSchema, 'The file with its links.'), ...errorResponses },
    }),
    async (c) => {
      const file = toFileJson(
        parts,
        await readFileView(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id),
      )
      return c.json(isDigitalRiver(c) ? withoutNulls(file) : file, 200)
    },
  )
}

function addList(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...readingRoute(parts),
      path: '/v2/files',
      summary: 'List files',
      request: {
        query: pageQuery.extend({
          ids: idList.optional(),
          purpose: z.enum(filePurposes).optional(),
          fileName: z.string().max(255).optional(),
          title: z.string().max(255).optional(),
          size: z.coerce.number().int().min(0).optional(),
          ...createdQuery,
        }),
      },
      responses: { 200: json(listOf(fileSchema), 'Uploads and documents, newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, endingBefore, ...asked } = c.req.valid('query')
      const filter = { ...asked, created: readPeriod(asked) }
      const page = { limit, startingAfter, endingBefore }
      const { hasMore, files } = await listFileViews(parts.database.sql, c.get('caller').merchantId, filter, page)
      const data = files.map((file) => toFileJson(parts, file))
      return c.json({ hasMore, data: isDigitalRiver(c) ? withoutNulls(data) : data }, 200)
    },
  )
}

function addDownload(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...readingRoute(parts),
      path: '/v2/files/{id}/content',
      summary: 'Download a file of your own',
      request: { params },
      responses: {
        200: { description: 'The file, always as an attachment.' },
        206: { description: 'The part of it that `Range` asks for.' },
        302: { description: 'To the storage, where files are kept in a bucket.' },
        ...errorResponses,
      },
    }),
    async (c) => {
      const { merchantId } = c.get('caller')
      const file = await readFile(parts.database.sql, { merchantId, fileId: c.req.valid('param').id })
      return sendFile(c, parts, { file, filename: file.filename })
    },
  )
}
