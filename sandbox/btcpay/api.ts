import { type Answer, asRecord, json, type Route } from '../http.ts'
import { type JsonCall, type JsonEndpoint, jsonEndpoints, Refusal, textOrNull } from '../json-provider.ts'
import type { World } from '../world.ts'
import { decimalsOf, type Invoice, type Invoices, toInvoice, toPaymentMethods } from './invoices.ts'
import { type PullPayment, type PullPayments, toPayout, toPullPayment } from './pull-payments.ts'

const refused = (status: number, code: string, message: string) => json({ code, message }, status)
const invalid = (path: string, message: string) => json([{ path, message }], 400)

const currencies = new Set(Intl.supportedValuesOf('currency'))
const speedPolicies = ['HighSpeed', 'MediumSpeed', 'LowMediumSpeed', 'LowSpeed']

/** The Greenfield API of a BTCPay Server under `/btcpay`, as far as payments need it. */
export function btcpayRoutes(world: World, invoices: Invoices, pullPayments: PullPayments): Route[] {
  const endpoint = jsonEndpoints(world, 'btcpay', {
    prefix: '/btcpay/api/v1',
    unauthorized: ({ headers, path }) => {
      // Whoever knows its number may look at a pull payment.
      const open = path.startsWith('/btcpay/api/v1/pull-payments/')
      if (open || /^token \S+$/.test(headers.authorization ?? '')) return undefined
      return refused(401, 'unauthenticated', 'Authentication is required for accessing this endpoint')
    },
    trouble: (status) => refused(status, 'generic-error', 'Internal server error'),
  })
  return [
    ...invoiceRoutes(endpoint, world, invoices),
    refundRoute(endpoint, world, invoices, pullPayments),
    ...pullPaymentRoutes(endpoint, world, pullPayments),
  ]
}

/** @throws Refusal for an invoice of another store, or of none */
function invoiceOf(invoices: Invoices, { id, path }: JsonCall): Invoice {
  const invoice = invoices.get(id)
  if (invoice && invoice.storeId === path.store) return invoice
  throw new Refusal(refused(404, 'invoice-not-found', 'The invoice was not found'))
}

function invoiceRoutes(endpoint: JsonEndpoint, world: World, invoices: Invoices): Route[] {
  return [
    endpoint('GET', 'stores/:store/invoices', 'invoices.list', ({ path, query }) => {
      const orderIds = query.getAll('orderId')
      const found = [...invoices.table.newestFirst()].filter(
        ({ storeId, metadata, archived }) =>
          storeId === path.store &&
          (orderIds.length === 0 || orderIds.includes(String(metadata.orderId))) &&
          (!archived || query.get('includeArchived') === 'true'),
      )
      return json(found.map((invoice) => toInvoice(world, invoice)))
    }),
    endpoint('POST', 'stores/:store/invoices', 'invoices.create', ({ path, body }) => {
      const wrong = wrongWith(body)
      return wrong ?? json(toInvoice(world, invoices.create(path.store ?? '', body)))
    }),
    endpoint('GET', 'stores/:store/invoices/:id', 'invoices.retrieve', (call) =>
      json(toInvoice(world, invoiceOf(invoices, call))),
    ),
    endpoint('GET', 'stores/:store/invoices/:id/payment-methods', 'invoices.payments', (call) =>
      json(toPaymentMethods(invoiceOf(invoices, call), call.query.get('onlyAccountedPayments') !== 'false')),
    ),
    endpoint('POST', 'stores/:store/invoices/:id/status', 'invoices.mark', (call) => {
      const invoice = invoiceOf(invoices, call)
      const { status } = call.body
      if ((status !== 'Invalid' && status !== 'Settled') || !invoices.mark(invoice, status))
        return invalid('Status', 'Status can only be marked to invalid or settled within certain conditions.')
      return json(toInvoice(world, invoice))
    }),
  ]
}

