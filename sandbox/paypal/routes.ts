import { type Answer, asRecord, json, type Route } from '../http.ts'
import { secretText } from '../ids.ts'
import { type JsonCall, jsonEndpoints, records, textOrNull } from '../json-provider.ts'
import { formFields } from '../multipart.ts'
import type { World } from '../world.ts'
import { readMoney } from './amounts.ts'
import { signingCertificate } from './certificates.ts'
import { provideEvidence } from './disputes.ts'
import type { PayPal } from './paypal.ts'
import { found, refuse, trouble, unauthorized } from './refusals.ts'
import { searchTransactions } from './reporting.ts'
import { certificateName, isSigned } from './signature.ts'
import { rowsOf } from './state.ts'

const tokenSeconds = 32_400
const hourMs = 3_600_000

/** PayPal forgets request ids of orders after six hours, those of payments after 45 days. */
const remembered = { orders: 6 * hourMs, payments: 45 * 24 * hourMs }

type Handle = (call: JsonCall, requestId: string | null) => Answer

/** PayPal's API under `/paypal`. */
export function paypalRoutes(world: World, paypal: PayPal): Route[] {
  const { state, shapes } = paypal
  const endpoint = jsonEndpoints(world, 'paypal', {
    prefix: '/paypal',
    unauthorized: ({ headers, path }) => {
      if (path.includes('/certs/')) return undefined
      if (path.endsWith('/oauth2/token'))
        return headers.authorization?.startsWith('Basic ') ? undefined : unauthorized()
      const token = state.tokens.look((headers.authorization ?? '').replace(/^Bearer /, ''))
      return token && token.expiresAt > Date.now() ? undefined : unauthorized()
    },
    trouble,
  })
  /** A write whose answer is repeated for its request id, refusals included. */
  const once = (path: string, operation: string, memory: keyof typeof remembered, handle: Handle): Route =>
    endpoint('POST', path, operation, (call) => {
      const requestId = call.exchange.headers['paypal-request-id']
      if (typeof requestId !== 'string') return handle(call, null)
      const key = `${call.exchange.path} ${requestId}`
      const known = state.answers.look(key)
      if (known && Date.now() - known.at < remembered[memory]) return json(JSON.parse(known.body), known.status)
      const answer = answered(() => handle(call, requestId))
      if (answer.status !== 400)
        state.answers.set(key, { status: answer.status, body: String(answer.body), at: Date.now() })
      return answer
    })
  const shown = (id: string) => {
    const order = found(state.orders.look(id))
    return shapes.order(order, paypal.pageOf(order))
  }
  return [
    endpoint('POST', 'v1/oauth2/token', 'oauth2.token', () => {
      const access_token = secretText()
      state.tokens.set(access_token, { expiresAt: Date.now() + tokenSeconds * 1000 })
      return json({
        scope: 'sandbox',
        access_token,
        token_type: 'Bearer',
        app_id: 'APP-SANDBOX',
        expires_in: tokenSeconds,
      })
    }),
    once('v2/checkout/orders', 'orders.create', 'orders', ({ body }, requestId) => {
      if (body.payment_source !== undefined && requestId === null) refuse(400, 'PAYPAL_REQUEST_ID_REQUIRED')
      const order = paypal.createOrder(readOrder(body), requestId)
      return json(shown(order.id), 201)
    }),
    endpoint('GET', 'v2/checkout/orders/:id', 'orders.get', ({ id }) => json(shown(id))),
    once('v2/checkout/orders/:id/capture', 'orders.capture', 'orders', ({ id }) => {
      const order = found(state.orders.get(id))
      if (order.intent !== 'CAPTURE') refuse(422, 'ACTION_DOES_NOT_MATCH_INTENT')
      refuseSecondInvoice(paypal, order)
      paypal.captureOrder(order)
      return json(shown(id), 201)
    }),
    once('v2/checkout/orders/:id/authorize', 'orders.authorize', 'orders', ({ id }) => {
      const order = found(state.orders.get(id))
      if (order.intent !== 'AUTHORIZE') refuse(422, 'ACTION_DOES_NOT_MATCH_INTENT')
      paypal.authorizeOrder(order)
      return json(shown(id), 201)
    }),
    ...paymentRoutes(paypal, endpoint, once),
    ...disputeRoutes(paypal, endpoint),
    endpoint('GET', 'v1/reporting/transactions', 'transactions.search', ({ query }) =>
      searchTransactions(paypal, query),
    ),
    endpoint('GET', 'v1/notifications/certs/:id', 'certs.get', ({ id }) =>
      id === certificateName
        ? { status: 200, body: signingCertificate, headers: { 'content-type': 'application/x-pem-file' } }
        : refuse(404),
    ),
    endpoint('POST', 'v1/notifications/verify-webhook-signature', 'webhooks.verify', ({ body, exchange }) =>
      json({ verification_status: isVerified(body, exchange.body) ? 'SUCCESS' : 'FAILURE' }),
    ),
  ]
}

