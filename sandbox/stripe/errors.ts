import type { Stripe } from 'stripe'
import { type Answer, json } from '../http.ts'

type Details = {
  code?: string
  decline_code?: string
  param?: string
  charge?: string
  payment_intent?: Stripe.PaymentIntent
  payment_method?: Stripe.PaymentMethod
  setup_intent?: Stripe.SetupIntent
  advice_code?: string
}

/**
 * A refusal in Stripe's words. `began` says whether execution had begun: only then is the refusal kept under the
 * idempotency key, while a request with wrong parameters may be corrected and sent again with the same key.
 */
export class StripeRefusal extends Error {
  readonly status: number
  readonly type: string
  readonly details: Details
  readonly began: boolean

  constructor(status: number, type: string, message: string, details: Details, began: boolean) {
    super(message)
    this.status = status
    this.type = type
    this.details = details
    this.began = began
  }
}

/** 400: the parameters are wrong. */
export function invalidParameter(message: string, param?: string, code?: string): StripeRefusal {
  const details = { ...(code ? { code } : {}), ...(param ? { param } : {}) }
  return new StripeRefusal(400, 'invalid_request_error', message, details, false)
}

/** 400: the parameters are right, the object's state is not. */
export function invalidState(message: string, details: Details = {}): StripeRefusal {
  return new StripeRefusal(400, 'invalid_request_error', message, details, true)
}

/** 400: the balance cannot pay for it. */
export function insufficient(what: 'transfer' | 'payout'): StripeRefusal {
  const message = `You have insufficient funds in your Stripe account for this ${what}. Your card balance is too low. You can use the /v1/balance endpoint to view your Stripe balance (for more details, see stripe.com/docs/api#balance).`
  return invalidState(message, { code: 'balance_insufficient' })
}

/** 404 for an object named in the path, 400 for one named in a parameter. */
export function missing(kind: string, id: string, param?: string): StripeRefusal {
  const details = { code: 'resource_missing', param: param ?? 'id' }
  return new StripeRefusal(param ? 400 : 404, 'invalid_request_error', `No such ${kind}: '${id}'`, details, false)
}

/** 402: the card was refused. */
export function cardError(message: string, details: Details): StripeRefusal {
  return new StripeRefusal(402, 'card_error', message, details, true)
}

/** The answer for a refusal: `{error: {type, code?, message, …}}` with a link to the code's documentation. */
export function refusalAnswer(refusal: StripeRefusal): Answer {
  const { status, type, message, details } = refusal
  const doc_url = details.code && `https://docs.stripe.com/error-codes/${details.code.replaceAll('_', '-')}`
  return json({ error: { ...details, ...(doc_url ? { doc_url } : {}), message, type } }, status)
}

/** The answer of a Stripe that is having trouble, for injected faults. */
export function troubleAnswer(status: number): Answer {
  if (status === 429) {
    const message = 'Request rate limit exceeded.'
    return json({ error: { type: 'invalid_request_error', code: 'rate_limit', message } }, 429, { 'retry-after': '1' })
  }
  if (status === 409) {
    const message = 'This object cannot be accessed right now because another request is currently accessing it.'
    return json({ error: { type: 'invalid_request_error', code: 'lock_timeout', message } }, 409)
  }
  if (status < 500)
    return json({ error: { type: 'invalid_request_error', message: 'The request was refused.' } }, status)
  const message = 'An unknown error occurred. If this persists, contact support.'
  return json({ error: { type: 'api_error', message } }, status)
}
