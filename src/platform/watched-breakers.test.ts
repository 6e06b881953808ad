import { describe, expect, it } from 'vitest'
import { providerEntries } from '../providers/registry.ts'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { ProviderError } from './provider-error.ts'
import { watchedBreakers } from './watched-breakers.ts'

const config = readConfig(
  {
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://x@127.0.0.1:1/x',
    REDIS_URL: 'redis://127.0.0.1:1',
    PUBLIC_URL: 'http://shop.test',
  },
  providerEntries,
)

// Removes the risk that a provider fails and nobody who watches the numbers sees it.
describe('calls to providers', () => {
  it('are counted and timed by how they ended, those included that were not made', async () => {
    const metrics = createMetrics()
    const breaker = watchedBreakers(config, createLog('silent', 'test'), metrics).of('acme')
    const fail = (outcome: ProviderError['outcome']) =>
      breaker.run(() => Promise.reject(new ProviderError('acme', outcome, 'x'))).catch(() => undefined)
    await breaker.run(async () => 'answer')
    await fail('refused')
    await breaker.run(() => Promise.reject(new Error('ours'))).catch(() => undefined)
    for (let call = 0; call < 5; call += 1) await fail('unknown')
    await breaker.run(async () => 'never made').catch(() => undefined)
    const text = await metrics.registry.metrics()
    const counted = [
      ...text.matchAll(/^ordermill_provider_call_seconds_count\{provider="acme",outcome="(\w+)"\} (\d+)$/gm),
    ].map(([, outcome, count]) => [outcome, Number(count)])
    expect(Object.fromEntries(counted)).toEqual({ answered: 1, refused: 1, broken: 1, unknown: 5, unavailable: 1 })
    expect(text).toMatch(/^ordermill_provider_paused\{provider="acme"\} 1$/m)
  })
})
