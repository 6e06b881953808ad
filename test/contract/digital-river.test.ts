// Risk removed: a client written for Digital River that stops working when its base URL is changed to ours.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { address, storefront } from '../storefront.ts'
import { type System, startSystem } from '../system.ts'
import { type DigitalRiverClient, digitalRiverClient } from './digital-river-client.ts'
import { documentsPresent } from './documents.ts'

const present = documentsPresent("Contract with Digital River's clients")

describe.skipIf(!present)("Digital River's paths answer as their document says", () => {
  let system: System
  let client: DigitalRiverClient

  beforeAll(async () => {
    system = await startSystem()
    await storefront(system).stock()
    client = await digitalRiverClient(system)
  })
  afterAll(() => system?.close())

  const digital = (more: object = {}) => ({
    currency: 'USD',
    email: 'buyer@example.com',
    billTo: address,
    items: [{ skuId: 'sku-digital', price: 100, quantity: 1 }],
    ...more,
  })
  const physical = (more: object = {}) => ({
    ...digital(),
    items: [{ skuId: 'sku-physical', price: 67.5, quantity: 2, discount: { percentOff: 10, quantity: 1 } }],
    shipTo: address,
    shipFrom: { address: { country: 'US', state: 'CA' } },
    shippingChoice: { amount: 5, description: 'USPS: Priority', serviceLevel: 'SG' },
    ...more,
  })

  it('R56 R57 creates, reads, changes, lists and deletes a checkout', async () => {
    const made = await client.must(
      'POST',
      '/checkouts',
      physical({ upstreamId: 'U-1', locale: 'de_DE', browserIp: '192.0.2.1' }),
    )
    await client.must('GET', `/checkouts/${made.id}`)
    await client.must('POST', `/checkouts/${made.id}`, { email: 'other@example.com', metadata: { a: 'b' } })
    await client.must('GET', '/checkouts?limit=2')
    expect((await client.call('DELETE', `/checkouts/${made.id}`)).status).toBe(204)
    expect((await client.call('GET', `/checkouts/${made.id}`)).status).toBe(404)
    expect((await client.call('GET', `/checkouts/${randomUUID()}`)).status).toBe(404)
  })

  it('refuses a wrong checkout in their error format', async () => {
    const wrong = await client.call('POST', '/checkouts', { currency: 'USD' }, { unchecked: true })
    expect(wrong.status).toBe(400)
    expect((await client.call('POST', '/checkouts', digital(), { key: null })).status).toBe(401)
  })
})
