import type { Context } from 'hono'
import { readDocument } from '../../../documents/read-document.ts'
import { readFile } from '../../../files/files.ts'
import type { OrderView } from '../../../order-view/read-order.ts'
import { ApiError } from '../../../platform/errors.ts'
import { sendEInvoice } from '../files/send-e-invoice.ts'
import { sendFile } from '../files/send-file.ts'
import type { PageParts } from './page-app.ts'

/** An order's papers, as far as whoever opens its page may have them. */
export type OpenedPapers = { merchantId: string; documents: OrderView['documents'] }

/**
 * One paper of an order, as the PDF or with `format` `xml` by EN 16931.
 * @throws ApiError `not_found`, also for the paper of another order
 */
export async function sendPaper(c: Context, parts: PageParts, { merchantId, documents }: OpenedPapers) {
  const { sql } = parts.database
  const wanted = documents.find(({ fileId }) => fileId === c.req.param('fileId'))
  if (!wanted) throw new ApiError('not_found')
  const owner = { merchantId, fileId: wanted.fileId }
  switch (c.req.param('format')) {
    case 'pdf': {
      const file = await readFile(sql, owner)
      return sendFile(c, parts, { file, filename: file.filename })
    }
    case 'xml':
      return sendEInvoice(c, await readDocument(sql, owner))
    default:
      throw new ApiError('not_found')
  }
}
