import { coins, type Invoice, type Invoices, type Payment, rate, worth } from './invoices.ts'
import type { Payout, PullPayments } from './pull-payments.ts'

const columns = [
  'ReceivedDate',
  'StoreId',
  'OrderId',
  'InvoiceId',
  'InvoiceCreatedDate',
  'InvoiceExpirationDate',
  'InvoiceMonitoringDate',
  'PaymentId',
  'Destination',
  'PaymentType',
  'CryptoCode',
  'Paid',
  'NetworkFee',
  'ConversionRate',
  'PaidCurrency',
  'InvoiceCurrency',
  'InvoicePrice',
  'InvoiceStatus',
  'InvoiceExceptionStatus',
  'Accounted',
] as const

type Line = Partial<Record<(typeof columns)[number], string>>

const timeOf = (unix: number): string => new Date(unix * 1_000).toISOString()

/** The report on invoices with what was paid out written below it, as CSV. */
export function statement(invoices: Invoices, pullPayments: PullPayments): string {
  const paidOut = [...pullPayments.payouts.oldestFirst()].filter(({ state }) => state === 'Completed')
  const lines = [...[...invoices.table.oldestFirst()].flatMap(linesOf), ...paidOut.map(lineOfPayout)]
  const rows = lines.map((line) => columns.map((column) => cell(line[column] ?? '')).join(','))
  return `${[columns.join(','), ...rows].join('\r\n')}\r\n`
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const lineOfPayout = (payout: Readonly<Payout>): Line => ({
  ReceivedDate: timeOf(payout.date),
  StoreId: payout.storeId,
  InvoiceId: payout.pullPaymentId,
  PaymentId: payout.id,
  Destination: payout.destination,
  PaymentType: 'Payout',
  CryptoCode: 'BTC',
  PaidCurrency: payout.originalAmount,
  InvoiceCurrency: payout.currency,
})

/** An invoice that nobody paid has a line, too. What was confirmed and is gone has a second one; what is not confirmed has none yet. */
function linesOf(invoice: Readonly<Invoice>): Line[] {
  const { additionalStatus, metadata } = invoice
  const common: Line = {
    StoreId: invoice.storeId,
    OrderId: String(metadata.orderId ?? ''),
    InvoiceId: invoice.id,
    InvoiceCreatedDate: timeOf(invoice.createdTime),
    InvoiceExpirationDate: timeOf(invoice.expirationTime),
    InvoiceMonitoringDate: timeOf(invoice.monitoringExpiration),
    InvoiceCurrency: invoice.currency,
    InvoicePrice: invoice.price,
    InvoiceStatus: invoice.status,
    InvoiceExceptionStatus: additionalStatus === 'None' ? '' : additionalStatus,
  }
  if (invoice.payments.length === 0) return [common]
  const told = ({ id, receivedDate, value, status }: Payment): Line => ({
    ...common,
    ReceivedDate: timeOf(receivedDate),
    PaymentId: id,
    PaymentType: 'On-Chain',
    CryptoCode: 'BTC',
    Paid: coins(value),
    NetworkFee: '0',
    ConversionRate: String(rate),
    PaidCurrency: worth(value, invoice.currency),
    Accounted: status === 'Invalid' ? 'False' : 'True',
  })
  return invoice.payments.flatMap((payment) => {
    if (!payment.settledBefore) return []
    const line = told(payment)
    return payment.status === 'Settled'
      ? [line]
      : [line, { ...line, PaymentId: `${payment.id}-gone`, PaymentType: 'Invalid' }]
  })
}
