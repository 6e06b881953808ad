import { bonumPlay } from '../../plays/bonum-play.ts'
import { paymentLifecycle } from '../../plays/payment-lifecycle.ts'

paymentLifecycle('bonum', bonumPlay)
