import { orderIn } from '../json-provider.ts'
import { unixNow, type World } from '../world.ts'
import { refuse } from './refusals.ts'
import { createShapes, type Shapes } from './shapes.ts'
import {
  type Authorization,
  type Capture,
  defaults,
  type Funding,
  nowText,
  type Order,
  openState,
  type Refund,
  rowsOf,
  type Settings,
  type State,
  type Transaction,
} from './state.ts'

const dayMs = 86_400_000

type OrderWish = Pick<
  Order,
  'intent' | 'amount' | 'currency' | 'referenceId' | 'customId' | 'invoiceId' | 'returnUrl' | 'cancelUrl' | 'status'
>
type CaptureWish = { amount: number; final: boolean; invoiceId: string | null; requestId: string | null }
type RefundWish = {
  amount: number
  customId: string | null
  invoiceId: string | null
  note: string | null
  requestId: string | null
}

/** PayPal's orders and payments of one account, with its books and its webhooks. */
export class PayPal {
  readonly state: State
  readonly shapes: Shapes
  readonly #world: World

  constructor(world: World) {
    this.#world = world
    this.state = openState(world)
    this.shapes = createShapes(this.state, () => `${world.baseUrl()}/paypal`)
  }

  get settings(): Settings {
    return { ...defaults, ...this.state.settings.look('settings') }
  }

