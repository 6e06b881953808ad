import { btcpayPlay } from '../../plays/btcpay-play.ts'
import { paymentLifecycle } from '../../plays/payment-lifecycle.ts'

paymentLifecycle('btcpay', btcpayPlay)
