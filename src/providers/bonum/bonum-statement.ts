import type { StatementFormat } from '../statement-format.ts'

/**
 * Bonum documents no file of its own: these are the names of its webhooks, with an id for the line, as its merchants' portal is to export
 * them. Times are those of Ulaanbaatar; amounts have no sign, the type says which way the money went.
 */
export const bonumStatement: StatementFormat = {
  columns: {
    reference: 'reference',
    payment: ['invoiceId', 'transactionId'],
    kind: 'type',
    amount: 'amount',
    fee: 'fee',
    currency: 'currency',
    at: 'completedAt',
  },
  kinds: { PAYMENT: 'charge', REFUND: 'refund', REVERSE: 'refund', FEE: 'fee', PAYOUT: 'payout' },
  sign: 'by_kind',
  groupSeparator: ',',
  utcOffset: '+08:00',
}
