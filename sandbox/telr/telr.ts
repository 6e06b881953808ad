import { orderIn } from '../json-provider.ts'
import { Relation } from '../relation.ts'
import type { Table } from '../table.ts'
import { unixNow, type World } from '../world.ts'

/** `status` is Telr's code: 1 pending, 2 authorised, 3 paid or held, -1 expired, -2 cancelled, -3 declined. Minor units. */
export type Order = {
  id: string
  cartid: string
  amount: number
  currency: string
  description: string
  test: '0' | '1'
  trantype: 'sale' | 'auth'
  code: 1 | 2 | 3 | -1 | -2 | -3
  returns: { authorised: string; declined: string; cancelled: string }
  /** Where it posts what happens, unsigned; absent where nobody asked for that. */
  updateUrl: string | null
  /** The transaction that an order's page shows. */
  transaction: string | null
}

export type TransactionType = 'sale' | 'auth' | 'capture' | 'void' | 'refund' | 'refund reversal'

export type Transaction = {
  id: string
  order: string
  cartid: string
  type: TransactionType
  previous: string | null
  first: string
  /** `A` authorised, `H` held for review, `D` declined. */
  status: 'A' | 'H' | 'D'
  responseCode: string
  message: string
  amount: number
  currency: string
  description: string
  test: '0' | '1'
  /** What Telr keeps of it. Minor units. */
  fee: number
  /** ISO 8601. */
  at: string
}

const messages = { A: 'Authorised', H: 'On hold', D: 'Not authorised' }

/** The numbers that an update has for types. */
const updateType: Record<TransactionType, string> = {
  sale: '1',
  void: '2',
  refund: '3',
  auth: '4',
  'refund reversal': '5',
  capture: '7',
}

type Following = { type: TransactionType; order: Order; amount: number; description: string; previous: Transaction }

/** Telr's orders and the transactions with them. Minor units of currencies with two decimals. */
export class Telr {
  readonly #world: World
  readonly orders: Table<Order>
  readonly transactions: Table<Transaction>
  readonly #ofCart: Relation
  readonly #cartNames: Table<{ order: string }>

  constructor(world: World) {
    this.#world = world
    this.orders = world.store.table('telr.orders')
    this.transactions = world.store.table('telr.transactions')
    this.#cartNames = world.store.table('telr.carts')
    this.#ofCart = new Relation(world.store, 'telr.transactions_of_cart')
  }

  knowsCart(cartid: string): boolean {
    return this.#cartNames.has(cartid)
  }

