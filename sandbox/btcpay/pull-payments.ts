import { orderIn } from '../json-provider.ts'
import type { Table } from '../table.ts'
import { unixNow, type World } from '../world.ts'
import { decimalsOf, publish, rate } from './invoices.ts'

export type PullPayment = {
  id: string
  storeId: string
  /** The invoice that it gives back. */
  invoiceId: string
  name: string
  description: string
  currency: string
  /** Decimal. */
  limit: string
  archived: boolean
}

export type Payout = {
  id: string
  storeId: string
  pullPaymentId: string
  date: number
  destination: string
  currency: string
  /** Decimal, in `currency`. */
  originalAmount: string
  state: 'AwaitingApproval' | 'AwaitingPayment' | 'InProgress' | 'Completed' | 'Cancelled'
}

/** Money that a store lays ready, and what was claimed of it. */
export class PullPayments {
  readonly #world: World
  readonly table: Table<PullPayment>
  readonly payouts: Table<Payout>

  constructor(world: World) {
    this.#world = world
    this.table = world.store.table('btcpay.pullPayments')
    this.payouts = world.store.table('btcpay.payouts')
  }

  create(wanted: Omit<PullPayment, 'id' | 'archived'>): PullPayment {
    const pullPayment: PullPayment = { id: this.#world.mintId('pp').replace('_', ''), archived: false, ...wanted }
    const { id, description, name } = pullPayment
    this.table.set(id, pullPayment)
    const effect = { id, orderId: orderIn(description || null), idempotencyKey: null, countedBy: name }
    this.#world.books.record('btcpay', 'pullPayments', effect)
    return pullPayment
  }

  payoutsOf(pullPaymentId: string): Readonly<Payout>[] {
    return [...this.payouts.oldestFirst()].filter((payout) => payout.pullPaymentId === pullPaymentId)
  }

  /** What nobody has claimed yet, as a decimal number. */
  left({ id, limit, currency }: Readonly<PullPayment>): number {
    const claimed = this.payoutsOf(id)
      .filter(({ state }) => state !== 'Cancelled')
      .reduce((sum, { originalAmount }) => sum + Number(originalAmount), 0)
    return Number((Number(limit) - claimed).toFixed(decimalsOf(currency)))
  }

  /** The buyer says where the money is to go. Undefined where there is nothing, or not so much. */
  claim(pullPayment: PullPayment, amount: number): Payout | undefined {
    if (pullPayment.archived || !(amount > 0) || amount > this.left(pullPayment)) return undefined
    const { storeId, id: pullPaymentId, currency, description } = pullPayment
    const id = this.#world.mintId('po').replace('_', '')
    const payout: Payout = {
      id,
      storeId,
      pullPaymentId,
      date: unixNow(),
      destination: 'bcrt1qbuyer',
      currency,
      originalAmount: amount.toFixed(decimalsOf(currency)),
      state: 'AwaitingApproval',
    }
    this.payouts.set(id, payout)
    const effect = { id, orderId: orderIn(description || null), idempotencyKey: null, countedBy: null }
    this.#world.books.record('btcpay', 'payouts', effect)
    this.#tell(payout, 'PayoutCreated')
    return payout
  }

  /** The merchant agrees, pays or refuses, unless that is over. */
  decide(payoutId: string, to: 'AwaitingPayment' | 'Completed' | 'Cancelled'): Payout | undefined {
    const payout = this.payouts.get(payoutId)
    if (!payout || payout.state === 'Completed' || payout.state === 'Cancelled') return payout
    payout.state = to
    this.#tell(payout, to === 'AwaitingPayment' ? 'PayoutApproved' : 'PayoutUpdated')
    return payout
  }

  /** The merchant withdraws it: what was not paid out yet is not any more. */
  archive(pullPayment: PullPayment): void {
    pullPayment.archived = true
    for (const { id } of this.payoutsOf(pullPayment.id)) this.decide(id, 'Cancelled')
  }

  #tell({ storeId, id, pullPaymentId, state }: Payout, type: string): void {
    publish(this.#world, type, { storeId, payoutId: id, pullPaymentId, payoutState: state })
  }
}

/** A pull payment as the API tells of it. */
export const toPullPayment = (
  world: World,
  { id, name, description, currency, limit, archived }: Readonly<PullPayment>,
): Record<string, unknown> => ({
  id,
  name,
  description,
  currency,
  amount: limit,
  BOLT11Expiration: '30',
  autoApproveClaims: false,
  archived,
  viewLink: `${world.baseUrl()}/btcpay/pull-payments/${id}`,
})

/** A payout as the API tells of it. */
export function toPayout(payout: Readonly<Payout>): Record<string, unknown> {
  const { id, pullPaymentId, date, destination, currency, originalAmount, state } = payout
  return {
    id,
    revision: 0,
    pullPaymentId,
    date: String(date),
    destination,
    originalCurrency: currency,
    originalAmount,
    payoutCurrency: 'BTC',
    payoutAmount: state === 'AwaitingApproval' ? null : (Number(originalAmount) / rate).toFixed(8),
    payoutMethodId: 'BTC-CHAIN',
    state,
    metadata: {},
  }
}
