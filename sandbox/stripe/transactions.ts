import type { Stripe } from 'stripe'
import type { Route } from '../http.ts'
import { unixNow } from '../world.ts'
import { missing } from './errors.ts'
import { listOf } from './lists.ts'
import { text } from './params.ts'
import type { Endpoint } from './pipeline.ts'
import type { StripeState } from './state.ts'

type Movement = {
  type: 'charge' | 'refund' | 'transfer' | 'transfer_refund' | 'adjustment' | 'refund_failure'
  amount: number
  fee?: number
  currency: string
  source: string
}

const categories: Record<Movement['type'], Stripe.BalanceTransaction['reporting_category']> = {
  charge: 'charge',
  refund: 'refund',
  transfer: 'transfer',
  transfer_refund: 'transfer_reversal',
  adjustment: 'dispute',
  refund_failure: 'refund_failure',
}

/** Writes a balance transaction and moves the platform's balance by its net. Returns its id. */
export function recordTransaction(state: StripeState, movement: Movement): string {
  const { type, amount, fee = 0, currency, source } = movement
  const now = unixNow()
  const feeDetail = {
    amount: fee,
    application: null,
    currency,
    description: 'Stripe processing fees',
    type: 'stripe_fee',
  }
  const transaction: Stripe.BalanceTransaction = {
    id: state.world.mintId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: now,
    balance_type: 'payments',
    created: now,
    currency,
    description: null,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [feeDetail],
    net: amount - fee,
    reporting_category: categories[type],
    source,
    status: 'available',
    type,
  }
  state.transactions.set(transaction.id, transaction)
  state.transactionsBySource.append(source, transaction.id)
  state.addToBalance(currency, transaction.net)
  return transaction.id
}

export function transactionRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  return [
    endpoint('GET', 'balance_transactions/:id', 'balance_transactions.retrieve', ({ id }) => {
      const transaction = state.transactions.get(id)
      if (!transaction) throw missing('balance transaction', id)
      return transaction
    }),
    endpoint('GET', 'balance_transactions', 'balance_transactions.list', ({ params }) => {
      const source = text(params, 'source')
      const type = text(params, 'type')
      const all = state.transactions
      const transactions = source === undefined ? all : state.transactionsBySource.rows(all, source)
      const ofType = (transaction: { type: string }) => type === undefined || transaction.type === type
      return listOf(transactions, params, '/v1/balance_transactions', ofType)
    }),
    endpoint('GET', 'balance', 'balance.retrieve', () => ({
      object: 'balance',
      available: state.balances.entries().map(([currency, amount]) => ({
        amount,
        currency,
        source_types: { card: amount },
      })),
      livemode: false,
      pending: [],
    })),
  ]
}
