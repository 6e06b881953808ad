import { randomUUID } from 'node:crypto'
import { asRecord } from '../http.ts'
import { secretText } from '../ids.ts'
import { orderIn, textOrNull } from '../json-provider.ts'
import type { Table } from '../table.ts'
import { unixNow, type World } from '../world.ts'

/** A transaction that pays an invoice. `value` in satoshis. */
export type Payment = {
  id: string
  value: number
  status: 'Processing' | 'Settled' | 'Invalid'
  receivedDate: number
  /** It was confirmed once, whatever became of it. */
  settledBefore: boolean
}

export type Invoice = {
  id: string
  storeId: string
  /** Decimal, in `currency`. */
  price: string
  currency: string
  status: 'New' | 'Processing' | 'Expired' | 'Invalid' | 'Settled'
  additionalStatus: 'None' | 'PaidLate' | 'PaidPartial' | 'Marked' | 'Invalid' | 'PaidOver'
  metadata: Record<string, unknown>
  checkout: Record<string, unknown>
  createdTime: number
  expirationTime: number
  monitoringExpiration: number
  archived: boolean
  payments: Payment[]
}

/** The price of a coin, in whatever currency an invoice has. */
export const rate = 50_000
const satoshis = 100_000_000

/** So many satoshis are worth a decimal amount. */
export const toSatoshis = (amount: number): number => Math.ceil(Number(((amount / rate) * satoshis).toFixed(4)))

/** What an invoice asks for, and what it has, in satoshis. */
export const due = ({ price }: Readonly<Invoice>): number => toSatoshis(Number(price))
export const paid = ({ payments }: Readonly<Invoice>): number =>
  payments.filter(({ status }) => status !== 'Invalid').reduce((sum, { value }) => sum + value, 0)

/** Decimal coins. */
export const coins = (value: number): string => (value / satoshis).toFixed(8)

/** What coins are worth, as a decimal of a currency. */
export const worth = (value: number, currency: string): string =>
  ((value / satoshis) * rate).toFixed(decimalsOf(currency))

/** How many decimals a price in a currency has. */
export const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/** The invoices of a BTCPay Server and what its watcher makes of the payments that it sees. */
export class Invoices {
  readonly #world: World
  readonly table: Table<Invoice>

  constructor(world: World) {
    this.#world = world
    this.table = world.store.table('btcpay.invoices')
  }

  /** A new invoice. The server does not mind whether there is one with the same number. */
  create(storeId: string, body: Record<string, unknown>): Invoice {
    const metadata = asRecord(body.metadata)
    const checkout = asRecord(body.checkout)
    const createdTime = unixNow()
    const expirationTime = createdTime + Math.round(Number(checkout.expirationMinutes ?? 15) * 60)
    const invoice: Invoice = {
      id: this.#world.mintId('inv').replace('_', ''),
      storeId,
      price: String(body.amount),
      currency: String(body.currency),
      status: 'New',
      additionalStatus: 'None',
      metadata,
      checkout,
      createdTime,
      expirationTime,
      monitoringExpiration: expirationTime + Number(checkout.monitoringMinutes ?? 1_440) * 60,
      archived: false,
      payments: [],
    }
    this.table.set(invoice.id, invoice)
    const number = textOrNull(metadata, 'orderId')
    const orderId = orderIn(textOrNull(metadata, 'itemDesc')) ?? number
    const effect = { id: invoice.id, orderId, idempotencyKey: null, countedBy: number }
    this.#world.books.record('btcpay', 'invoices', effect)
    this.#tell(invoice, 'InvoiceCreated')
    return invoice
  }

  /** An invoice as the clock has made it. */
  get(id: string): Invoice | undefined {
    const invoice = this.table.get(id)
    if (invoice?.status === 'New' && invoice.expirationTime < unixNow()) this.expire(invoice)
    return invoice
  }

  /** A transaction is seen that pays so many satoshis to an invoice, whatever its state. */
  pay(invoice: Invoice, value: number): void {
    const id = `${secretText()}-0`
    const payment: Payment = { id, value, status: 'Processing', receivedDate: unixNow(), settledBefore: false }
    invoice.payments.push(payment)
    this.#tell(invoice, 'InvoiceReceivedPayment', about(invoice, payment))
    this.#look(invoice)
    if (invoice.checkout.speedPolicy === 'HighSpeed') this.confirm(invoice)
  }

  /** The next blocks have what was seen. */
  confirm(invoice: Invoice): void {
    for (const payment of invoice.payments.filter(({ status }) => status === 'Processing')) {
      payment.status = 'Settled'
      payment.settledBefore = true
      this.#tell(invoice, 'InvoicePaymentSettled', about(invoice, payment))
    }
    this.#look(invoice)
    if (invoice.status !== 'Processing') return
    invoice.status = 'Settled'
    this.#tell(invoice, 'InvoiceSettled', { manuallyMarked: false, overPaid: paid(invoice) > due(invoice) })
  }

