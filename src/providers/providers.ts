import type { Breakers } from '../platform/breakers.ts'
import type { Config } from '../platform/config.ts'
import { createBonumProvider } from './bonum/bonum.ts'
import type { PaymentProvider } from './provider.ts'
import { createStripeProvider } from './stripe/stripe.ts'

/** The payment providers that are configured, by name. */
export type PaymentProviders = ReadonlyMap<string, PaymentProvider>

/** One line per provider; a provider without keys is not there. */
export function createPaymentProviders(config: Config, breakers: Breakers): PaymentProviders {
  const providers: PaymentProvider[] = []
  if (config.stripe)
    providers.push(createStripeProvider(config.stripe, config.providerTimeoutMs, breakers.of('stripe')))
  if (config.bonum) providers.push(createBonumProvider(config.bonum, config.providerTimeoutMs, breakers.of('bonum')))
  return new Map(providers.map((provider) => [provider.name, provider]))
}
