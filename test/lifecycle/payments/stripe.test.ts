import { paymentLifecycle } from '../../plays/payment-lifecycle.ts'
import { stripePlay } from '../../plays/stripe-play.ts'

paymentLifecycle('stripe', stripePlay)
