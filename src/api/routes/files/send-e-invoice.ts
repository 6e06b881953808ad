import type { Context } from 'hono'
import type { DocumentData } from '../../../documents/document-data.ts'
import { toElectronicInvoice } from '../../../documents/e-invoice.ts'
import { attachment } from '../../../files/filename.ts'

/** Answers with an invoice or credit memo as UBL 2.1 by EN 16931. */
export const sendEInvoice = (c: Context, document: DocumentData): Response =>
  c.body(toElectronicInvoice(document), 200, {
    'content-type': 'application/xml; charset=utf-8',
    'content-disposition': attachment(`${document.number}.xml`),
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  })
