import type { Stripe } from 'stripe'
import type { Route } from '../http.ts'
import { unixNow } from '../world.ts'
import { invalidState, missing } from './errors.ts'
import type { Cause, Endpoint } from './pipeline.ts'
import type { Charge, Intent, Review, StripeState } from './state.ts'

/** Puts a payment in the manual review queue. The money is taken or held all the same. */
export function openReview(state: StripeState, cause: Cause, intent: Intent, charge: Charge): void {
  const review: Review = {
    id: state.world.mintId('prv'),
    object: 'review',
    billing_zip: null,
    charge: charge.id,
    closed_reason: null,
    created: unixNow(),
    ip_address: null,
    ip_address_location: null,
    livemode: false,
    open: true,
    opened_reason: 'rule',
    payment_intent: intent.id,
    reason: 'rule',
    session: null,
  }
  state.reviews.set(review.id, review)
  intent.review = review.id
  charge.review = review.id
  state.emit(cause, 'review.opened', review)
}

/** Closes the open review of an intent, if it has one. */
export function closeReview(
  state: StripeState,
  cause: Cause,
  intent: Intent,
  reason: NonNullable<Stripe.Review.ClosedReason>,
): void {
  const review = state.reviews.get(intent.review ?? '')
  const charge = state.charges.get(review?.charge ?? '')
  if (!review?.open) return
  review.open = false
  review.reason = reason
  review.closed_reason = reason
  intent.review = null
  if (charge) charge.review = null
  state.emit(cause, 'review.closed', review)
}

export function reviewRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  const reviewById = (id: string) => {
    const review = state.reviews.get(id)
    if (!review) throw missing('review', id)
    return review
  }
  return [
    endpoint('GET', 'reviews/:id', 'reviews.retrieve', ({ id }) => reviewById(id)),
    endpoint('POST', 'reviews/:id/approve', 'reviews.approve', (call) => {
      const review = reviewById(call.id)
      const intent = state.intents.get(review.payment_intent)
      if (!review.open || !intent) throw invalidState('This review has already been closed.')
      closeReview(state, call, intent, 'approved')
      return review
    }),
  ]
}
