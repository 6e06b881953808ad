import { ProviderError } from '../../platform/provider-error.ts'
import type { PaymentAdapter } from '../provider.ts'
import type { BtcpayConnection } from './btcpay-client.ts'
import { cancelInvoice, createInvoice, retrieveInvoice } from './btcpay-invoices.ts'
import { refundInvoice, retrievePullPayment } from './btcpay-refunds.ts'
import { observeBtcpay, readBtcpayWebhook } from './btcpay-webhooks.ts'

/**
 * A BTCPay Server of the merchant's own: an invoice in the order's currency, which its buyer pays in coins at the server's rate, and which
 * settles into the merchant's wallet, outside the platform. Money goes back as a claim that the buyer fetches.
 */
export const createBtcpayProvider = (btcpay: BtcpayConnection): PaymentAdapter => ({
  settlement: 'off_platform',
  verifiesWebhooks: btcpay.webhookSecrets.length > 0,
  createIntent: (request) => createInvoice(btcpay, request),
  retrieve: (reference) => retrieveInvoice(btcpay, reference),
  cancel: (reference, { currency }) => cancelInvoice(btcpay, reference, currency),
  capture: async () => {
    throw new ProviderError('btcpay', 'refused', 'capture_not_supported')
  },
  refund: (reference, call) => refundInvoice(btcpay, reference, call),
  retrieveRefund: (reference) => retrievePullPayment(btcpay, reference),
  readWebhook: async (rawBody, headers) => readBtcpayWebhook(btcpay.webhookSecrets, rawBody, headers),
  observe: observeBtcpay,
})
