import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { isDemoSeller } from '../checkouts/demo-selling-entities.ts'
import { insertRows, type NewRow, statement } from '../database/statement.ts'
import type { FilePurpose } from '../files/file.entity.ts'
import type { FileParts } from '../files/files.ts'
import { storeMadeFile } from '../files/store-made-file.ts'
import { type OrderView, readOrder } from '../order-view/read-order.ts'
import { notifyBuyer } from '../orders/notify-buyer.ts'
import { lockOrder } from '../orders/order-row.ts'
import { newId } from '../platform/ids.ts'
import { TaskBusy, TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import {
  type DocumentData,
  type DocumentKind,
  type Issue,
  toCreditMemo,
  toInvoice,
  toReinvoice,
} from './document-data.ts'
import type { DocumentFonts } from './document-fonts.ts'
import { nextNumber, readIssuer } from './document-number.ts'
import { creditMemoTask, invoiceKey } from './document-tasks.ts'
import { renderDocument } from './invoice-pdf.ts'

export type DocumentParts = UnitOfWork & Pick<FileParts, 'files'> & { fonts: DocumentFonts }

type StoredDocument = {
  order: Pick<OrderView, 'id' | 'fulfilledBy'>
  merchantId: string
  kind: DocumentKind
  fileId: string
  data: DocumentData
}

const purposes: Record<DocumentKind, FilePurpose> = {
  invoice: 'customer_invoice',
  credit_memo: 'customer_credit_memo',
}
const events: Record<DocumentKind, string> = {
  invoice: 'order.invoice.created',
  credit_memo: 'order.credit_memo.created',
}

/** Issues the invoice of an order; an order of which nothing was captured has none. */
export async function createInvoice(parts: DocumentParts, orderId: string, taskId: string): Promise<void> {
  const document = await inTransaction(parts, async (tx) => {
    const order = await lockAndRead(tx, orderId)
    const issued =
      order &&
      (await issueOnce(tx, order, { kind: 'invoice', refundId: null }, (issue) => toInvoice(order.view, issue)))
    if (!issued) tx.finish(taskId)
    // What went back before there was an invoice had none to take it off.
    else for (const { id } of await readRefunds(tx, { orderId })) tx.enqueue(creditMemoTask(orderId, id, 'invoiced'))
    return issued
  })
  if (document) await storeFile(parts, document, taskId)
}

const readRefunds = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('refunds as r')
    .select('r.id')
    .where('r.order_id', '=', $.orderId)
    .where('r.refunded_amount', '>', 0)
    .where('r.state', 'in', ['succeeded', 'failed'])
    .where((r) =>
      r.not(
        r.exists(
          r
            .selectFrom('order_documents as d')
            .select('d.id')
            .whereRef('d.order_id', '=', 'r.order_id')
            .whereRef('d.refund_id', '=', 'r.id'),
        ),
      ),
    )
    .orderBy('r.created_at')
    .orderBy('r.id'),
)

const readRefund = statement<{ orderId: string; refundId: string; invoiceKey: string }>()((db, $) =>
  db
    .selectFrom('refunds as r')
    .select((r) => [
      'r.type',
      'r.refunded_amount as refundedAmount',
      sql<number>`case when ${r('r.state', '=', 'succeeded')} then ${r.ref('r.credit_amount')} else 0 end`.as(
        'creditAmount',
      ),
      'r.items',
      'r.shipping',
      'r.reason',
      r
        .selectFrom('order_documents')
        .select('number')
        .where('order_id', '=', $.orderId)
        .where('kind', '=', 'invoice')
        .where('refund_id', 'is', null)
        .as('invoiceNumber'),
      r
        .selectFrom('order_documents')
        .select((d) => sql<string>`${d.ref('data')} ->> 'issuedAt'`.as('at'))
        .where('order_id', '=', $.orderId)
        .where('kind', '=', 'invoice')
        .where('refund_id', 'is', null)
        .as('invoiceIssuedAt'),
      r
        .exists(
          r
            .selectFrom('tasks')
            .select('tasks.id')
            .where('dedupe_key', '=', $.invoiceKey)
            .where('tasks.state', 'in', ['pending', 'enqueued']),
        )
        .as('invoiceDue'),
    ])
    .where('r.id', '=', $.refundId)
    .where('r.order_id', '=', $.orderId),
)

/**
 * Issues the credit memo of a refund that succeeded, after the invoice it belongs to; what went back of an order without an invoice gets
 * one with it, or none. Of a refund that failed after its memo was issued the amount is invoiced again.
 */
export async function createCreditMemo(
  parts: DocumentParts,
  { orderId, refundId }: { orderId: string; refundId: string },
  taskId: string,
): Promise<void> {
  const document = await inTransaction(parts, async (tx) => {
    const order = await lockAndRead(tx, orderId)
    const [refund] = await readRefund(tx, { orderId, refundId, invoiceKey: invoiceKey(orderId) })
    // Both may have been called for at the same time, and a credit memo names its invoice.
    if (refund?.invoiceDue && refund.invoiceNumber === null) throw new TaskBusy()
    const issued = order && refund?.invoiceNumber ? await issueMemo(tx, order, { ...refund, id: refundId }) : undefined
    if (!issued) tx.finish(taskId)
    return issued
  })
  if (document) await storeFile(parts, document, taskId)
}

