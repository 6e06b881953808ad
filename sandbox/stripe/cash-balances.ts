import type { Stripe } from 'stripe'
import { unixNow } from '../world.ts'
import { type Cause, itself } from './pipeline.ts'
import { type CashTransaction, orderOf, type StripeState } from './state.ts'

type Movement = {
  customer: string
  currency: string
  /** Positive into the balance, negative out of it. */
  amount: number
  orderId: string | null
} & (
  | { type: 'funded'; funded: Stripe.CustomerCashBalanceTransaction.Funded }
  | { type: 'applied_to_payment'; applied_to_payment: { payment_intent: string } }
  | { type: 'unapplied_from_payment'; unapplied_from_payment: { payment_intent: string } }
  | { type: 'refunded_from_payment'; refunded_from_payment: { refund: string } }
  | { type: 'return_initiated' }
  | { type: 'return_canceled' }
)

const keyOf = (customer: string, currency: string) => `${customer} ${currency}`

/** What a customer sent by bank transfer and has not spent, in minor units. */
export function cashBalance(state: StripeState, customer: string, currency: string): number {
  return state.cashBalances.get(keyOf(customer, currency)) ?? 0
}

/** Moves money into or out of a customer's cash balance. */
export function moveCash(state: StripeState, cause: Cause, movement: Movement): void {
  const { customer, currency, amount, orderId, ...kind } = movement
  const ending_balance = cashBalance(state, customer, currency) + amount
  state.cashBalances.set(keyOf(customer, currency), ending_balance)
  const transaction: CashTransaction = {
    id: state.world.mintId('ccsbtxn'),
    object: 'customer_cash_balance_transaction',
    created: unixNow(),
    currency,
    customer,
    customer_account: null,
    ending_balance,
    livemode: false,
    net_amount: amount,
    ...kind,
  }
  state.cashTransactions.set(transaction.id, transaction)
  state.cashTransactionsByCustomer.append(customer, transaction.id)
  state.record(cause, 'cashTransactions', transaction.id, orderId)
  state.emit(cause, 'customer_cash_balance_transaction.created', transaction)
}

/** Tells that money lies in a cash balance which no open payment asked for. */
export function tellFundsAvailable(state: StripeState, customer: string): void {
  state.emit(itself, 'cash_balance.funds_available', cashBalanceObject(state, customer))
}

/** The cash balance of a customer as Stripe shows it; `available` is null while nothing ever came. */
export function cashBalanceObject(state: StripeState, customer: string): Stripe.CashBalance {
  const prefix = keyOf(customer, '')
  const entries = state.cashBalances.entries(prefix).map(([key, amount]) => [key.slice(prefix.length), amount] as const)
  return {
    object: 'cash_balance',
    available: entries.length > 0 ? Object.fromEntries(entries) : null,
    customer,
    customer_account: null,
    livemode: false,
    settings: { reconciliation_mode: 'automatic', using_merchant_default: true },
  }
}

/** The order of an intent, for the books. */
export function orderOfIntent(state: StripeState, id: string | null): string | null {
  const intent = state.intents.get(id ?? '')
  return intent ? orderOf(intent.metadata, intent.transfer_group) : null
}
