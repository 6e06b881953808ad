import { paymentLifecycle } from '../../plays/payment-lifecycle.ts'
import { telrPlay } from '../../plays/telr-play.ts'

paymentLifecycle('telr', telrPlay)
