import type { Sql } from '../database/database.ts'
import type { Breakers } from '../platform/breakers.ts'
import type { Config } from '../platform/config.ts'
import type { PaymentMethod } from './payment-methods.ts'
import type { PaymentAdapter } from './provider.ts'
import type { ProviderEntry } from './provider-entry.ts'
import { type ProviderName, providerNames, registry } from './registry.ts'
import { createSharedTokens } from './shared-tokens.ts'

/** A provider that is configured. */
export type PaymentProvider = PaymentAdapter & {
  name: ProviderName
  /** What a storefront asks for to be paid there. */
  method: PaymentMethod
  expectedFee: ReturnType<ProviderEntry['expectedFee']>
}

/** The payment providers that are configured, by name. */
export type PaymentProviders = ReadonlyMap<string, PaymentProvider>

/** The registered providers that the variables switch on. */
export function createPaymentProviders(config: Config, breakers: Breakers, on: { sql: Sql }): PaymentProviders {
  const tokens = createSharedTokens(on, config.providerTimeoutMs)
  const providers = new Map<string, PaymentProvider>()
  for (const name of providerNames) {
    const entry = registry[name]
    const connection = { timeoutMs: config.providerTimeoutMs, breaker: breakers.of(name), tokens }
    const adapter = entry.create(config.providerVariables, connection)
    const expectedFee = entry.expectedFee(config.providerVariables)
    if (adapter) providers.set(name, { ...adapter, name, method: entry.method, expectedFee })
  }
  return providers
}

/** The provider behind a method that a storefront asks for; undefined where there is none or it is not configured. */
export const providerOfMethod = (providers: PaymentProviders, method: string): PaymentProvider | undefined =>
  [...providers.values()].find((provider) => provider.method === method)

/** Whether what is made here is about real money: a provider whose keys tell so takes it. */
export const isLive = (providers: PaymentProviders): boolean =>
  [...providers.values()].some(({ liveMode }) => liveMode === true)
