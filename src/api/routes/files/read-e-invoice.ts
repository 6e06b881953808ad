import { createRoute, z } from '@hono/zod-openapi'
import { readDocument } from '../../../documents/read-document.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, secretKey } from '../../schemas.ts'
import { sendEInvoice } from './send-e-invoice.ts'

/** `GET /v2/files/{id}/e-invoice`: the invoice or credit memo of a PDF by EN 16931, for whoever may open that. */
export function registerReadEInvoice(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v2/files/{id}/e-invoice',
    tags: ['Files'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    summary: 'Download an invoice or credit memo as UBL',
    request: { params: z.object({ id: idParam }) },
    responses: { 200: { description: 'UBL 2.1 by EN 16931, as an attachment.' }, ...errorResponses },
  })
  app.openapi(route, async (c) => {
    const { merchantId } = c.get('caller')
    const document = await readDocument(parts.database.sql, { merchantId, fileId: c.req.valid('param').id })
    return sendEInvoice(c, document)
  })
}