/** What a handler answers, its refusals too. */
function answered(handle: () => Answer): Answer {
  try {
    return handle()
  } catch (error) {
    if (error instanceof Error && 'answer' in error) return error.answer as Answer
    throw error
  }
}

function readOrder(body: Record<string, unknown>) {
  const [unit, ...others] = records(body.purchase_units)
  if (!unit || others.length > 0) refuse(400, 'MISSING_REQUIRED_PARAMETER')
  if (body.intent !== 'CAPTURE' && body.intent !== 'AUTHORIZE') refuse(400, 'INVALID_PARAMETER_VALUE')
  const money = readMoney(unit.amount)
  if ('issue' in money) refuse(422, money.issue)
  const wallet = asRecord(asRecord(body.payment_source).paypal)
  const context = asRecord(wallet.experience_context)
  return {
    ...money,
    intent: body.intent as 'CAPTURE' | 'AUTHORIZE',
    referenceId: textOrNull(unit, 'reference_id') ?? 'default',
    customId: textOrNull(unit, 'custom_id'),
    invoiceId: textOrNull(unit, 'invoice_id'),
    returnUrl: textOrNull(context, 'return_url'),
    cancelUrl: textOrNull(context, 'cancel_url'),
    status: body.payment_source === undefined ? ('CREATED' as const) : ('PAYER_ACTION_REQUIRED' as const),
  }
}

/** An invoice is paid once. */
function refuseSecondInvoice({ state }: PayPal, { id, invoiceId }: { id: string; invoiceId: string | null }): void {
  const paid = rowsOf(state.captures, state.capturesBy, invoiceId ?? '')
  if (paid.some(({ orderId, status }) => orderId !== id && status !== 'DECLINED')) refuse(422, 'DUPLICATE_INVOICE_ID')
}

type Endpoint = ReturnType<typeof jsonEndpoints>
type Once = (path: string, operation: string, memory: keyof typeof remembered, handle: Handle) => Route

