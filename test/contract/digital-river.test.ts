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

  // Their document foresees sources from their own browser library only, so the request is ours and the answer theirs.
  const source = async (input: object = { type: 'creditCard', paymentMethod: 'pm_card_visa' }) =>
    (await client.call('POST', '/sources', input, { unchecked: true })).body

  it('R51 R55 creates, reads, changes, lists and deletes a customer', async () => {
    const made = await client.must('POST', '/customers', {
      id: `shop-${randomUUID().slice(0, 8)}`,
      email: 'ada@example.com',
      shipping: address,
      locale: 'en_US',
      type: 'individual',
      metadata: { tier: 'gold' },
    })
    await client.must('GET', `/customers/${made.id}`)
    await client.must('POST', `/customers/${made.id}`, { enabled: false, requestToBeForgotten: true })
    await client.must('GET', `/customers?limit=1&email=ada@example.com&ids=${made.id}`)
    const bare = await client.must('POST', '/customers', {})
    expect((await client.call('POST', '/customers', { id: made.id })).status).toBe(409)
    expect((await client.call('DELETE', `/customers/${bare.id}`)).status).toBe(204)
    expect((await client.call('GET', `/customers/${bare.id}`)).status).toBe(404)
    expect((await client.call('POST', `/customers/${bare.id}`, { enabled: true })).status).toBe(404)
    expect((await client.call('DELETE', `/customers/${bare.id}`)).status).toBe(404)
  })

  it('R60 R61 R63 creates a source, saves it and applies it to a checkout', async () => {
    const { id } = await client.must('POST', '/customers', { email: 'ada@example.com' })
    const saved = await source()
    await client.must('GET', `/sources/${saved.id}`)
    await client.must('POST', `/customers/${id}/sources/${saved.id}`)
    expect((await client.must('GET', `/customers/${id}`)).sources).toHaveLength(1)
    await client.must('POST', `/customers/${id}`, { defaultSourceId: saved.id })
    const basket = await client.must('POST', '/checkouts', digital({ customerId: id }))
    await client.must('POST', `/checkouts/${basket.id}/sources/${saved.id}`)
    await client.must('GET', `/checkouts/${basket.id}`)
    expect((await client.call('DELETE', `/checkouts/${basket.id}/sources/${saved.id}`)).status).toBe(204)
    expect((await client.call('DELETE', `/checkouts/${basket.id}/sources/${saved.id}`)).status).toBe(404)
    expect((await client.call('DELETE', `/customers/${id}/sources/${saved.id}`)).status).toBe(204)
    expect((await client.call('POST', `/customers/${id}/sources/${saved.id}`)).status).toBe(409)
    expect((await client.call('POST', `/checkouts/${basket.id}/sources/${saved.id}`)).status).toBe(409)
    expect((await client.call('GET', `/sources/${randomUUID()}`)).status).toBe(404)
  })

  it.each([
    ['a card that is entered later', { type: 'creditCard' }],
    ['a voucher', { type: 'konbini', currency: 'JPY', owner: { firstName: 'Ada', address: { country: 'JP' } } }],
    ['a transfer', { type: 'wireTransfer', currency: 'EUR' }],
    ["a bank's page", { type: 'bancontact', currency: 'EUR' }],
  ])('R60 R154 answers with a source for %s', async (_what, input) => {
    const made = await source(input)
    await client.must('GET', `/sources/${made.id}`)
  })

  it('refuses a customer credit that says neither its currency nor its session in their error format', async () => {
    const answer = await client.call('POST', '/sources', { type: 'customerCredit', amount: 5 })
    expect(answer.status).toBe(400)
  })

  it('R217 creates, reads, attaches, lists and deletes a tax identifier', async () => {
    const { id: customerId } = await client.must('POST', '/customers', { type: 'business' })
    const { id } = await client.must('POST', '/tax-identifiers', { type: 'at', value: 'ATU13585627' })
    await client.must('GET', `/tax-identifiers/${id}`)
    await client.must('POST', `/customers/${customerId}/tax-identifiers/${id}`)
    expect((await client.must('GET', `/customers/${customerId}`)).taxIdentifiers).toHaveLength(1)
    await client.must('GET', `/tax-identifiers?customerId=${customerId}&type=at`)
    const { id: other } = await client.must('POST', '/customers', {})
    expect((await client.call('POST', `/customers/${other}/tax-identifiers/${id}`)).status).toBe(409)
    expect((await client.call('DELETE', `/tax-identifiers/${id}`)).status).toBe(204)
    expect((await client.call('GET', `/tax-identifiers/${id}`)).status).toBe(404)
    expect((await client.call('DELETE', `/tax-identifiers/${id}`)).status).toBe(404)
  })
})
