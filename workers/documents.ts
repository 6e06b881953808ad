import { createDocumentFonts } from '../src/documents/document-fonts.ts'
import { createCreditMemo, createInvoice } from '../src/documents/issue-documents.ts'
import { recordTax, reverseTax } from '../src/documents/record-tax.ts'
import { runQueue } from '../src/tasks/task-runner.ts'
import { runProcess, type StartWorker } from './run.ts'

/** Makes invoices and credit memos, and records sales for the tax returns. */
export const documents: StartWorker = (parts) => {
  const issuing = { ...parts, fonts: createDocumentFonts() }
  return runQueue(parts, 'documents', {
    'create-invoice': ({ taskId, payload }) => createInvoice(issuing, payload.orderId, taskId),
    'create-credit-memo': ({ taskId, payload }) => createCreditMemo(issuing, payload, taskId),
    'record-tax': ({ taskId, payload }) => recordTax(parts, payload.orderId, taskId),
    'reverse-tax': ({ taskId, payload }) => reverseTax(parts, payload, taskId),
  })
}

if (import.meta.main) await runProcess('documents', documents)