  /** An id of PayPal's form: seventeen capitals and digits. */
  mintId(): string {
    const [run = '', count = ''] = [this.#world.mintId('x').slice(2, 14), this.#world.mintId('x').slice(-5)]
    return `${run}${count}`.toUpperCase()
  }

  /** The page on which a buyer approves an order. */
  pageOf = ({ id }: Pick<Order, 'id'>): string => `${this.#world.baseUrl()}/paypal/checkoutnow?token=${id}`

  createOrder(wish: OrderWish, requestId: string | null): Order {
    const now = nowText()
    const order: Order = { id: this.mintId(), ...wish, funding: 'balance', createdAt: now, updatedAt: now }
    this.state.orders.set(order.id, order)
    const effect = { id: order.id, orderId: orderIn(order.customId), idempotencyKey: requestId, countedBy: requestId }
    this.#world.books.record('paypal', 'orders', effect)
    return order
  }

  /** The buyer agrees. Whoever was refused may choose another means of payment. */
  approve(order: Order, funding: Funding): void {
    if (order.status === 'COMPLETED' || order.status === 'VOIDED') return
    order.status = 'APPROVED'
    order.funding = funding
    // Each approval is another change, also within a second.
    order.updatedAt = new Date(Math.max(Date.now(), Date.parse(order.updatedAt) + 1)).toISOString()
    this.publish('CHECKOUT.ORDER.APPROVED', 'checkout-order', this.shapes.order(order, this.pageOf(order)))
  }

  /** Nobody approved in time: PayPal forgets the order. */
  forget(order: Order): void {
    if (order.status === 'COMPLETED') return
    this.state.orders.delete(order.id)
    if (order.status !== 'APPROVED') return
    const purchase_units = this.shapes.order(order, '').purchase_units
    this.publish('CHECKOUT.PAYMENT-APPROVAL.REVERSED', 'payment-approval', { order_id: order.id, purchase_units })
  }

  /** Takes the money of an approved order at once. */
  captureOrder(order: Order): Capture {
    this.#checkFunding(order)
    const pending = order.funding === 'reviewed'
    const wish = { amount: order.amount, final: true, invoiceId: order.invoiceId, requestId: order.id }
    order.status = 'COMPLETED'
    order.updatedAt = nowText()
    const capture = this.#capture(order, null, wish, pending)
    this.publish('CHECKOUT.ORDER.COMPLETED', 'checkout-order', this.shapes.order(order, ''))
    return capture
  }

  /** Holds the money of an approved order. */
  authorizeOrder(order: Order): Authorization {
    this.#checkFunding(order)
    order.status = 'COMPLETED'
    order.updatedAt = nowText()
    return this.#authorize(order, order.amount)
  }

  captureAuthorization(authorization: Authorization, wish: CaptureWish): Capture {
    const order = this.state.orders.get(authorization.orderId) ?? refuse(404, 'INVALID_RESOURCE_ID')
    if (authorization.status === 'VOIDED') refuse(422, 'AUTHORIZATION_VOIDED')
    if (authorization.status === 'CAPTURED') refuse(422, 'AUTHORIZATION_ALREADY_CAPTURED')
    const before = rowsOf(this.state.captures, this.state.capturesOf, order.id)
    const taken = before.reduce((sum, { amount }) => sum + amount, 0)
    if (taken + wish.amount > order.amount) refuse(422, 'MAX_CAPTURE_AMOUNT_EXCEEDED')
    const last = wish.final || taken + wish.amount === order.amount
    authorization.status = last ? 'CAPTURED' : 'PARTIALLY_CAPTURED'
    authorization.updatedAt = nowText()
    return this.#capture(order, authorization, { ...wish, final: last }, false)
  }

  /** PayPal honours an authorization for three days; a new one takes its place. */
  reauthorize(authorization: Authorization, amount: number): Authorization {
    const order = this.state.orders.get(authorization.orderId) ?? refuse(404, 'INVALID_RESOURCE_ID')
    if (Date.now() - Date.parse(authorization.createdAt) < 3 * dayMs) refuse(422, 'REAUTHORIZATION_TOO_SOON')
    authorization.status = 'VOIDED'
    return this.#authorize(order, amount)
  }

  void(authorization: Authorization): void {
    if (authorization.status === 'VOIDED') refuse(422, 'PREVIOUSLY_VOIDED')
    if (authorization.status === 'CAPTURED') refuse(422, 'PREVIOUSLY_CAPTURED')
    authorization.status = 'VOIDED'
    authorization.updatedAt = nowText()
    const order = this.state.orders.look(authorization.orderId)
    this.publish('PAYMENT.AUTHORIZATION.VOIDED', 'authorization', this.shapes.authorization(authorization, order))
  }

  /** PayPal decides about a payment that it looked at. */
  decide(capture: Capture, accepted: boolean): void {
    if (capture.status !== 'PENDING') return
    capture.status = accepted ? 'COMPLETED' : 'DECLINED'
    capture.reason = accepted ? null : 'OTHER'
    capture.updatedAt = nowText()
    if (accepted) this.#enterCapture(capture)
    const event = accepted ? 'PAYMENT.CAPTURE.COMPLETED' : 'PAYMENT.CAPTURE.DENIED'
    this.publish(event, 'capture', this.shapes.capture(capture))
  }

  /** Gives a part of a capture back. */
  refund(capture: Capture, wish: RefundWish): Refund {
    const refunds = rowsOf(this.state.refunds, this.state.refundsOf, capture.id)
    const given = refunds.filter(({ status }) => status !== 'FAILED').reduce((sum, { amount }) => sum + amount, 0)
    if (capture.status === 'PENDING') refuse(422, 'PENDING_CAPTURE')
    if (given >= capture.amount) refuse(422, 'CAPTURE_FULLY_REFUNDED')
    if (given + wish.amount > capture.amount) refuse(422, 'REFUND_AMOUNT_EXCEEDED')
    const now = nowText()
    const { currency, orderId, id: captureId } = capture
    const { requestId, ...told } = wish
    const id = this.mintId()
    const refund: Refund = {
      ...{ id, captureId, orderId, currency, ...told },
      ...{ status: this.settings.refunds, reason: null, createdAt: now, updatedAt: now },
    }
    this.state.refunds.set(id, refund)
    this.state.refundsOf.append(captureId, id)
    const effect = { id, orderId: orderIn(capture.customId), idempotencyKey: requestId, countedBy: requestId }
    this.#world.books.record('paypal', 'refunds', effect)
    if (refund.status === 'COMPLETED') this.#giveBack(refund, capture)
    else this.publish('PAYMENT.REFUND.PENDING', 'refund', this.shapes.refund(refund))
    return refund
  }

  /** A refund that was pending arrives, or does not. */
  endRefund(refund: Refund, arrived: boolean): void {
    const capture = this.state.captures.get(refund.captureId)
    if (refund.status !== 'PENDING' || !capture) return
    refund.status = arrived ? 'COMPLETED' : 'FAILED'
    refund.updatedAt = nowText()
    if (arrived) this.#giveBack(refund, capture)
    else this.publish('PAYMENT.REFUND.FAILED', 'refund', this.shapes.refund(refund))
  }

  /** Enters a line into the books. */
  enter(line: Omit<Transaction, 'id' | 'at' | 'fee' | 'invoice'> & Partial<Transaction>): Transaction {
    const row: Transaction = { id: this.mintId(), at: Date.now(), fee: 0, invoice: null, ...line }
    this.state.transactions.set(`${row.id}-${row.code}`, row)
    return row
  }

  /** Tells of an object by webhook. */
  publish(type: string, resourceType: string, resource: unknown): void {
    const id = `WH-${this.mintId()}-${this.mintId()}`
    const event = {
      ...{ id, event_version: '1.0', create_time: new Date().toISOString(), resource_type: resourceType },
      ...{ resource_version: '2.0', event_type: type, summary: type, resource },
      links: [
        { href: `${this.#world.baseUrl()}/paypal/v1/notifications/webhooks-events/${id}`, rel: 'self', method: 'GET' },
      ],
    }
    const body = JSON.stringify(event)
    this.#world.webhooks.publish({ id, provider: 'paypal', type, createdUnix: unixNow(), body })
  }

  #checkFunding({ status, funding }: Order): void {
    if (status === 'COMPLETED') refuse(422, 'ORDER_ALREADY_CAPTURED')
    if (status !== 'APPROVED') refuse(422, 'ORDER_NOT_APPROVED')
    if (funding === 'declined') refuse(422, 'INSTRUMENT_DECLINED')
  }

