import { unixNow } from '../world.ts'
import { balanceOf, currenciesOf } from './balances.ts'
import { insufficient, invalidState } from './errors.ts'
import { type Cause, itself, ownerOf } from './pipeline.ts'
import type { Payout, StripeState } from './state.ts'
import { recordTransaction } from './transactions.ts'

const daySeconds = 86_400

type Wish = {
  amount: number
  currency: string
  automatic: boolean
  description: string | null
  statementDescriptor: string | null
  metadata: Record<string, string>
  method: 'standard' | 'instant'
  destination: string | null
}

/** Sends money from a balance to the owner's bank account; it is out of the balance at once and arrives later. */
export function createPayout(state: StripeState, cause: Cause, wish: Wish): Payout {
  const { amount, currency, automatic } = wish
  const owner = ownerOf(cause)
  if (amount > balanceOf(state, owner, currency).available) throw insufficient('payout')
  const id = state.world.mintId('po')
  const now = unixNow()
  const leaves = recordTransaction(state, { type: 'payout', amount: -amount, currency, source: id, owner })
  const payout: Payout = {
    id,
    object: 'payout',
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: now + (wish.method === 'instant' ? 0 : 2 * daySeconds),
    automatic,
    balance_transaction: leaves.id,
    created: now,
    currency,
    description: wish.description,
    destination: wish.destination ?? `ba_${currency}`,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: wish.metadata,
    method: wish.method,
    original_payout: null,
    payout_method: null,
    reconciliation_status: automatic ? 'in_progress' : 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: wish.statementDescriptor,
    status: 'pending',
    trace_id: null,
    type: 'bank_account',
  }
  state.payouts.set(id, payout)
  state.payoutsByOwner.append(owner, id)
  if (cause.account !== undefined) state.payoutOwners.set(id, cause.account)
  state.record(cause, 'payouts', id, null)
  state.emit(cause, 'payout.created', payout)
  return payout
}

/** Pays out all that is available in each currency, or in one: what the schedule of an account does every day. */
export function payOutAutomatically(state: StripeState, account: string | undefined, only?: string): Payout[] {
  const cause = causeOf(account)
  const owner = ownerOf(cause)
  return currenciesOf(state, owner).flatMap((currency) => {
    const amount = balanceOf(state, owner, currency).available
    // Stripe would collect a debt from the bank account; here it waits for the next payout, which it lessens.
    if (amount <= 0 || (only !== undefined && only !== currency)) return []
    const payout = createPayout(state, cause, {
      amount,
      currency,
      automatic: true,
      description: 'STRIPE PAYOUT',
      statementDescriptor: null,
      metadata: {},
      method: 'standard',
      destination: null,
    })
    for (const id of state.unpaid.take(owner, currency, unixNow())) state.transactionsByPayout.append(payout.id, id)
    payout.reconciliation_status = 'completed'
    state.emit(cause, 'payout.reconciliation_completed', payout, { reconciliation_status: 'in_progress' })
    return [payout]
  })
}

/** The cause of what happens to a payout by itself, in the account that it belongs to. */
export const payoutCause = (state: StripeState, payout: Payout) => causeOf(state.payoutOwners.look(payout.id))

const causeOf = (account: string | undefined): Cause => (account === undefined ? itself : { ...itself, account })

/** The money is under way to the bank. */
export function sendPayout(state: StripeState, payout: Payout): boolean {
  if (payout.status !== 'pending') return false
  payout.status = 'in_transit'
  state.emit(payoutCause(state, payout), 'payout.updated', payout, { status: 'pending' })
  return true
}

/** The bank has the money. */
export function arrivePayout(state: StripeState, payout: Payout): boolean {
  const previous = { status: payout.status, trace_id: payout.trace_id, arrival_date: payout.arrival_date }
  if (payout.status !== 'pending' && payout.status !== 'in_transit') return false
  payout.status = 'paid'
  payout.arrival_date = unixNow()
  payout.trace_id = { status: 'supported', value: payout.id.slice(-12).toUpperCase() }
  const cause = payoutCause(state, payout)
  state.emit(cause, 'payout.updated', payout, previous)
  state.emit(cause, 'payout.paid', payout)
  return true
}

/** The bank sends the money back, which it may do days after it looked paid: it is in the balance again. */
export function failPayout(state: StripeState, payout: Payout, code: string): boolean {
  if (payout.status === 'failed' || payout.status === 'canceled') return false
  const previous = { status: payout.status, failure_code: null, failure_message: null }
  giveBack(state, payout, 'payout_failure')
  payout.status = 'failed'
  payout.failure_code = code
  payout.failure_message = `The bank sent the payout back: ${code.replaceAll('_', ' ')}.`
  const cause = payoutCause(state, payout)
  state.emit(cause, 'payout.failed', payout, previous)
  state.emit(cause, 'payout.updated', payout, previous)
  return true
}

/** `POST /v1/payouts/{id}/cancel`, or the same in the dashboard. */
export function cancelPayout(state: StripeState, cause: Cause, payout: Payout): Payout {
  if (payout.status !== 'pending' || payout.automatic) {
    const kind = payout.automatic ? 'automatic' : payout.status
    throw invalidState(`Payouts can be canceled only while they are manual and pending; this one is ${kind}.`)
  }
  giveBack(state, payout, 'payout_cancel')
  payout.status = 'canceled'
  state.emit(cause, 'payout.canceled', payout, { status: 'pending' })
  return payout
}

function giveBack(state: StripeState, payout: Payout, type: 'payout_failure' | 'payout_cancel'): void {
  const { id, amount, currency } = payout
  const owner = ownerOf(payoutCause(state, payout))
  payout.failure_balance_transaction = recordTransaction(state, { type, amount, currency, source: id, owner }).id
}
