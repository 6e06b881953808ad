import type { Sql } from '../database/database.ts'
import { createFileLink, fileLinkUrl, linkedEInvoiceUrl } from '../files/file-links.ts'
import type { FileParts } from '../files/files.ts'
import type { OrderView } from '../order-view/read-order.ts'
import type { Config } from '../platform/config.ts'
import { ApiError } from '../platform/errors.ts'
import type { MailCause, PaperLinks } from './mail-order.ts'

export type PaperParts = { database: { sql: Sql } } & Pick<FileParts, 'files'> & { config: Config }

/** Makes a public link to an invoice or credit memo; undefined when its file is gone, since whoever asks has seen it. */
export async function linkPaper(
  { database, ...parts }: PaperParts,
  paper: { merchantId: string; fileId: string; liveMode: boolean },
): Promise<PaperLinks | undefined> {
  const link = await createFileLink(database, paper).catch(ifGone)
  if (!link) return undefined
  const { id } = link
  return { pdfUrl: fileLinkUrl(parts, id), eInvoiceUrl: linkedEInvoiceUrl(parts, id) }
}

function ifGone(error: unknown): undefined {
  if (error instanceof ApiError && error.code === 'not_found') return undefined
  throw error
}

/** An invoice of an order with public links to it; undefined when its file is gone. */
export async function linkInvoice(
  parts: PaperParts,
  { documents, liveMode }: Pick<OrderView, 'documents' | 'liveMode'>,
  { merchantId, fileId }: { merchantId: string; fileId: string },
): Promise<MailCause['invoice']> {
  const invoice = documents.find((document) => document.fileId === fileId)
  if (!invoice) return undefined
  const links = await linkPaper(parts, { merchantId, fileId, liveMode })
  return links && { number: invoice.number, ...links }
}
