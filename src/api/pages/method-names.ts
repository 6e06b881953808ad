import type { PaymentMethod } from '../../providers/payment-methods.ts'

/** Ways to pay, as buyers and sellers call them. */
export const methodNames: Record<PaymentMethod, string> = {
  STRIPE: 'Card',
  PAYPAL: 'PayPal',
  CRYPTO: 'Bitcoin',
  BONUM: 'Bonum',
  TELR: 'Telr',
}
