import type { Stripe } from 'stripe'
import type { Route } from '../http.ts'
import type { Sequence } from '../table.ts'
import { unixNow } from '../world.ts'
import { addToBalance, balanceObject } from './balances.ts'
import { invalidParameter, missing } from './errors.ts'
import { listOf } from './lists.ts'
import { text } from './params.ts'
import { type Endpoint, ownerOf, type StripeCall } from './pipeline.ts'
import type { StripeState } from './state.ts'
import { platform } from './unpaid-transactions.ts'

type Transaction = Stripe.BalanceTransaction

/** Which group of Stripe's reports a type belongs to, unless its movement says otherwise. */
const categories = {
  charge: 'charge',
  payment: 'charge',
  refund: 'refund',
  payment_refund: 'refund',
  refund_failure: 'refund_failure',
  transfer: 'transfer',
  transfer_refund: 'transfer_reversal',
  adjustment: 'other_adjustment',
  stripe_fee: 'fee',
  payout: 'payout',
  payout_cancel: 'payout_reversal',
  payout_failure: 'payout_reversal',
  topup: 'topup',
  topup_reversal: 'topup_reversal',
} as const satisfies Record<string, Transaction['reporting_category']>

export type Movement = {
  type: keyof typeof categories
  /** In minor units of `currency`, which is the balance's; negative when money leaves. */
  amount: number
  currency: string
  exchangeRate?: number | null
  /** Taken on top; negative when a fee is given back. */
  fee?: number
  feeDescription?: string
  source: string | null
  description?: string | null
  category?: Transaction['reporting_category']
  /** From when on it may be spent; at once unless said. */
  availableOn?: number
  /** The connected account whose balance moves, if it is not the platform's. */
  owner?: string
}

/** Writes a balance transaction and moves the balance of its owner by its net. Returns it. */
export function recordTransaction(state: StripeState, movement: Movement): Transaction {
  const { type, amount, fee = 0, currency, source, owner = platform } = movement
  const now = unixNow()
  const availableOn = Math.max(now, movement.availableOn ?? now)
  const description = movement.feeDescription ?? 'Stripe processing fees'
  const transaction: Transaction = {
    id: state.world.mintId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: availableOn,
    balance_type: 'payments',
    created: now,
    currency,
    description: movement.description ?? null,
    exchange_rate: movement.exchangeRate ?? null,
    fee,
    fee_details: fee === 0 ? [] : [{ amount: fee, application: null, currency, description, type: 'stripe_fee' }],
    net: amount - fee,
    reporting_category: movement.category ?? categories[type],
    source,
    status: availableOn > now ? 'pending' : 'available',
    type,
  }
  const { id, net } = transaction
  tableOf(state, owner).set(id, transaction)
  if (owner !== platform) state.transactionsByAccount.append(owner, id)
  if (source !== null) state.transactionsBySource.append(source, id)
  state.unpaid.add({ owner, currency, availableOn, id, net })
  addToBalance(state, owner, currency, net)
  return transaction
}

const tableOf = (state: StripeState, owner: string) =>
  owner === platform ? state.transactions : state.accountTransactions

/** The transaction as it is now: what was pending is available once its time has come. */
export function current(transaction: Readonly<Transaction>): Transaction {
  return { ...transaction, status: transaction.available_on > unixNow() ? 'pending' : 'available' }
}

/** Makes all money available now, as time does. */
export function settleNow(state: StripeState): void {
  const now = unixNow()
  for (const id of state.unpaid.hurry(now)) {
    const transaction = state.transactions.get(id) ?? state.accountTransactions.get(id)
    if (!transaction) continue
    transaction.available_on = now
    transaction.status = 'available'
  }
}

/** The transactions that the filters of a list leave, from the narrowest index there is. */
function candidates(state: StripeState, { params, ...call }: StripeCall): Sequence<Transaction> {
  const owner = ownerOf(call)
  const table = tableOf(state, owner)
  const payout = text(params, 'payout')
  if (payout !== undefined) {
    const known = state.payouts.look(payout)
    if (!known || (state.payoutOwners.look(payout) ?? platform) !== owner) throw missing('payout', payout, 'payout')
    if (!known.automatic) {
      const message = 'Balance transaction history can only be filtered on automatic transfers, not manual.'
      throw invalidParameter(message, 'payout')
    }
    return state.transactionsByPayout.rows(table, payout)
  }
  const source = text(params, 'source')
  if (source !== undefined) return state.transactionsBySource.rows(table, source)
  return owner === platform ? table : state.transactionsByAccount.rows(table, owner)
}

export function transactionRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  return [
    endpoint('GET', 'balance_transactions/:id', 'balance_transactions.retrieve', (call) => {
      const owner = ownerOf(call)
      const transaction = tableOf(state, owner).look(call.id)
      if (!transaction || (owner !== platform && !state.transactionsByAccount.has(owner, call.id)))
        throw missing('balance transaction', call.id)
      return current(transaction)
    }),
    endpoint('GET', 'balance_transactions', 'balance_transactions.list', (call) => {
      const type = text(call.params, 'type')
      const currency = text(call.params, 'currency')?.toLowerCase()
      const source = text(call.params, 'source')
      const wanted = (transaction: Readonly<Transaction>) =>
        (type === undefined || transaction.type === type) &&
        (currency === undefined || transaction.currency === currency) &&
        (source === undefined || transaction.source === source)
      const page = listOf(candidates(state, call), call.params, '/v1/balance_transactions', wanted)
      return { ...page, data: page.data.map(current) }
    }),
    endpoint('GET', 'balance', 'balance.retrieve', (call) => balanceObject(state, ownerOf(call))),
  ]
}