type ReadRefund = Awaited<ReturnType<typeof readRefund>>[number] & { id: string }

async function issueMemo(tx: Transaction, order: ReadOrder, refund: ReadRefund): Promise<StoredDocument | undefined> {
  const { id: refundId, invoiceNumber, invoiceIssuedAt } = refund
  const [memo] = await readStored(tx, { orderId: order.view.id, kind: 'credit_memo', refundId })
  if (memo && refund.refundedAmount === 0)
    return issueOnce(tx, order, { kind: 'invoice', refundId }, (issue) => toReinvoice(memo.data, issue))
  return issueOnce(tx, order, { kind: 'credit_memo', refundId }, (issue) =>
    toCreditMemo(order.view, refund, { ...issue, invoiceNumber, invoiceIssuedAt }),
  )
}

type ReadOrder = { merchantId: string; view: OrderView }

async function lockAndRead(tx: Transaction, orderId: string): Promise<ReadOrder | undefined> {
  const order = await lockOrder(tx, orderId)
  const view = order && (await readOrder(tx.sql, { merchantId: order.merchantId }, orderId))
  return view && { merchantId: order.merchantId, view }
}

const readStored = statement<{ orderId: string; kind: DocumentKind; refundId: string | null }>()((db, $) =>
  db
    .selectFrom('order_documents')
    .select(['file_id as fileId', 'data'])
    .where('order_id', '=', $.orderId)
    .where('kind', '=', $.kind)
    .where('refund_id', 'is not distinct from', $.refundId),
)

const insertDocument = statement<{ document: NewRow<'order_documents'> }>()((_, $) =>
  insertRows('order_documents', $.document),
)

/**
 * Stores a document with the next number, or returns the one that is stored already; undefined when there is nothing to be issued.
 * @throws TaskError `seller_is_demo` for real money that a company of nobody took
 */
async function issueOnce(
  tx: Transaction,
  { merchantId, view: order }: ReadOrder,
  { kind, refundId }: { kind: DocumentKind; refundId: string | null },
  toData: (issue: Issue) => DocumentData | undefined,
): Promise<StoredDocument | undefined> {
  const [stored] = await readStored(tx, { orderId: order.id, kind, refundId })
  if (stored) return { order, merchantId, kind, ...stored }
  if (order.liveMode && order.sellingEntity && isDemoSeller(order.sellingEntity))
    throw new TaskError('seller_is_demo', { retry: false })
  const issuer = await readIssuer(tx, merchantId, order)
  const issue = { issuedAt: new Date().toISOString(), seller: issuer.seller }
  // A number may not be taken for a document that turns out to be empty.
  if (!toData({ ...issue, number: '' })) return undefined
  const number = await nextNumber(tx, issuer, { kind, liveMode: order.liveMode })
  const data = toData({ ...issue, number })
  if (!data) return undefined
  const fileId = newId('file')
  await insertDocument(tx, {
    document: {
      id: newId('document'),
      order_id: order.id,
      merchant_id: merchantId,
      kind,
      number,
      selling_entity_id: issuer.sellingEntityId,
      refund_id: refundId,
      file_id: fileId,
      data,
    },
  })
  return { order, merchantId, kind, fileId, data }
}

/**
 * Renders a stored document, shows it to the order's merchant and mails its buyer. Outside of any transaction until the end: a worker that dies in
 * between leaves bytes that the next one writes again as they are.
 */
async function storeFile(parts: DocumentParts, document: StoredDocument, taskId: string): Promise<void> {
  const { fileId, merchantId, kind, data, order } = document
  const content = await renderDocument(data, parts.fonts)
  const storageKey = `documents/${merchantId}/${fileId}`
  const contentType = 'application/pdf'
  await parts.files.storage.put(storageKey, once(content), { contentType })
  await inTransaction(parts, async (tx) => {
    const isNew = await storeMadeFile(tx, {
      id: fileId,
      merchant_id: merchantId,
      storage_key: storageKey,
      filename: `${data.number}.pdf`,
      size: content.length,
      content_type: contentType,
      sha256: createHash('sha256').update(content).digest('hex'),
      state: 'stored',
      purpose: purposes[kind],
      title: data.number,
      order_id: order.id,
      live_mode: data.liveMode,
    })
    tx.finish(taskId)
    // A document may be called for by two tasks at once, by its refund and by its order's invoice.
    if (!isNew) return
    tx.note({
      orderId: order.id,
      kind: 'event',
      subject: 'order',
      subjectId: order.id,
      cause: events[kind],
      detail: { fileId, number: data.number },
    })
    // A credit memo comes with the mail about its refund.
    if (kind === 'invoice') notifyBuyer(tx, order, 'invoice', fileId)
  })
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content
}
