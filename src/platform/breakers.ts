import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel'
import { ProviderError } from './provider-error.ts'

/** Lets calls to one provider through, or not while it is down. */
export type Breaker = {
  /** @throws ProviderError `unavailable` `paused` without making the call, or whatever the call throws */
  run<T>(call: () => Promise<T>): Promise<T>
}

/** One breaker for each provider, made when it is first asked for. */
export type Breakers = { of(provider: string): Breaker }

/** For callers of their own, such as tests of one adapter: every call goes through. */
export const alwaysClosed: Breaker = { run: (call) => call() }

const failuresToOpen = 5

/** How a call ended: with an answer, as its error says, or for a reason of ours. */
export type CallOutcome = 'answered' | ProviderError['outcome'] | 'broken'

type Watch = {
  pauseMs: number
  onChange: (provider: string, paused: boolean) => void
  /** Told of every call, those included that were not made because the provider is left alone. */
  onCall?: (provider: string, outcome: CallOutcome, seconds: number) => void
}

const isOutage = (error: unknown): boolean => error instanceof ProviderError && error.outage

/**
 * After five calls in a row that a provider did not answer, it is left alone for `pauseMs`; then one call tries it, and its end decides.
 * Every process finds out for itself. `onChange` is told when a provider is left alone, and when it answers again.
 */
export function createBreakers({ pauseMs, onChange, onCall }: Watch): Breakers {
  const known = new Map<string, Breaker>()
  return {
    of(provider) {
      const breaker = known.get(provider) ?? watched(provider, createBreaker(provider, pauseMs, onChange), onCall)
      known.set(provider, breaker)
      return breaker
    },
  }
}

function watched(provider: string, breaker: Breaker, onCall: Watch['onCall']): Breaker {
  if (!onCall) return breaker
  return {
    async run(call) {
      const began = performance.now()
      const end = (outcome: CallOutcome) => onCall(provider, outcome, (performance.now() - began) / 1_000)
      try {
        const answer = await breaker.run(call)
        end('answered')
        return answer
      } catch (error) {
        end(error instanceof ProviderError ? error.outcome : 'broken')
        throw error
      }
    },
  }
}

function createBreaker(
  provider: string,
  pauseMs: number,
  onChange: (provider: string, paused: boolean) => void,
): Breaker {
  const policy: CircuitBreakerPolicy = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: pauseMs,
    breaker: new ConsecutiveBreaker(failuresToOpen),
  })
  let openUntil = 0
  policy.onStateChange((state) => {
    if (state === CircuitState.Open) openUntil = Date.now() + pauseMs
    if (state !== CircuitState.HalfOpen) onChange(provider, state === CircuitState.Open)
  })
  return {
    async run(call) {
      try {
        return await policy.execute(call)
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error
        const retryAfterMs = Math.max(0, openUntil - Date.now())
        throw new ProviderError(provider, 'unavailable', 'paused', { retryAfterMs })
      }
    },
  }
}