/** Why no invoice can be made of it. */
function wrongWith({ amount, currency, checkout }: Record<string, unknown>): Answer | undefined {
  if (!(Number(amount) >= 0)) return invalid('amount', 'The amount should be 0 or more.')
  if (!currencies.has(String(currency))) return invalid('currency', 'Invalid currency')
  const { expirationMinutes, paymentTolerance, speedPolicy } = asRecord(checkout)
  if (expirationMinutes !== undefined && !(Number(expirationMinutes) >= 0.5))
    return invalid('checkout.expirationMinutes', 'Expiration time must be at least 30 seconds')
  if (paymentTolerance !== undefined && !(Number(paymentTolerance) >= 0 && Number(paymentTolerance) <= 100))
    return invalid('checkout.paymentTolerance', 'PaymentTolerance can only be between 0 and 100 percent')
  if (speedPolicy !== undefined && !speedPolicies.includes(String(speedPolicy)))
    return invalid('checkout.speedPolicy', 'Invalid speed policy')
  return undefined
}

const refundable = ({ status, additionalStatus }: Invoice): boolean =>
  status === 'Settled' ||
  status === 'Invalid' ||
  (status === 'Expired' && ['PaidLate', 'PaidOver', 'PaidPartial'].includes(additionalStatus))

function refundRoute(endpoint: JsonEndpoint, world: World, invoices: Invoices, pullPayments: PullPayments): Route {
  return endpoint('POST', 'stores/:store/invoices/:id/refund', 'invoices.refund', (call) => {
    const invoice = invoiceOf(invoices, call)
    const { name, refundVariant, customAmount, customCurrency } = call.body
    if (!refundable(invoice)) return refused(400, 'non-refundable', 'Cannot refund this invoice')
    if (String(name ?? '').length > 50) return invalid('name', 'The name should be maximum 50 characters.')
    const custom = refundVariant === 'Custom'
    if (!custom && refundVariant !== 'Fiat') return invalid('refundVariant', 'Please select a valid refund option')
    if (custom && !(Number(customAmount) > 0)) return invalid('customAmount', 'Amount must be greater than 0')
    if (custom && !currencies.has(String(customCurrency))) return invalid('customCurrency', 'Invalid currency')
    const made = pullPayments.create({
      storeId: invoice.storeId,
      invoiceId: invoice.id,
      name: textOrNull(call.body, 'name') ?? `Refund ${invoice.id}`,
      description: textOrNull(call.body, 'description') ?? '',
      currency: custom ? String(customCurrency) : invoice.currency,
      limit: custom ? String(customAmount) : Number(invoice.price).toFixed(decimalsOf(invoice.currency)),
    })
    return json(toPullPayment(world, made))
  })
}

function pullPaymentRoutes(endpoint: JsonEndpoint, world: World, pullPayments: PullPayments): Route[] {
  const find = ({ id }: JsonCall): PullPayment => {
    const found = pullPayments.table.get(id)
    if (found) return found
    throw new Refusal(refused(404, 'pullpayment-not-found', 'The pull payment was not found'))
  }
  return [
    endpoint('GET', 'stores/:store/pull-payments', 'pullPayments.list', ({ path, query }) => {
      const found = [...pullPayments.table.newestFirst()].filter(
        ({ storeId, archived }) => storeId === path.store && (!archived || query.get('includeArchived') === 'true'),
      )
      return json(found.map((pullPayment) => toPullPayment(world, pullPayment)))
    }),
    endpoint('GET', 'pull-payments/:id', 'pullPayments.retrieve', (call) => json(toPullPayment(world, find(call)))),
    endpoint('GET', 'pull-payments/:id/payouts', 'pullPayments.payouts', (call) => {
      const cancelled = call.query.get('includeCancelled') === 'true'
      const payouts = pullPayments.payoutsOf(find(call).id)
      return json(payouts.filter(({ state }) => cancelled || state !== 'Cancelled').map(toPayout))
    }),
  ]
}
