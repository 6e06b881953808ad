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
 * credit memo of a refund that succeeded. Orders of carts have them only where the installation wants that.
 */
export function documentTasks(line: Line, { invoicesForCarts }: Pick<Config, 'invoicesForCarts'>): NewTask[] {
  if (!callsForWork(line) || (line.fulfilledBy === 'engine' && !invoicesForCarts)) return []
  const { orderId, subject, subjectId } = line
  if (subject === 'order') return [{ job: 'create-invoice', payload: { orderId }, dedupeKey: invoiceKey(orderId) }]
  return [
    {
      job: 'create-credit-memo',
      payload: { orderId, refundId: subjectId },
      dedupeKey: `${orderId}-credit-memo-${subjectId}`,
    },
  ]
}

/** What keeps an order from having two invoices called for. */
export const invoiceKey = (orderId: string): string => `${orderId}-invoice-1`
