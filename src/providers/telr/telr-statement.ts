import type { StatementFormat } from '../statement-format.ts'

/**
 * Telr documents no file of its own: these are the names of its advice, one line for each transaction, as its merchants' pages are to export
 * them. A payment is named by its transaction or by its cart. Times are those of Dubai; amounts have no sign, the type says which way the
 * money went.
 */
export const telrStatement: StatementFormat = {
  columns: {
    reference: 'tran_ref',
    payment: ['tran_ref', 'tran_cartid'],
    kind: 'tran_type',
    amount: 'tran_amount',
    fee: 'fee',
    currency: 'tran_currency',
    at: 'date',
  },
  kinds: { SALE: 'charge', CAPTURE: 'charge', REFUND: 'refund', FEE: 'fee', PAYOUT: 'payout' },
  sign: 'by_kind',
  groupSeparator: ',',
  utcOffset: '+04:00',
}
