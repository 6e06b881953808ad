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

/** The method that a storefront asks for to be paid at a provider. @throws Error for a provider that no method leads to */
export function methodOfProvider(provider: ProviderName): PaymentMethod {
  const method = paymentMethods.find((name) => providerOfMethod[name] === provider)
  if (!method) throw new Error(`no payment method leads to ${provider}`)
  return method
}
