import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishableKey, type System, secretKey, startSystem } from '../../test/system.ts'
import { providerEntries } from '../providers/registry.ts'
import { runDemo } from './run-demo.ts'

// Removes the risk that the first thing a newcomer sees is a failure, or lines that a terminal breaks.
describe('the demo orders', () => {
  let system: System
  const settings = () => ({ url: system.url, secretKey, publishableKey, sandboxUrl: system.sandbox.url })
  const run = async () => {
    const lines: string[] = []
    await runDemo(settings(), (line) => lines.push(line))
    return lines
  }

  beforeAll(async () => {
    system = await startSystem()
  })
  afterAll(() => system?.close())

  const hosted = providerEntries.filter(({ form }) => form === 'hosted')

  it('confirms four orders, and one by each other provider, in lines of at most 100 columns', async () => {
    const lines = await run()
    expect(lines.filter((line) => line.includes('CONFIRMED'))).toHaveLength(4 + hosted.length)
    for (const { name } of hosted)
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^  ${name} .*CONFIRMED`)))
    expect(lines.filter((line) => line.length > 100)).toEqual([])
    expect(lines.join('\n')).toMatch(/tracking \d{10}/)
  })

  it('runs again with the products it made before', async () => {
    expect((await run()).filter((line) => line.includes('CONFIRMED'))).toHaveLength(4 + hosted.length)
  })

  it('says what an order waits for when it cannot be confirmed', async () => {
    await fetch(`${system.sandbox.url}/sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'easypost', operation: 'shipments.buy', kind: 'status', status: 422, times: 2 }),
    })
    await expect(run()).rejects.toThrow(
      /waits for a person: fulfill-shipping: easypost refused[\s\S]*Its timeline: http/,
    )
  })
})
