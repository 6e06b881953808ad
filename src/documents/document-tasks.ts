import type { NewTask } from '../../queues/outbox.ts'
import type { Config } from '../platform/config.ts'
import { callsForWork } from '../timeline/event-types.ts'

/** A recorded line of an order's timeline, as far as it calls for a document. */
type Line = {
  orderId: string
  fulfilledBy: 'engine' | 'merchant'
  kind: string
  subject: string
  subjectId: string
  to: string | null
}

/**
 * The document that a line of the timeline calls for: the invoice of an order whose goods are decided and whose money is captured, the
 * credit memo of a refund that succeeded. Orders of carts have them only where the installation wants that. Beside them stand the records of
 * its tax, where that is not calculated by our own table.
 */
export function documentTasks(
  line: Line,
  { invoicesForCarts, taxCalculator }: Pick<Config, 'invoicesForCarts' | 'taxCalculator'>,
): NewTask[] {
  if (!callsForWork(line)) return []
  const issued = line.fulfilledBy === 'merchant' || invoicesForCarts
  return [...(issued ? papersOf(line) : []), ...(taxCalculator === 'table' ? [] : taxRecordsOf(line))]
}

/** What has to be recorded with whoever calculates the taxes: a sale, or what went back of one. */
function taxRecordsOf({ orderId, subject, subjectId, to }: Line): NewTask[] {
  if (to === 'failed') return []
  if (subject === 'order') return [{ job: 'record-tax', payload: { orderId }, dedupeKey: taxRecordKey(orderId) }]
  return [
    {
      job: 'reverse-tax',
      payload: { orderId, refundId: subjectId },
      dedupeKey: `${orderId}-tax-reversal-${subjectId}`,
    },
  ]
}

/** What keeps a sale from being called to be recorded twice. */
export const taxRecordKey = (orderId: string): string => `${orderId}-tax-1`

function papersOf({ orderId, subject, subjectId, to }: Line): NewTask[] {
  if (subject === 'order') return [{ job: 'create-invoice', payload: { orderId }, dedupeKey: invoiceKey(orderId) }]
  return [creditMemoTask(orderId, subjectId, to)]
}

/** Calls for the credit memo of a refund because of what happened: it succeeded, it failed since, or its order has an invoice now. */
export const creditMemoTask = (orderId: string, refundId: string, why: string | null): NewTask => ({
  job: 'create-credit-memo',
  payload: { orderId, refundId },
  dedupeKey: `${orderId}-credit-memo-${refundId}${why === 'succeeded' ? '' : `-${why}`}`,
})

/** What keeps an order from having two invoices called for. */
export const invoiceKey = (orderId: string): string => `${orderId}-invoice-1`