  create(wish: Omit<Order, 'id' | 'code' | 'transaction'>): Order {
    const order: Order = { ...wish, id: this.#world.mintId('TLR'), code: 1, transaction: null }
    this.orders.set(order.id, order)
    this.#cartNames.set(order.cartid, { order: order.id })
    const effect = { id: order.id, orderId: orderIn(order.description), idempotencyKey: null, countedBy: order.cartid }
    this.#world.books.record('telr', 'orders', effect)
    return order
  }

  /** What the buyer does on the page of an order that waits. `hold` leaves the payment to Telr's own review. */
  act(order: Order, action: 'pay' | 'hold' | 'authorise' | 'decline' | 'cancel' | 'expire'): void {
    if (order.code !== 1) return
    if (action === 'cancel' || action === 'expire') {
      order.code = action === 'cancel' ? -2 : -1
      return
    }
    const authorises = action === 'authorise' || (action === 'pay' && order.trantype === 'auth')
    order.code = action === 'decline' ? -3 : authorises ? 2 : 3
    const status = action === 'decline' ? 'D' : action === 'hold' ? 'H' : 'A'
    const { amount, description } = order
    const made = this.#record(order, {
      type: authorises ? 'auth' : 'sale',
      status,
      amount,
      description,
      previous: null,
    })
    order.transaction = made.id
  }

  /** Somebody at Telr decides about a payment that is held. */
  decide(order: Order, accepted: boolean): void {
    const held = this.transactions.get(order.transaction ?? '')
    if (held?.status !== 'H') return
    held.status = accepted ? 'A' : 'D'
    held.message = messages[held.status]
    order.code = accepted ? 3 : -3
    this.#tell(held, order)
  }

  /** A transaction that follows another; undefined where its kind or its amount does not allow it. */
  follow({ type, order, amount, description, previous }: Following): Transaction | undefined {
    if (previous.status !== 'A' || amount <= 0) return undefined
    const given = this.ofCart(order.cartid).filter((each) => each.type === 'refund' && each.status === 'A')
    const back = given.reduce((sum, each) => sum + each.amount, 0) - this.#reversed(order)
    const isFit = {
      capture: order.code === 2 && previous.type === 'auth' && amount <= previous.amount,
      void: order.code === 2 && previous.type === 'auth',
      refund: order.code === 3 && previous.type !== 'refund' && amount + back <= previous.amount,
      'refund reversal': previous.type === 'refund',
      sale: false,
      auth: false,
    }[type]
    if (!isFit) return undefined
    const made = this.#record(order, { type, status: 'A', amount, description, previous })
    if (type === 'capture') [order.code, order.transaction] = [3, made.id]
    if (type === 'void') order.code = -2
    return made
  }

  /** Every transaction with a cart, oldest first. */
  ofCart(cartid: string): Readonly<Transaction>[] {
    return [...this.#ofCart.rows(this.transactions, cartid).oldestFirst()]
  }

  /** Posts what a transaction has become to the address that came with its order, or to the one for everything: no check is in it. */
  update(order: Order): void {
    const { id = '', type = 'sale', status = 'A' } = this.transactions.look(order.transaction ?? '') ?? {}
    const form = { tran_cartid: order.cartid, tran_ref: id, tran_type: updateType[type], tran_authstatus: status }
    this.#publish(`update.${form.tran_type}`, form)
  }

  #reversed({ cartid }: Order): number {
    const reversals = this.ofCart(cartid).filter(({ type }) => type === 'refund reversal')
    return reversals.reduce((sum, { amount }) => sum + amount, 0)
  }

  #record(
    order: Order,
    {
      previous,
      ...made
    }: Pick<Transaction, 'type' | 'status' | 'amount' | 'description'> & {
      previous: Transaction | null
    },
  ): Transaction {
    const id = this.#world.mintId('03')
    const takes = made.status === 'A' && (made.type === 'sale' || made.type === 'capture')
    const transaction: Transaction = {
      ...made,
      id,
      order: order.id,
      cartid: order.cartid,
      previous: previous?.id ?? null,
      first: previous?.first ?? id,
      responseCode: made.status === 'D' ? '31' : '000',
      message: messages[made.status],
      currency: order.currency,
      test: order.test,
      fee: takes ? Math.round(made.amount * 0.0269) + 100 : 0,
      at: new Date().toISOString(),
    }
    this.transactions.set(id, transaction)
    this.#ofCart.append(order.cartid, id)
    this.#world.books.record('telr', 'transactions', {
      id,
      orderId: orderIn(order.description),
      idempotencyKey: null,
      countedBy: `${made.type} ${order.id} ${made.description}`,
    })
    this.#tell(transaction, order)
    return transaction
  }

  #tell(transaction: Transaction, order: Order): void {
    const { id, type, previous, first, amount, currency, description, status, responseCode, message } = transaction
    this.#publish(`${type}.${status}`, {
      tran_store: '1234',
      tran_type: type,
      tran_class: 'ecom',
      tran_test: order.test,
      tran_ref: id,
      tran_prevref: previous ?? '',
      tran_firstref: first,
      tran_order: order.id,
      tran_currency: currency,
      tran_amount: (amount / 100).toFixed(2),
      tran_cartid: order.cartid,
      tran_desc: description,
      tran_status: status,
      tran_authcode: responseCode,
      tran_authmessage: message,
      card_code: 'VC',
      card_last4: '1111',
      bill_fname: 'Ada',
      bill_email: 'ada@example.com',
    })
    if (order.updateUrl !== null) this.update(order)
  }

  #publish(type: string, form: Record<string, string>): void {
    const body = new URLSearchParams(form).toString()
    this.#world.webhooks.publish({
      id: this.#world.mintId('telrevt'),
      provider: 'telr',
      type,
      createdUnix: unixNow(),
      body,
    })
  }
}
