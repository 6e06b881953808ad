import { createRoute, z } from '@hono/zod-openapi'
import { readDocument } from '../../../documents/read-document.ts'
import { openFileLink } from '../../../files/file-links.ts'
import type { ApiApp } from '../../env.ts'
import { refusal } from '../../envelope.ts'
import { openToAnyone } from '../../gates.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { sendEInvoice } from '../files/send-e-invoice.ts'

/** `GET /v2/file-links/{token}/e-invoice`: the invoice or credit memo of a PDF behind a link by EN 16931, for whoever has the link. */
export function registerReadLinkedEInvoice(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/file-links/{token}/e-invoice',
    tags: ['Files'],
    summary: 'Download an invoice or credit memo as UBL by its public link',
    security: [],

    request: { params: z.object({ token: z.string() }) },
    responses: {
      200: { description: 'UBL 2.1 by EN 16931, as an attachment.' },
      404: refusal('No link of ours, or it was taken back.'),
      409: refusal('`not_an_invoice`'),
      410: refusal('`download_expired`'),
    },
  })
  app.openAPIRegistry.registerPath(route)
  app.get('/v2/file-links/:token/e-invoice', openToAnyone, async (c) => {
    const { id: fileId, merchantId } = await openFileLink(parts, c.req.param('token'))
    return sendEInvoice(c, await readDocument(parts.database.sql, { merchantId, fileId }))
  })
}
