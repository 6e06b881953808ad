import type { Stripe } from 'stripe'
import { invalidParameter, missing } from './errors.ts'
import { type Params, requiredText } from './params.ts'
import type { StripeCall } from './pipeline.ts'
import { orderOf, type StripeState } from './state.ts'

export type Transaction = Stripe.Tax.Transaction
export type Line = Stripe.Tax.TransactionLineItem

const transactions = (state: StripeState) => state.world.store.table<Transaction>('stripe.taxTransactions')

const references = (state: StripeState) => state.world.store.table<string>('stripe.taxReferences')

/** The lines of a transaction. */
export const linesOf = ({ line_items }: Transaction): Line[] => line_items?.data ?? []

/** The transaction of that id; `param` is the parameter that named it. Throws Stripe's refusal. */
export function transactionById(state: StripeState, id: string, param?: string): Transaction {
  const transaction = transactions(state).get(id)
  if (!transaction) throw missing('tax transaction', id, param)
  return transaction
}

/** A reference names one transaction only, so that nothing is reported twice. */
export function claimable(state: StripeState, params: Params): string {
  const reference = requiredText(params, 'reference')
  if (references(state).has(reference)) {
    const message = `There is already a tax transaction with the reference ${reference}.`
    throw invalidParameter(message, 'reference', 'resource_already_exists')
  }
  return reference
}

/** Keeps a new transaction under its id and its reference, and returns it. */
export function keep(state: StripeState, call: StripeCall, transaction: Transaction): Transaction {
  transactions(state).set(transaction.id, transaction)
  references(state).set(transaction.reference, transaction.id)
  state.record(call, 'taxTransactions', transaction.id, orderOf(transaction.metadata ?? {}) ?? transaction.reference)
  return transaction
}

/** Lines in the list that a transaction carries. */
export const listed = (id: string, data: Line[]) => ({
  object: 'list' as const,
  data,
  has_more: false,
  url: `/v1/tax/transactions/${id}/line_items`,
})
