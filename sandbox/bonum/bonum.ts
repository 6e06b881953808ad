import { asRecord, json, type Route } from '../http.ts'
import { secretText } from '../ids.ts'
import { jsonEndpoints, orderIn, textOrNull } from '../json-provider.ts'
import type { Table } from '../table.ts'
import { unixNow, type World } from '../world.ts'

export type Invoice = {
  id: string
  amount: number
  currency: 'MNT'
  status: 'CREATED' | 'PAID' | 'EXPIRED'
  transactionId: string
  terminalId: string
  callback: string | null
  expiresAt: number
}

/** A line of the statement that merchants export from the portal. What comes in is positive, and so is what goes out. */
export type StatementLine = {
  id: string
  invoiceId: string
  transactionId: string
  type: 'PAYMENT' | 'REFUND'
  amount: number
  fee: number
  /** ISO 8601. */
  at: string
}

/** Of a payment, in basis points: what Bonum keeps. */
const feeBps = 100

const tokenSeconds = 1_800
const refreshSeconds = 2_000

/** Bonum's hosted invoices. Their outcome is told by webhook alone: the gateway has no status call in production. */
export class Bonum {
  readonly #world: World
  readonly invoices: Table<Invoice>
  readonly lines: Table<StatementLine>
  readonly #tokens: Table<{ terminalId: string; expiresAt: number; refresh: boolean }>

  constructor(world: World) {
    this.#world = world
    this.invoices = world.store.table('bonum.invoices')
    this.lines = world.store.table('bonum.lines')
    this.#tokens = world.store.table('bonum.tokens')
  }

  /** A pair of tokens for a terminal: 30 minutes, and a little longer to refresh. */
  login(terminalId: string): Record<string, unknown> {
    this.#world.books.record('bonum', 'logins', {
      id: this.#world.mintId('login'),
      orderId: null,
      idempotencyKey: null,
      countedBy: null,
    })
    const [accessToken, refreshToken] = [secretText(), secretText()]
    this.#tokens.set(accessToken, { terminalId, expiresAt: unixNow() + tokenSeconds, refresh: false })
    this.#tokens.set(refreshToken, { terminalId, expiresAt: unixNow() + refreshSeconds, refresh: true })
    return {
      tokenType: 'Bearer',
      accessToken,
      expiresIn: tokenSeconds,
      refreshToken,
      refreshExpiresIn: refreshSeconds,
      unit: 'SECONDS',
    }
  }

  /** The terminal that a bearer token stands for while it is valid. */
  terminalOf(authorization: string | undefined, refresh = false): string | undefined {
    const token = this.#tokens.get((authorization ?? '').replace(/^Bearer /, ''))
    return token && token.refresh === refresh && token.expiresAt > unixNow() ? token.terminalId : undefined
  }

  /** Every token ends at once. `refresh`: those to refresh with, too. */
  endTokens(refresh: boolean): void {
    for (const [token, row] of this.#tokens.entries()) if (refresh || !row.refresh) this.#tokens.delete(token)
  }

  /** A new invoice. The gateway does not check whether the transaction id was used before. */
  createInvoice(terminalId: string, body: Record<string, unknown>): Invoice {
    const id = this.#world.mintId('inv')
    const transactionId = textOrNull(body, 'transactionId') ?? ''
    const invoice: Invoice = {
      id,
      amount: Number(body.amount),
      currency: 'MNT',
      status: 'CREATED',
      transactionId,
      terminalId,
      callback: textOrNull(body, 'callback'),
      expiresAt: unixNow() + Number(body.expiresIn ?? 3_600),
    }
    this.invoices.set(id, invoice)
    const effect = { id, orderId: orderIn(transactionId), idempotencyKey: null, countedBy: transactionId }
    this.#world.books.record('bonum', 'invoices', effect)
    return invoice
  }

  /** The buyer pays; `late` also what has expired, as a bank that was slow does. `amount` is what arrives, else the whole. */
  pay(invoice: Invoice, { late = false, amount = invoice.amount }: { late?: boolean; amount?: number } = {}): void {
    if (invoice.status === 'PAID' || (invoice.status === 'EXPIRED' && !late)) return
    invoice.status = 'PAID'
    const { currency, terminalId, id: invoiceId, transactionId } = invoice
    const completedAt = new Date().toISOString()
    this.#enter(invoice, 'PAYMENT', amount, completedAt)
    this.#send('SUCCESS', 'Payment completed', {
      ...{
        amount,
        currency,
        completedAt,
        terminalId,
        invoiceId,
        paymentVendor: 'QPAY',
        initType: 'QPAY',
        status: 'PAID',
      },
      ...{ respCode: '00', transactionId, extras: [] },
    })
  }

  /** Somebody gives money back in the portal; Bonum tells nobody but its statement. */
  refund(invoice: Invoice, amount = invoice.amount): void {
    if (invoice.status === 'PAID') this.#enter(invoice, 'REFUND', amount, new Date().toISOString())
  }

  #enter({ id: invoiceId, transactionId }: Invoice, type: StatementLine['type'], amount: number, at: string): void {
    const id = this.#world.mintId('stl')
    const fee = type === 'PAYMENT' ? Math.round(amount * feeBps) / 10_000 : 0
    this.lines.set(id, { id, invoiceId, transactionId, type, amount, fee: Math.round(fee * 100) / 100, at })
  }

  /** The buyer did not pay in time. */
  expire(invoice: Invoice): void {
    if (invoice.status !== 'CREATED') return
    invoice.status = 'EXPIRED'
    const { amount, currency, terminalId, transactionId } = invoice
    this.#send('FAILED', 'Invoice expired', {
      transactionId,
      amount,
      currency,
      updatedAt: Date.now(),
      terminalId,
      invoiceStatus: 'EXPIRED',
    })
  }

  #send(status: 'SUCCESS' | 'FAILED', message: string, details: Record<string, unknown>): void {
    const body = JSON.stringify({ type: 'PAYMENT', status, message, body: details })
    const id = this.#world.mintId('bonumevt')
    this.#world.webhooks.publish({ id, provider: 'bonum', type: `PAYMENT.${status}`, createdUnix: unixNow(), body })
  }
}

