import { fundTransfer } from './bank-transfers.ts'
import type { LateSettlement } from './charges.ts'
import { confirm, finishAuthentication } from './confirmation.ts'
import { StripeRefusal } from './errors.ts'
import { methodById } from './payment-methods.ts'
import { itself } from './pipeline.ts'
import type { Intent, StripeState } from './state.ts'
import { expireVoucher, payVoucher } from './vouchers.ts'

/** What a buyer may do on the payment page. */
export const buyerActions = ['pay', 'decline', 'challenge', 'complete', 'fail'] as const
export type BuyerAction = (typeof buyerActions)[number]

const cardFor = {
  pay: 'pm_card_visa',
  decline: 'pm_card_chargeDeclined',
  challenge: 'pm_card_threeDSecure2Required',
} as const

/** Where the buyer is sent when the payment ended, as the merchant asked. */
export function returnUrlOf(state: StripeState, intent: Intent): string | undefined {
  return state.world.store.table<string>('stripe.returnUrls').get(intent.id)
}

/** Lets the buyer act. A refused card is an outcome like any other here; returns Stripe's sentence then. */
export function actAsBuyer(
  state: StripeState,
  settlement: LateSettlement,
  intent: Intent,
  action: BuyerAction,
  returnUrl: string,
): string | undefined {
  try {
    const { type } = intent.next_action ?? {}
    if (action === 'complete' && type === 'konbini_display_details') {
      payVoucher(state, settlement, intent)
    } else if (action === 'fail' && type === 'konbini_display_details') {
      expireVoucher(state, intent)
    } else if (action === 'complete' && type === 'display_bank_transfer_instructions') {
      const { amount_remaining } = intent.next_action?.display_bank_transfer_instructions ?? {}
      fundTransfer(state, settlement, intent, amount_remaining ?? 0)
    } else if (action === 'complete' || action === 'fail') {
      finishAuthentication(state, settlement, itself, intent, action === 'complete')
    } else {
      if (intent.status === 'requires_payment_method' || intent.status === 'requires_confirmation') {
        intent.payment_method = methodById(state, cardFor[action]).id
      }
      confirm(state, settlement, itself, intent, { offSession: false, returnUrl })
    }
    return undefined
  } catch (error) {
    if (error instanceof StripeRefusal) return error.message
    throw error
  } finally {
  }
}
