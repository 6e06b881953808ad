import { z } from 'zod'
import { decimalAmount, exponentOf, isCurrency } from '../../platform/money.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import type { ChargeObservation } from '../observations.ts'
import type { Intent, IntentRequest } from '../provider.ts'
import { askBtcpay, type BtcpayConnection, inStore } from './btcpay-client.ts'
import { type Invoice, invoiceSchema, paidSchema } from './btcpay-schemas.ts'
import { observeInvoice } from './observe-invoice.ts'

/** An order has no less time left when it is asked to be paid. */
const leastMinutes = 1

/**
 * The invoice of a charge: the one that is there, or a new one. There are no idempotency keys, so it is always looked for first. Should the
 * answer about one that is being made be lost, and another be made beside it, nobody is ever given the address of the first.
 */
export async function createInvoice(btcpay: BtcpayConnection, request: IntentRequest): Promise<Intent> {
  const { amount, currency } = request
  if (!isCurrency(currency) || exponentOf(currency) > 2)
    throw new ProviderError('btcpay', 'refused', 'currency_not_supported', {
      publicMessage: `Amounts in ${currency} cannot be paid this way.`,
    })
  const invoice =
    (await findInvoice(btcpay, request)) ??
    (await askBtcpay(
      btcpay,
      {
        method: 'POST',
        path: inStore(btcpay, 'invoices'),
        body: {
          amount: decimalAmount(amount, currency),
          currency,
          // Its number there is that of the charge: it is found by it, and comes back with every event.
          metadata: { orderId: request.chargeId, itemDesc: `Order ${request.orderId}` },
          checkout: {
            speedPolicy: btcpay.speedPolicy,
            paymentTolerance: btcpay.paymentTolerance,
            expirationMinutes: Math.max(leastMinutes, Math.floor(request.expiresInSeconds / 60)),
            redirectURL: request.returnUrl,
            redirectAutomatically: true,
          },
        },
      },
      invoiceSchema,
    ))
  if (!invoice) throw new ProviderError('btcpay', 'refused', 'store_unknown')
  return { reference: invoice.id, checkoutUrl: invoice.checkoutLink }
}

/** The invoice of a charge that can be paid or was: the one that is known to be its, one with money, or the oldest. */
async function findInvoice(
  btcpay: BtcpayConnection,
  { chargeId, reference, amount, currency }: IntentRequest,
): Promise<Invoice | undefined> {
  const query = new URLSearchParams({ orderId: chargeId, includeArchived: 'true' })
  const invoices = await askBtcpay(
    btcpay,
    { method: 'GET', path: `${inStore(btcpay, 'invoices')}?${query}` },
    z.array(invoiceSchema),
  )
  const asked = decimalAmount(amount, currency)
  const alive = (invoices ?? []).filter(
    (invoice) =>
      invoice.metadata?.orderId === chargeId &&
      invoice.currency.toUpperCase() === currency &&
      Number(invoice.amount) === Number(asked) &&
      (invoice.status !== 'Expired' || invoice.additionalStatus !== 'None') &&
      invoice.status !== 'Invalid',
  )
  const rank = ({ id, status, additionalStatus }: Invoice) =>
    id === reference ? 0 : status !== 'New' || additionalStatus !== 'None' ? 1 : 2
  return alive.sort((a, b) => rank(a) - rank(b) || a.createdTime - b.createdTime || (a.id < b.id ? -1 : 1))[0]
}

/** How an invoice stands, or undefined where the store has no such one. */
export async function retrieveInvoice(
  btcpay: BtcpayConnection,
  reference: string,
): Promise<ChargeObservation | undefined> {
  const invoice = await readInvoice(btcpay, reference)
  return invoice && observe(btcpay, invoice)
}

const pathOf = (btcpay: BtcpayConnection, reference: string, rest = ''): string =>
  inStore(btcpay, `invoices/${encodeURIComponent(reference)}${rest}`)

const readInvoice = (btcpay: BtcpayConnection, reference: string) =>
  askBtcpay(btcpay, { method: 'GET', path: pathOf(btcpay, reference) }, invoiceSchema)

async function observe(btcpay: BtcpayConnection, invoice: Invoice): Promise<ChargeObservation> {
  const untouched = invoice.status === 'New' && invoice.additionalStatus === 'None'
  const paid = untouched
    ? []
    : await askBtcpay(btcpay, { method: 'GET', path: pathOf(btcpay, invoice.id, '/payment-methods') }, paidSchema)
  return observeInvoice(invoice, paid ?? [])
}

/**
 * Marks an unpaid invoice as invalid, so that its page takes no money any more. One that is paid, or whose money is on its way, stays as it
 * is. Returns what is true afterwards; what still comes in goes back.
 */
export async function cancelInvoice(
  btcpay: BtcpayConnection,
  reference: string,
  currency: string,
): Promise<ChargeObservation> {
  const before = await readInvoice(btcpay, reference)
  // Nobody can pay what is not there.
  if (!before) return { kind: 'charge', state: 'cancelled', awaitingBuyer: false, currency }
  const seen = await observe(btcpay, before)
  if (before.status !== 'New' && !(before.status === 'Expired' && seen.state === 'failed')) return seen
  try {
    await askBtcpay(
      btcpay,
      { method: 'POST', path: pathOf(btcpay, reference, '/status'), body: { status: 'Invalid' } },
      invoiceSchema,
    )
  } catch (error) {
    // It has moved on meanwhile.
    if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
  }
  const after = await readInvoice(btcpay, reference)
  return after ? observe(btcpay, after) : { kind: 'charge', state: 'cancelled', awaitingBuyer: false, currency }
}
