import type { ProviderName } from './provider.ts'

export const paymentMethods = ['STRIPE', 'PAYPAL', 'CRYPTO', 'BONUM', 'TELR'] as const
export type PaymentMethod = (typeof paymentMethods)[number]

/** The provider behind each method a storefront may ask for; null for methods without an adapter yet. */
export const providerOfMethod: Record<PaymentMethod, ProviderName | null> = {
  STRIPE: 'stripe',
  BONUM: 'bonum',
  PAYPAL: null,
  CRYPTO: null,
  TELR: null,
}
