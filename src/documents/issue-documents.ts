import { createHash } from 'node:crypto'
import type { FilePurpose } from '../files/file.entity.ts'
import type { FileParts } from '../files/files.ts'
import { type OrderView, readOrder } from '../order-view/read-order.ts'
import { lockOrder } from '../orders/order-row.ts'
import { newId } from '../platform/ids.ts'
import { TaskBusy } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import {
  type CreditedRefund,
  type DocumentData,
  type DocumentKind,
  type Issue,
  toCreditMemo,
  toInvoice,
} from './document-data.ts'
import type { DocumentFonts } from './document-fonts.ts'
import { nextNumber, readIssuer } from './document-number.ts'
import { invoiceKey } from './document-tasks.ts'
import { renderDocument } from './invoice-pdf.ts'

export type DocumentParts = UnitOfWork & Pick<FileParts, 'files'> & { fonts: DocumentFonts }

type StoredDocument = { orderId: string; merchantId: string; kind: DocumentKind; fileId: string; data: DocumentData }

const purposes: Record<DocumentKind, FilePurpose> = {
  invoice: 'customer_invoice',
  credit_memo: 'customer_credit_memo',
}
const events: Record<DocumentKind, string> = {
  invoice: 'order.invoice.created',
  credit_memo: 'order.credit_memo.created',
}

/** Issues the invoice of an order (R201); an order of which nothing was captured has none. */
export async function createInvoice(parts: DocumentParts, orderId: string, taskId: string): Promise<void> {
  const document = await inTransaction(parts, async (tx) => {
    const order = await lockAndRead(tx, orderId)
    const issued =
      order &&
      (await issueOnce(tx, order, { kind: 'invoice', refundId: null }, (issue) => toInvoice(order.view, issue)))
    if (!issued) tx.finish(taskId)
    return issued
  })
  if (document) await storeFile(parts, document, taskId)
}

/** Issues the credit memo of a refund that succeeded (R202), after the invoice it belongs to. */
export async function createCreditMemo(
  parts: DocumentParts,
  { orderId, refundId }: { orderId: string; refundId: string },
  taskId: string,
): Promise<void> {
  const document = await inTransaction(parts, async (tx) => {
    const order = await lockAndRead(tx, orderId)
    const [refund] = await tx.sql<CreditedRefund & { invoiceNumber: string | null; invoiceDue: boolean }>(
      `select r.type, r.refunded_amount as "refundedAmount", r.items, r.shipping,
         (select number from order_documents where order_id = $1 and kind = 'invoice') as "invoiceNumber",
         exists (select 1 from tasks where dedupe_key = $3 and state in ('pending', 'enqueued')) as "invoiceDue"
       from refunds r where r.id = $2 and r.order_id = $1`,
      [orderId, refundId, invoiceKey(orderId)],
    )
    // Both may have been called for at the same time, and a credit memo names its invoice.
    if (refund?.invoiceDue && refund.invoiceNumber === null) throw new TaskBusy()
    const issued =
      order &&
      refund &&
      (await issueOnce(tx, order, { kind: 'credit_memo', refundId }, (issue) =>
        toCreditMemo(order.view, refund, { ...issue, invoiceNumber: refund.invoiceNumber }),
      ))
    if (!issued) tx.finish(taskId)
    return issued
  })
  if (document) await storeFile(parts, document, taskId)
}

type ReadOrder = { merchantId: string; view: OrderView }

async function lockAndRead(tx: Transaction, orderId: string): Promise<ReadOrder | undefined> {
  const order = await lockOrder(tx, orderId)
  const view = order && (await readOrder(tx.sql, { merchantId: order.merchantId }, orderId))
  return view && { merchantId: order.merchantId, view }
}

/** Stores a document with the next number, or returns the one that is stored already; undefined when there is nothing to be issued. */
async function issueOnce(
  tx: Transaction,
  { merchantId, view: order }: ReadOrder,
  { kind, refundId }: { kind: DocumentKind; refundId: string | null },
  toData: (issue: Issue) => DocumentData | undefined,
): Promise<StoredDocument | undefined> {
  const [stored] = await tx.sql<Pick<StoredDocument, 'fileId' | 'data'>>(
    `select file_id as "fileId", data from order_documents where order_id = $1 and kind = $2 and refund_id is not distinct from $3`,
    [order.id, kind, refundId],
  )
  if (stored) return { orderId: order.id, merchantId, kind, ...stored }
  const issuer = await readIssuer(tx, merchantId, order)
  const issue = { issuedAt: new Date().toISOString(), seller: issuer.seller }
  // A number may not be taken for a document that turns out to be empty.
  if (!toData({ ...issue, number: '' })) return undefined
  const number = await nextNumber(tx, issuer, { kind, liveMode: order.liveMode })
  const data = toData({ ...issue, number })
  if (!data) return undefined
  const fileId = newId('file')
  await tx.sql(
    `insert into order_documents (id, order_id, merchant_id, kind, number, selling_entity_id, refund_id, file_id, data)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb)`,
    [
      newId('document'),
      order.id,
      merchantId,
      kind,
      number,
      issuer.sellingEntityId,
      refundId,
      fileId,
      JSON.stringify(data),
    ],
  )
  return { orderId: order.id, merchantId, kind, fileId, data }
}

/**
 * Renders a stored document and shows it to the order's merchant (R207, R208). Outside of any transaction until the end: a worker that dies in
 * between leaves bytes that the next one writes again as they are.
 */
async function storeFile(parts: DocumentParts, document: StoredDocument, taskId: string): Promise<void> {
  const { fileId, merchantId, kind, data, orderId } = document
  const content = await renderDocument(data, parts.fonts)
  const storageKey = `documents/${merchantId}/${fileId}`
  const contentType = 'application/pdf'
  await parts.files.storage.put(storageKey, once(content), { contentType })
  await inTransaction(parts, async (tx) => {
    await tx.sql(
      `insert into files (id, merchant_id, storage_key, filename, size, content_type, sha256, state, purpose, title, order_id, live_mode)
       values ($1, $2, $3, $4, $5, $6, $7, 'stored', $8, $9, $10, $11) on conflict (id) do nothing`,
      [
        fileId,
        merchantId,
        storageKey,
        `${data.number}.pdf`,
        content.length,
        contentType,
        createHash('sha256').update(content).digest('hex'),
        purposes[kind],
        data.number,
        orderId,
        data.liveMode,
      ],
    )
    tx.note({
      orderId,
      kind: 'event',
      subject: 'order',
      subjectId: orderId,
      cause: events[kind],
      detail: { fileId, number: data.number },
    })
    tx.finish(taskId)
  })
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content
}
