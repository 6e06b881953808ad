import type { Stripe } from 'stripe'
import { cashBalance, moveCash, orderOfIntent, tellFundsAvailable } from './cash-balances.ts'
import { type LateSettlement, receivedMoney } from './charges.ts'
import { invalidParameter } from './errors.ts'
import { financialAddresses, type TransferType, transferCurrencies } from './financial-addresses.ts'
import { payIntent } from './intent-outcomes.ts'
import { type Cause, itself } from './pipeline.ts'
import type { Intent, Method, StripeState } from './state.ts'

const details: Stripe.Charge.PaymentMethodDetails = { type: 'customer_balance', customer_balance: {} }

function transferOf(intent: Intent): { type: TransferType; country: string | undefined } {
  const options = intent.payment_method_options?.customer_balance
  const wanted = options?.bank_transfer?.type
  const type = Object.keys(transferCurrencies).find((known): known is TransferType => known === wanted)
  if (options?.funding_type !== 'bank_transfer' || !type) {
    const param = 'payment_method_options[customer_balance][funding_type]'
    throw invalidParameter(`Missing required param: ${param}.`, param, 'parameter_missing')
  }
  if (transferCurrencies[type] !== intent.currency) {
    const message = `The bank transfer type ${type} cannot be used with the currency ${intent.currency}.`
    throw invalidParameter(message, 'payment_method_options[customer_balance][bank_transfer][type]')
  }
  return { type, country: options.bank_transfer?.eu_bank_transfer?.country }
}

/** Tells the buyer where to send the money; what already lies in their cash balance is taken first. */
export function awaitTransfer(
  state: StripeState,
  settlement: LateSettlement,
  cause: Cause,
  intent: Intent,
  method: Method,
): void {
  const { type, country } = transferOf(intent)
  const customer = intent.customer ?? ''
  if (cashBalance(state, customer, intent.currency) >= intent.amount) {
    apply(state, cause, intent, intent.amount)
    payIntent(state, settlement, cause, { intent, method, trial: receivedMoney(details) })
    return
  }
  intent.status = 'requires_action'
  intent.last_payment_error = null
  intent.next_action = {
    type: 'display_bank_transfer_instructions',
    display_bank_transfer_instructions: {
      amount_remaining: intent.amount,
      currency: intent.currency,
      financial_addresses: financialAddresses(customer, type, country),
      hosted_instructions_url: `${state.world.baseUrl()}/pay/${intent.id}?client_secret=${intent.client_secret}`,
      reference: `${intent.id.slice(-10).toUpperCase()}`,
      type,
    },
  }
  state.emit(cause, 'payment_intent.requires_action', intent)
  reconcile(state, settlement, cause, intent, method)
}

/** Money of the buyer arrives at their virtual account, and Stripe matches it with this intent. */
export function fundTransfer(state: StripeState, settlement: LateSettlement, intent: Intent, amount: number): boolean {
  const method = state.methods.get(intent.payment_method ?? '')
  const instructions = intent.next_action?.display_bank_transfer_instructions
  if (!instructions || !method || !intent.customer) return false
  const { currency, customer } = intent
  moveCash(state, itself, {
    customer,
    currency,
    amount,
    orderId: orderOfIntent(state, intent.id),
    type: 'funded',
    funded: { bank_transfer: { reference: instructions.reference, type: instructions.type } },
  })
  reconcile(state, settlement, itself, intent, method)
  if (cashBalance(state, customer, currency) > 0) tellFundsAvailable(state, customer)
  return true
}

function reconcile(state: StripeState, settlement: LateSettlement, cause: Cause, intent: Intent, method: Method): void {
  const instructions = intent.next_action?.display_bank_transfer_instructions
  const remaining = instructions?.amount_remaining ?? 0
  const arrived = Math.min(remaining, cashBalance(state, intent.customer ?? '', intent.currency))
  if (!instructions || arrived <= 0) return
  apply(state, cause, intent, arrived)
  if (arrived === remaining) {
    payIntent(state, settlement, cause, { intent, method, trial: receivedMoney(details) })
    return
  }
  intent.next_action = {
    type: 'display_bank_transfer_instructions',
    display_bank_transfer_instructions: { ...instructions, amount_remaining: remaining - arrived },
  }
  state.emit(cause, 'payment_intent.partially_funded', intent)
}

function apply(state: StripeState, cause: Cause, intent: Intent, amount: number): void {
  state.funded.set(intent.id, (state.funded.get(intent.id) ?? 0) + amount)
  moveCash(state, cause, {
    customer: intent.customer ?? '',
    currency: intent.currency,
    amount: -amount,
    orderId: orderOfIntent(state, intent.id),
    type: 'applied_to_payment',
    applied_to_payment: { payment_intent: intent.id },
  })
}

/** A canceled intent gives what it had received back to the cash balance, not to the bank. */
export function unapplyFunds(state: StripeState, cause: Cause, intent: Intent): void {
  const amount = state.funded.get(intent.id)
  if (!amount || !intent.customer) return
  state.funded.delete(intent.id)
  moveCash(state, cause, {
    customer: intent.customer,
    currency: intent.currency,
    amount,
    orderId: orderOfIntent(state, intent.id),
    type: 'unapplied_from_payment',
    unapplied_from_payment: { payment_intent: intent.id },
  })
  tellFundsAvailable(state, intent.customer)
}