  #authorize(order: Order, amount: number): Authorization {
    const now = nowText()
    const { id: orderId, currency } = order
    const expiresAt = new Date(Date.now() + 29 * dayMs).toISOString()
    const id = this.mintId()
    const authorization: Authorization = {
      ...{ id, orderId, amount, currency, status: 'CREATED', expiresAt, createdAt: now, updatedAt: now },
    }
    this.state.authorizations.set(id, authorization)
    this.state.authorizationsOf.append(orderId, id)
    this.publish('PAYMENT.AUTHORIZATION.CREATED', 'authorization', this.shapes.authorization(authorization, order))
    return authorization
  }

  #capture(order: Order, authorization: Authorization | null, wish: CaptureWish, pending: boolean): Capture {
    const now = nowText()
    const { id: orderId, currency, customId } = order
    const { feeBps, feeFixed } = this.settings
    const id = this.mintId()
    const capture: Capture = {
      ...{ id, orderId, authorizationId: authorization?.id ?? null, customId, currency, amount: wish.amount },
      ...{ status: pending ? 'PENDING' : 'COMPLETED', reason: pending ? 'PENDING_REVIEW' : null },
      ...{ fee: Math.round((wish.amount * feeBps) / 10_000) + feeFixed, invoiceId: wish.invoiceId },
      ...{ finalCapture: wish.final, createdAt: now, updatedAt: now },
    }
    this.state.captures.set(id, capture)
    this.state.capturesOf.append(orderId, id)
    if (wish.invoiceId !== null) this.state.capturesBy.append(wish.invoiceId, id)
    const effect = {
      ...{ id, orderId: orderIn(customId), idempotencyKey: wish.requestId, countedBy: wish.requestId },
    }
    this.#world.books.record('paypal', 'captures', effect)
    if (!pending) this.#enterCapture(capture)
    this.publish(`PAYMENT.CAPTURE.${capture.status}`, 'capture', this.shapes.capture(capture))
    return capture
  }

  #enterCapture({ id, amount, currency, fee, customId, invoiceId }: Capture): void {
    this.enter({
      id,
      code: 'T0006',
      amount,
      currency,
      fee: -fee,
      reference: null,
      custom: customId,
      invoice: invoiceId,
    })
  }

  #giveBack(refund: Refund, capture: Capture): void {
    const { id, amount, currency, customId: custom, invoiceId: invoice } = refund
    this.enter({ id, code: 'T1107', amount: -amount, currency, reference: capture.id, custom, invoice })
    const refunds = rowsOf(this.state.refunds, this.state.refundsOf, capture.id)
    const given = refunds.filter(({ status }) => status === 'COMPLETED').reduce((sum, each) => sum + each.amount, 0)
    capture.status = given >= capture.amount ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
    capture.updatedAt = nowText()
    this.publish('PAYMENT.CAPTURE.REFUNDED', 'refund', this.shapes.refund(refund))
  }
}
