import type { Stripe } from 'stripe'
import { unixNow } from '../world.ts'
import { holdsMoney, type Trial } from './charges.ts'
import type { Intent } from './state.ts'
import type { TestCard } from './test-cards.ts'

const daySeconds = 86_400

/** What comes of charging a test card. */
export function tryCard(intent: Intent, card: TestCard, authenticated: boolean): Trial {
  const { decline } = card
  return {
    prefix: 'ch',
    details: { type: 'card', card: cardDetails(intent, card, authenticated) },
    outcome: outcomeOf(card),
    ...(decline ? { refused: { code: decline.code, message: decline.message } } : {}),
  }
}

function outcomeOf(card: TestCard): Stripe.Charge.Outcome {
  const base = {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    risk_level: card.risk ?? 'normal',
    risk_score: card.risk === 'highest' ? 95 : card.risk === 'elevated' ? 72 : 21,
  } as const
  if (card.decline?.blocked) {
    const seller_message = 'Stripe blocked this payment as too risky.'
    return {
      ...base,
      network_status: 'not_sent_to_network',
      reason: 'highest_risk_level',
      seller_message,
      type: 'blocked',
    }
  }
  if (card.decline) {
    const { declineCode, advice } = card.decline
    const seller_message = 'The bank did not return any further details with this decline.'
    const advice_code = advice === 'do_not_try_again' ? 'do_not_try_again' : 'try_again_later'
    return {
      ...base,
      advice_code,
      network_status: 'declined_by_network',
      reason: declineCode,
      seller_message,
      type: 'issuer_declined',
    }
  }
  if (card.review) {
    const seller_message =
      'Stripe evaluated this payment as having elevated risk, and placed it in your manual review queue.'
    const rule = 'manual_review_if_elevated_risk'
    return {
      ...base,
      network_status: 'approved_by_network',
      reason: 'elevated_risk_level',
      rule,
      seller_message,
      type: 'manual_review',
    }
  }
  return {
    ...base,
    network_status: 'approved_by_network',
    reason: null,
    seller_message: 'Payment complete.',
    type: 'authorized',
  }
}

function cardDetails(intent: Intent, card: TestCard, authenticated: boolean): Stripe.Charge.PaymentMethodDetails.Card {
  const held = holdsMoney(intent) && !card.decline
  const asked = intent.payment_method_options?.card?.request_multicapture === 'if_available'
  const multicapture = held && asked && card.multicapture !== 'unavailable'
  const unavailable = { status: 'unavailable' } as const
  return {
    amount_authorized: card.decline ? null : intent.amount,
    authorization_code: card.decline ? null : '123456',
    brand: card.brand,
    ...(held ? { capture_before: unixNow() + 7 * daySeconds } : {}),
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: card.country ?? 'US',
    electronic_commerce_indicator: authenticated ? '05' : null,
    exp_month: 12,
    exp_year: 2034,
    extended_authorization: { status: 'disabled' },
    fingerprint: `sandbox${(card.country ?? 'US') === 'US' ? '' : card.country}${card.last4}`,
    funding: card.funding ?? 'credit',
    incremental_authorization: unavailable,
    installments: null,
    last4: card.last4,
    mandate: null,
    multicapture: { status: multicapture ? 'available' : 'unavailable' },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: '104102971075831',
    overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: authenticated
      ? {
          authentication_flow: 'challenge',
          electronic_commerce_indicator: '05',
          exemption_indicator: null,
          result: 'authenticated',
          result_reason: null,
          transaction_id: null,
          version: '2.2.0',
        }
      : null,
    transaction_link_id: null,
    wallet: null,
  }
}
