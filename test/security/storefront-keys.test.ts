import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storefront } from '../storefront.ts'
import { publishableKey, type System, startSystem } from '../system.ts'

// Removes the risk that whoever reads a shop's page, and the publishable key in it, reads or changes what is not theirs.
describe('a publishable key', () => {
  let system: System
  let shop: ReturnType<typeof storefront>

  beforeAll(async () => {
    system = await startSystem()
    shop = storefront(system)
    await shop.stock()
  })
  afterAll(() => system?.close())

  it('neither takes the answer that the server stored for an Idempotency-Key, nor stands in the way of one', async () => {
    const body = { currency: 'USD', email: 'server@example.com', items: [{ skuId: 'sku-digital', quantity: 1 }] }
    const post = (key: string | undefined, content: object) =>
      shop.call('POST', '/v2/carts', content, {
        ...(key ? { key } : {}),
        headers: { 'idempotency-key': 'guessable-1' },
      })
    const first = await post(undefined, body)
    const stranger = await post(publishableKey, body)
    expect([stranger.status, stranger.headers.get('idempotent-replayed')]).toEqual([201, null])
    expect(stranger.body.id).not.toBe(first.body.id)
    expect((await post(publishableKey, { ...body, email: 'other@example.com' })).status).toBe(409)
    const again = await post(undefined, body)
    expect([again.body.id, again.headers.get('idempotent-replayed')]).toEqual([first.body.id, 'true'])
  })
})
