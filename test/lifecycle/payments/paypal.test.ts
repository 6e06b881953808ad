import { paymentLifecycle } from '../../plays/payment-lifecycle.ts'
import { paypalPlay } from '../../plays/paypal-play.ts'

paymentLifecycle('paypal', paypalPlay)
