import { moveCash } from './cash-balances.ts'
import { invalidState } from './errors.ts'
import { type Cause, itself, type StripeCall } from './pipeline.ts'
import { orderOf, type Refund, type StripeState } from './state.ts'
import { recordTransaction } from './transactions.ts'

const unfinished = (refund: Refund) => refund.status === 'pending' || refund.status === 'requires_action'

/** The buyer gave their bank details, or the bank carried the refund out. False when there is nothing to finish. */
export function finishRefund(state: StripeState, refund: Refund): boolean {
  if (!unfinished(refund)) return false
  const previous = { status: refund.status }
  refund.status = 'succeeded'
  delete refund.next_action
  delete refund.pending_reason
  state.emit(itself, 'refund.updated', refund, previous)
  state.emit(itself, 'charge.refund.updated', refund, previous)
  const charge = state.charges.get(refund.charge ?? '')
  if (charge?.captured) state.emit(itself, 'charge.refunded', charge)
  return true
}

/** Makes a refund fail late, as a bank may days afterwards: the money is back where it was taken from. */
export function failRefund(state: StripeState, refund: Refund, reason = 'lost_or_stolen_card'): void {
  if (refund.status === 'failed' || refund.status === 'canceled') return
  const previous = undo(state, itself, refund, 'failed', reason)
  state.emit(itself, 'refund.failed', refund, previous)
  state.emit(itself, 'refund.updated', refund, previous)
  state.emit(itself, 'charge.refund.updated', refund, previous)
}

function undo(state: StripeState, cause: Cause, refund: Refund, status: 'failed' | 'canceled', reason: string) {
  const previous = { status: refund.status }
  const { amount, currency, id, customer } = refund
  refund.status = status
  refund.failure_reason = reason
  delete refund.next_action
  delete refund.pending_reason
  const charge = state.charges.get(refund.charge ?? '')
  if (charge) {
    const taken = state.transactions.look(refund.balance_transaction ?? '')
    refund.failure_balance_transaction = recordTransaction(state, {
      type: 'refund_failure',
      amount: taken ? -taken.amount : amount,
      currency: taken?.currency ?? currency,
      exchangeRate: taken?.exchange_rate ?? null,
      source: id,
    }).id
    charge.amount_refunded -= amount
    charge.refunded = false
  }
  const kept = refund.destination_details?.type === 'customer_cash_balance'
  if (customer && refund.charge === null) {
    moveCash(state, cause, {
      customer,
      currency,
      amount,
      orderId: orderOf(refund.metadata ?? {}),
      type: 'return_canceled',
    })
  } else if (customer && kept) {
    const orderId = orderOf(refund.metadata ?? {})
    moveCash(state, cause, {
      customer,
      currency,
      amount: -amount,
      orderId,
      type: 'refunded_from_payment',
      refunded_from_payment: { refund: id },
    })
  }
  return previous
}

/** Calls a refund back; only one that waits for the buyer can be. */
export function cancelRefund(state: StripeState, call: StripeCall, refund: Refund): Refund {
  if (refund.status !== 'requires_action')
    throw invalidState(`Refund ${refund.id} cannot be canceled because it has a status of ${refund.status}.`)
  const previous = undo(state, call, refund, 'canceled', 'merchant_request')
  state.emit(call, 'refund.updated', refund, previous)
  state.emit(call, 'charge.refund.updated', refund, previous)
  return refund
}
