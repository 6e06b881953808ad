import { describe, expect, it } from 'vitest'
import { alwaysClosed } from '../platform/breakers.ts'
import { environment } from '../platform/environment.ts'
import { paymentMethods } from './payment-methods.ts'
import type { ProviderEntry } from './provider-entry.ts'
import { providerEntries, registry } from './registry.ts'

const twice = (names: readonly string[]) => names.filter((name, at) => names.indexOf(name) !== at)

// Removes the risk that two providers are taken for each other, or that what an entry says of its variables is not true.
describe('the registry of payment providers', () => {
  it('has a method, a signature header and variables for each provider alone', () => {
    expect(twice(providerEntries.map(({ method }) => method))).toEqual([])
    // One provider at most may sign in the form that it posts: nothing else tells who sends.
    expect(twice(providerEntries.map(({ signatureHeader }) => signatureHeader ?? 'a form'))).toEqual([])
    const variables = [environment, ...providerEntries.map((entry) => entry.variables)]
    expect(twice(variables.flatMap(({ shape }) => Object.keys(shape)))).toEqual([])
    expect(twice(paymentMethods)).toEqual([])
  })

  it.each<[string, ProviderEntry]>(Object.entries(registry))(
    '%s names variables that it has, and a sandbox that switches it on',
    (_, entry) => {
      const names = Object.keys(entry.variables.shape)
      const sandbox: Record<string, string> = {
        ...entry.sandbox('http://127.0.0.1:1'),
        [entry.webhookSecret]: 'secret',
      }
      expect(names).toEqual(expect.arrayContaining([entry.key, entry.webhookSecret, ...Object.keys(sandbox)]))
      expect(sandbox[entry.key]).toBeTruthy()
      const connection = { timeoutMs: 1_000, breaker: alwaysClosed }
      expect(entry.create(sandbox, connection)?.verifiesWebhooks).toBe(true)
      expect(entry.create({ ...sandbox, [entry.webhookSecret]: '' }, connection)?.verifiesWebhooks).toBe(false)
      expect(entry.create({ ...sandbox, [entry.key]: '' }, connection)).toBeUndefined()
      const adapter = entry.create(sandbox, connection)
      const { refund, transfer, books } = entry.capabilities
      expect([adapter?.refund !== undefined, adapter?.transfer !== undefined]).toEqual([refund !== 'none', transfer])
      expect([adapter?.readBook !== undefined, 'statement' in entry]).toEqual([
        books === 'asked',
        books === 'statements',
      ])
      expect(entry.signatureHeader).toBe(entry.signatureHeader?.toLowerCase())
    },
  )
})