const refused = (status: number, message: string) => json({ status, message, error: message }, status)

/** Bonum's gateway under `/bonum`. */
export function bonumRoutes(world: World, bonum: Bonum): Route[] {
  const endpoint = jsonEndpoints(world, 'bonum', {
    prefix: '/bonum/bonum-gateway/ecommerce',
    unauthorized: ({ headers, path }) => {
      if (path.endsWith('/auth/create')) {
        const known = headers.authorization?.startsWith('AppSecret ') && headers['x-terminal-id']
        return known ? undefined : refused(401, 'Unauthorized')
      }
      const refresh = path.endsWith('/auth/refresh')
      return bonum.terminalOf(headers.authorization, refresh) === undefined ? refused(401, 'Unauthorized') : undefined
    },
    trouble: (status) => refused(status, 'Internal server error'),
  })
  return [
    endpoint('GET', 'auth/create', 'auth.create', ({ exchange }) =>
      json(bonum.login(String(exchange.headers['x-terminal-id']))),
    ),
    endpoint('GET', 'auth/refresh', 'auth.refresh', ({ exchange }) =>
      json(bonum.login(bonum.terminalOf(exchange.headers.authorization, true) ?? '')),
    ),
    endpoint('POST', 'invoices', 'invoices.create', ({ body, exchange }) => {
      if (!(Number(body.amount) > 0)) return refused(400, 'amount must be greater than 0')
      if (!textOrNull(body, 'transactionId')) return refused(400, 'transactionId must not be blank')
      const invoice = bonum.createInvoice(bonum.terminalOf(exchange.headers.authorization) ?? '', asRecord(body))
      return json({ invoiceId: invoice.id, followUpLink: `${world.baseUrl()}/bonum/pay/${invoice.id}` })
    }),
    endpoint('GET', 'invoices/:id', 'invoices.retrieve', ({ id }) => {
      const invoice = bonum.invoices.get(id)
      if (!invoice) return refused(404, 'Invoice not found')
      return json({
        invoiceId: id,
        status: invoice.status,
        amount: invoice.amount,
        transactionId: invoice.transactionId,
      })
    }),
  ]
}
