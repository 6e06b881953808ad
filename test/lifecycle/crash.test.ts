import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { eventually, storefront } from '../storefront.ts'

// Removes the risk that a worker that dies between a provider call and its commit does the effect twice, or never.
describe('a worker that is killed', () => {
  const { system, shop } = runningShop(storefront, { workers: false })

  const startWorkerProcess = () => {
    const child = spawn(process.execPath, ['workers/all.ts'], {
      env: { ...process.env, ...system.env },
      stdio: 'ignore',
    })
    return {
      async kill(signal: 'SIGKILL' | 'SIGTERM') {
        const exited = once(child, 'exit')
        child.kill(signal)
        const [code] = await exited
        return code as number | null
      },
    }
  }

  it.each([
    ['stripe', 'transfers.create', (books: Books) => books.stripe.transfers.length],
    ['easypost', 'shipments.buy', (books: Books) => books.easypost.labels.length],
  ])(
    'I1 I3 after %s %s had its effect: another worker finishes the order, and the effect is there once',
    async (provider, operation, count) => {
      const order = await shop.order([{ skuId: 'sku-digital' }, { skuId: 'sku-physical' }])
      await shop.sandbox('POST', '/sandbox/faults', {
        provider,
        operation,
        kind: 'slow',
        delayMs: 5_000,
        after: true,
        times: 1,
      })
      const first = startWorkerProcess()
      await shop.pay(order.id)
      await eventually(
        async () => (count(await shop.books(order.id)) === 1 ? true : undefined),
        `${operation} to have its effect`,
      )
      expect(await first.kill('SIGKILL')).toBeNull()
      const second = startWorkerProcess()
      await shop.until(order.id, (seen) => seen.status === 'CONFIRMED', 'status CONFIRMED', 50_000)
      expect(count(await shop.books(order.id))).toBe(1)
      expect(await second.kill('SIGTERM')).toBe(0)
    },
  )

  it('I10 leaves no personal data in Redis, not even of what failed', async () => {
    const canary = `canary-${Date.now()}`
    const order = await shop.order([{ skuId: 'sku-digital' }, { skuId: 'sku-pod' }], {
      email: `${canary}@example.com`,
      shipTo: {
        name: canary,
        phone: '4155550100',
        address: { line1: canary, city: canary, state: 'CA', postalCode: '94104', country: 'US' },
      },
    })
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'printful',
      operation: 'orders.create',
      kind: 'status',
      status: 400,
      times: 1,
    })
    const worker = startWorkerProcess()
    await shop.pay(order.id)
    await shop.until(order.id, (seen) => seen.attention !== undefined, 'attention')
    const redis = new Redis(system.redis.url)
    const keys = await redis.keys('*')
    expect(keys.length).toBeGreaterThan(5)
    for (const key of keys) {
      const dump = await redis.dumpBuffer(key)
      expect(`${key} ${dump?.toString('latin1')}`).not.toContain(canary)
    }
    redis.disconnect()
    await worker.kill('SIGTERM')
  })
})

type Books = { stripe: { transfers: unknown[] }; easypost: { labels: unknown[] } }
