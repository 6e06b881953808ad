import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { storefront } from '../storefront.ts'
import { type System, startSystem } from '../system.ts'

// Removes the risk that a seller decides what it gives the platform.
describe('a commission', () => {
  let system: System
  let shop: ReturnType<typeof storefront>
  let marketplace: { id: string }
  let seller: { id: string; key: string }
  let operator: Record<string, string>

  beforeAll(async () => {
    system = await startSystem({ workers: false })
    shop = storefront(system)
    marketplace = (await shop.must('GET', '/v2/merchants')).data[0]
    const { id } = await shop.must('POST', '/v2/merchants', { name: 'Seller', commissionBps: 900, commissionFixed: 25 })
    const { key } = await createApiKey(system.database, { merchantId: id, kind: 'secret', liveMode: false })
    seller = { id, key }
    const credentials = { email: 'admin@example.com', password: 'correct horse battery' }
    const session = await shop.call('POST', '/v2/sessions', credentials, { key: null })
    operator = { cookie: session.headers.get('set-cookie')?.split(';')[0] ?? '', origin: system.url }
  })
  afterAll(() => system?.close())

  const sku = { name: 'x', kind: 'digital', price: 10, currency: 'USD' }
  const asSeller = (method: string, path: string, body?: object) => shop.call(method, path, body, { key: seller.key })
  const asOperator = (body: object) => shop.call('POST', '/v2/ops/commissions', body, { key: null, headers: operator })

  it('is not set by who pays it: neither on the own record, nor on a product, nor through sellers of a seller', async () => {
    for (const [path, body] of [
      [`/v2/merchants/${seller.id}`, { name: 'Seller', commissionBps: 0 }],
      [`/v2/merchants/${seller.id}`, { name: 'Seller', commissionFixed: 0 }],
      ['/v2/skus', { ...sku, id: 'cheap', commissionBps: 0 }],
      ['/v2/merchants', { name: 'Straw man', commissionBps: 0 }],
    ] as const) {
      const { status, body: answer } = await asSeller('POST', path, body)
      expect([path, status, answer.errors[0].code]).toEqual([path, 403, 'commission_not_yours'])
    }
    const strawMan = (await asSeller('POST', '/v2/merchants', { name: 'Straw man' })).body
    expect(strawMan).toMatchObject({ commissionBps: 900, commissionFixed: 25 })
    expect(
      (await asSeller('POST', '/v2/skus', { ...sku, id: 'straw', merchantId: strawMan.id, commissionBps: 0 })).status,
    ).toBe(403)
    const own = await shop.call('POST', `/v2/merchants/${marketplace.id}`, { name: 'My shop', commissionBps: 0 })
    expect(own.status).toBe(403)
    expect((await shop.call('POST', '/v2/skus', { ...sku, id: 'mine', commissionBps: 0 })).status).toBe(403)
  })

  it('stays when its payer replaces the own record or product, and may be sent back as it was read', async () => {
    await asSeller('POST', `/v2/merchants/${seller.id}`, { name: 'Renamed' })
    const read = (await asSeller('GET', `/v2/merchants/${seller.id}`)).body
    expect(read).toMatchObject({ name: 'Renamed', commissionBps: 900, commissionFixed: 25 })
    expect((await asSeller('POST', `/v2/merchants/${seller.id}`, { ...read, name: 'Again' })).status).toBe(200)
  })

  it('is set by the marketplace for its sellers', async () => {
    const path = `/v2/merchants/${seller.id}`
    expect((await shop.must('POST', path, { name: 'Seller', commissionBps: 700 })).commissionBps).toBe(700)
    const rated = { ...sku, id: 'rated', merchantId: seller.id, commissionBps: 300 }
    expect((await shop.must('POST', '/v2/skus', rated)).commissionBps).toBe(300)
    await shop.must('POST', path, { name: 'Seller', commissionBps: 900, commissionFixed: 25 })
  })

  it('is set by an operator, for a merchant and for a product, and by nobody else', async () => {
    const set = { merchantId: marketplace.id, commissionBps: 250, commissionFixed: 10 }
    expect((await shop.call('POST', '/v2/ops/commissions', set)).status).toBe(401)
    expect((await asOperator(set)).status).toBe(204)
    expect(await shop.must('GET', `/v2/merchants/${marketplace.id}`)).toMatchObject({
      commissionBps: 250,
      commissionFixed: 10,
    })
    await shop.must('POST', '/v2/skus', { ...sku, id: 'by-operator' })
    expect((await asOperator({ merchantId: marketplace.id, skuId: 'by-operator', commissionBps: 50 })).status).toBe(204)
    const replaced = await shop.must('POST', '/v2/skus/by-operator', { ...sku, name: 'y' })
    expect([replaced.name, replaced.commissionBps]).toEqual(['y', 50])
    expect((await asOperator({ merchantId: 'mer_nobody', commissionBps: 1 })).status).toBe(404)
    const form = await fetch(`${system.url}/ops/merchants/${marketplace.id}/commission`, {
      method: 'POST',
      redirect: 'manual',
      headers: operator,
      body: new URLSearchParams({ bps: '', fixed: '' }),
    })
    expect(form.status).toBe(303)
    expect((await shop.must('GET', `/v2/merchants/${marketplace.id}`)).commissionBps).toBeUndefined()
  })
})
