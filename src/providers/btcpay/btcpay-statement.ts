import type { StatementFormat } from '../statement-format.ts'

/**
 * The columns of the report "Legacy Invoice Export" of a BTCPay Server, one line for each payment; invoices that nobody paid have a line
 * without a payment there and are passed over. What went out has no line in it: a payout, from the report "Payouts", is written below with
 * its id as `PaymentId`, the id of its pull payment as `InvoiceId`, its original amount as `PaidCurrency` and `Payout` as `PaymentType`; a
 * payment that was confirmed and is gone, with `Invalid` and an id of its own. Coins are moved by the merchant's own wallet, so nothing is
 * kept of them and nothing is paid out to a bank.
 */
export const btcpayStatement: StatementFormat = {
  columns: {
    reference: 'PaymentId',
    payment: ['InvoiceId', 'OrderId'],
    kind: 'PaymentType',
    amount: 'PaidCurrency',
    fee: 'Fee',
    currency: 'InvoiceCurrency',
    at: 'ReceivedDate',
  },
  kinds: {
    'ON-CHAIN': 'charge',
    'OFF-CHAIN': 'charge',
    LIGHTNING: 'charge',
    'LNURL-PAY': 'charge',
    LNURL: 'charge',
    PAYOUT: 'refund',
    INVALID: 'dispute',
  },
  sign: 'by_kind',
  groupSeparator: ',',
  utcOffset: '+00:00',
  passesOver: 'unpaid',
}
