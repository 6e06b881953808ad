import type Stripe from 'stripe'
import { alwaysClosed, type Breaker } from '../../platform/breakers.ts'
import { createKeepAliveAgent } from '../../platform/keep-alive-agent.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import { toProviderError } from './stripe-errors.ts'
import type { StripeSettings } from './stripe-settings.ts'

/** A connection to Stripe's API, shared by everything that asks it. */
export type StripeClient = {
  /** The SDK, loaded when it is first needed. */
  sdk(): Promise<Stripe>
  /** Makes one call whose answer has to be the named object. @throws ProviderError */
  call<T extends { object: string }>(object: T['object'], ask: (client: Stripe) => Promise<T>): Promise<T>
}

export function createStripeClient(
  settings: StripeSettings,
  timeoutMs: number,
  breaker: Breaker = alwaysClosed,
): StripeClient {
  let loading: Promise<Stripe> | undefined
  // The SDK takes 200 ms to load, so only a process that calls Stripe loads it, and only when it does.
  const sdk = () => {
    loading ??= import('stripe').then(({ default: StripeSdk }) => {
      const base = new URL(settings.apiBase)
      const secure = base.protocol === 'https:'
      return new StripeSdk(settings.secretKey, {
        host: base.hostname,
        port: base.port || (secure ? 443 : 80),
        protocol: secure ? 'https' : 'http',
        httpClient: StripeSdk.createNodeHttpClient(createKeepAliveAgent(settings.apiBase)),
        timeout: timeoutMs,
        maxNetworkRetries: 1,
        telemetry: false,
      })
    })
    return loading
  }

  return {
    sdk,
    async call<T extends { object: string }>(object: T['object'], ask: (client: Stripe) => Promise<T>) {
      const client = await sdk()
      return breaker.run(async () => {
        let answer: T
        try {
          answer = await ask(client)
        } catch (error) {
          throw toProviderError(error)
        }
        // stripe-node takes a 4xx without an `error` key for a success.
        if (answer.object !== object) throw new ProviderError('stripe', 'unknown', 'unexpected_answer')
        return answer
      })
    },
  }
}