function paymentRoutes(paypal: PayPal, endpoint: Endpoint, once: Once): Route[] {
  const { state, shapes } = paypal
  const amountOf = (body: Record<string, unknown>, whole: number, currency: string): number => {
    if (body.amount === undefined) return whole
    const money = readMoney(body.amount)
    if ('issue' in money) return refuse(422, money.issue)
    if (money.currency !== currency) refuse(422, 'CURRENCY_MISMATCH')
    return money.amount
  }
  const held = (id: string) => found(state.authorizations.get(id))
  const shownHold = (id: string) => {
    const row = held(id)
    return shapes.authorization(row, state.orders.look(row.orderId))
  }
  return [
    endpoint('GET', 'v2/payments/captures/:id', 'captures.get', ({ id }) =>
      json(shapes.capture(found(state.captures.look(id)))),
    ),
    once('v2/payments/captures/:id/refund', 'captures.refund', 'payments', ({ id, body }, requestId) => {
      const capture = found(state.captures.get(id))
      const refund = paypal.refund(capture, {
        amount: amountOf(body, capture.amount, capture.currency),
        customId: textOrNull(body, 'custom_id'),
        invoiceId: textOrNull(body, 'invoice_id'),
        note: textOrNull(body, 'note_to_payer'),
        requestId,
      })
      return json(shapes.refund(refund), 201)
    }),
    endpoint('GET', 'v2/payments/refunds/:id', 'refunds.get', ({ id }) =>
      json(shapes.refund(found(state.refunds.look(id)))),
    ),
    endpoint('GET', 'v2/payments/authorizations/:id', 'authorizations.get', ({ id }) => json(shownHold(id))),
    once('v2/payments/authorizations/:id/capture', 'authorizations.capture', 'payments', ({ id, body }, requestId) => {
      const hold = held(id)
      const capture = paypal.captureAuthorization(hold, {
        amount: amountOf(body, hold.amount, hold.currency),
        final: body.final_capture === true,
        invoiceId: textOrNull(body, 'invoice_id'),
        requestId,
      })
      return json(shapes.capture(capture), 201)
    }),
    once('v2/payments/authorizations/:id/reauthorize', 'authorizations.reauthorize', 'payments', ({ id, body }) => {
      const hold = held(id)
      return json(shownHold(paypal.reauthorize(hold, amountOf(body, hold.amount, hold.currency)).id), 201)
    }),
    once('v2/payments/authorizations/:id/void', 'authorizations.void', 'payments', ({ id }) => {
      paypal.void(held(id))
      return json(shownHold(id))
    }),
  ]
}

function disputeRoutes(paypal: PayPal, endpoint: Endpoint): Route[] {
  const { state, shapes } = paypal
  return [
    endpoint('GET', 'v1/customer/disputes', 'disputes.list', ({ query }) => {
      const capture = query.get('disputed_transaction_id') ?? ''
      const rows = rowsOf(state.disputes, state.disputesOf, capture).toReversed()
      return json({
        ...(rows.length > 0 ? { items: rows.map((row) => shapes.dispute(row, false)) } : {}),
        links: [self],
      })
    }),
    endpoint('GET', 'v1/customer/disputes/:id', 'disputes.get', ({ id }) =>
      json(shapes.dispute(found(state.disputes.look(id)))),
    ),
    endpoint('POST', 'v1/customer/disputes/:id/provide-evidence', 'disputes.provide_evidence', ({ id, exchange }) => {
      const fields = formFields(exchange.headers['content-type'] ?? '', exchange.body)
      const { input, ...files } = fields
      const text = typeof input === 'object' ? input.content.toString('utf8') : (input ?? '')
      const evidence = readJson(text)
      if (records(evidence.evidences).length === 0) refuse(400, 'MISSING_REQUIRED_PARAMETER')
      const names = Object.values(files).map((file) => (typeof file === 'object' ? file.filename : file))
      provideEvidence(paypal, found(state.disputes.get(id)), { ...evidence, files: names })
      return json({ links: [self] })
    }),
  ]
}

const self = { href: 'https://api-m.sandbox.paypal.com/v1/customer/disputes', rel: 'self', method: 'GET' }

function readJson(text: string): Record<string, unknown> {
  try {
    return asRecord(JSON.parse(text))
  } catch {
    return {}
  }
}

/** The event is signed as it was written, so that its very text counts. */
function isVerified(body: Record<string, unknown>, text: string): boolean {
  const event = /"webhook_event":(\{[\s\S]*\})\}$/.exec(text)?.[1] ?? ''
  const read = (name: string) => String(body[name] ?? '')
  const transmission = {
    id: read('transmission_id'),
    time: read('transmission_time'),
    webhookId: read('webhook_id'),
    body: event,
  }
  return isSigned(transmission, read('transmission_sig'))
}