  /** Another chain of blocks has won, in which nothing of it was paid. */
  reorganise(invoice: Invoice): void {
    for (const payment of invoice.payments) payment.status = 'Invalid'
    if (invoice.status !== 'Processing' && invoice.status !== 'Settled') {
      this.#look(invoice)
      return
    }
    invoice.status = 'Invalid'
    invoice.additionalStatus = 'None'
    this.#tell(invoice, 'InvoiceInvalid', { manuallyMarked: false })
  }

  /** Its time is over. */
  expire(invoice: Invoice): void {
    if (invoice.status !== 'New') return
    invoice.status = 'Expired'
    this.#tell(invoice, 'InvoiceExpired', { partiallyPaid: paid(invoice) > 0 })
  }

  /** A person, or a key that may, says how it is. Returns whether that can be said. */
  mark(invoice: Invoice, status: 'Settled' | 'Invalid'): boolean {
    const open = ['New', 'Processing', 'Expired', ...(status === 'Settled' ? ['Invalid'] : [])].includes(invoice.status)
    if (!open && !(invoice.additionalStatus === 'Marked' && invoice.status !== status)) return false
    invoice.status = status
    invoice.additionalStatus = 'Marked'
    const more = { manuallyMarked: true, ...(status === 'Settled' ? { overPaid: false } : {}) }
    this.#tell(invoice, `Invoice${status}`, more)
    return true
  }

  #look(invoice: Invoice): void {
    const [has, asks] = [paid(invoice), due(invoice)]
    const tolerance = Number(invoice.checkout.paymentTolerance ?? 0)
    const enough = has > 0 && has >= asks * (1 - tolerance / 100)
    const over = has > asks ? 'PaidOver' : 'None'
    switch (invoice.status) {
      case 'New':
        invoice.additionalStatus = has > 0 && !enough ? 'PaidPartial' : over
        if (!enough) return
        invoice.status = 'Processing'
        this.#tell(invoice, 'InvoiceProcessing', { overPaid: has > asks })
        return
      case 'Expired':
        invoice.additionalStatus = enough ? 'PaidLate' : has > 0 ? 'PaidPartial' : 'None'
        return
      case 'Processing':
      case 'Settled':
        if (invoice.additionalStatus !== 'Marked') invoice.additionalStatus = over
        return
      case 'Invalid':
        return
    }
  }

  #tell(invoice: Invoice, type: string, more: Record<string, unknown> = {}): void {
    const { storeId, id: invoiceId, metadata } = invoice
    publish(this.#world, type, { storeId, invoiceId, metadata, ...more })
  }
}

const webhookId = 'HdzYq3L5JFTXnZ6bVAn2Vw'

/** Sends an event, as its first delivery. */
export function publish(world: World, type: string, more: Record<string, unknown>): void {
  const [id, timestamp] = [randomUUID(), unixNow()]
  const event = { deliveryId: id, webhookId, originalDeliveryId: id, isRedelivery: false, type, timestamp, ...more }
  world.webhooks.publish({ id, provider: 'btcpay', type, createdUnix: timestamp, body: JSON.stringify(event) })
}

const addressOf = ({ id }: Invoice): string => `bcrt1q${id.toLowerCase()}`

const about = (invoice: Invoice, payment: Payment): Record<string, unknown> => ({
  afterExpiration: invoice.status === 'Expired',
  paymentMethodId: 'BTC-CHAIN',
  payment: toPayment(invoice, payment),
})

/** A payment as the API tells of it. */
const toPayment = (invoice: Invoice, { id, receivedDate, value, status }: Payment): Record<string, unknown> => ({
  id,
  receivedDate,
  value: coins(value),
  fee: '0.0',
  status,
  destination: addressOf(invoice),
})

/** An invoice as the API tells of it. */
export function toInvoice(world: World, invoice: Invoice): Record<string, unknown> {
  const { price, payments: _, ...shown } = invoice
  const statuses = [
    ...(invoice.status === 'Settled' ? [] : ['Settled']),
    ...(['New', 'Processing', 'Expired'].includes(invoice.status) ? ['Invalid'] : []),
  ]
  return {
    ...shown,
    amount: price,
    paidAmount: worth(paid(invoice), invoice.currency),
    type: 'Standard',
    checkoutLink: `${world.baseUrl()}/btcpay/i/${invoice.id}`,
    availableStatusesForManualMarking: statuses,
    receipt: { enabled: true, showQR: null, showPayments: null },
  }
}

/** How an invoice can be paid and was, as the API tells it: what did not stand is left out where only accounted payments are asked for. */
export function toPaymentMethods(invoice: Invoice, onlyAccounted: boolean): Record<string, unknown>[] {
  const payments = invoice.payments.filter(({ status }) => !onlyAccounted || status !== 'Invalid')
  const destination = addressOf(invoice)
  const [asks, has] = [due(invoice), paid(invoice)]
  return [
    {
      paymentMethodId: 'BTC-CHAIN',
      currency: 'BTC',
      destination,
      paymentLink: `bitcoin:${destination}?amount=${coins(asks)}`,
      rate: rate.toFixed(1),
      paymentMethodPaid: coins(has),
      totalPaid: coins(has),
      due: coins(asks - has),
      amount: coins(asks),
      paymentMethodFee: '0.0',
      payments: payments.map((payment) => toPayment(invoice, payment)),
      activated: true,
      additionalData: {},
    },
  ]
}
