import { describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { address, storefront } from '../storefront.ts'

// Removes the risk that a seller's own system can do less with an order than its people can, or more.
describe('what a seller notes about an order', () => {
  const { shop } = runningShop(storefront)

  const ordered = () => shop.order([{ skuId: 'sku-physical' }])
  const at = (id: string, what: string) => `/v2/orders/${id}/${what}`

  it('is kept as its people would write it, found by its tag, and in no order that a buyer reads', async () => {
    const [{ id }, other] = [await ordered(), await ordered()]
    expect(await shop.must('GET', at(id, 'annotations'))).toEqual({ orderId: id, note: '', tags: [] })
    const given = { note: ' Ring twice. ', tags: ['VIP', 'vip', 'gift  wrap'] }
    const kept = { orderId: id, note: 'Ring twice.', tags: ['gift wrap', 'vip'] }
    expect(await shop.must('POST', at(id, 'annotations'), given)).toEqual(kept)
    expect(await shop.must('GET', at(id, 'annotations'))).toEqual(kept)
    const tagged = async (tag: string) =>
      (await shop.must('GET', `/v2/orders?tag=${encodeURIComponent(tag)}`)).data.map(
        (order: { id: string }) => order.id,
      )
    expect(await tagged('VIP')).toEqual([id])
    expect(await tagged('gift wrap')).toEqual([id])
    expect(await tagged('nothing')).toEqual([])
    await shop.must('POST', at(other.id, 'annotations'), { tags: ['vip'] })
    expect(await tagged('vip')).toEqual([other.id, id])
    expect(JSON.stringify(await shop.must('GET', `/v2/orders/${id}`))).not.toContain('Ring twice')
    expect(await shop.must('POST', at(id, 'annotations'), { note: '' })).toEqual({ ...kept, note: '' })
    expect(await shop.must('POST', at(id, 'annotations'), { tags: [] })).toEqual({ ...kept, note: '', tags: [] })
    expect(await tagged('vip')).toEqual([other.id])
    const lines: { cause: string }[] = (await shop.timeline(id)).data
    const causes = lines.map(({ cause }) => cause)
    expect(causes).toEqual(expect.arrayContaining(['note changed by api', 'tags changed by api']))
  })

  it('has bounds, and is nobody else’s', async () => {
    const { id } = await ordered()
    const refused = async (body: unknown) => {
      const { status, body: answer } = await shop.call('POST', at(id, 'annotations'), body)
      return [status, answer.errors?.[0]?.code]
    }
    expect(await refused({ note: 'x'.repeat(5_001) })).toEqual([400, 'invalid_parameter'])
    expect(await refused({ tags: Array.from({ length: 11 }, (_, index) => `tag ${index}`) })).toEqual([
      400,
      'invalid_parameter',
    ])
    expect(await refused({ tags: ['x'.repeat(31)] })).toEqual([400, 'invalid_parameter'])
    expect(await refused({ tags: ['one, two'] })).toEqual([400, 'invalid_parameter'])
    expect(await refused({ tags: ['a\tb\u0007'] })).toEqual([400, 'invalid_parameter'])
    expect(await refused({ tags: 'vip' })).toEqual([400, 'invalid_parameter'])
    expect(await refused({ notes: 'misspelt' })).toEqual([400, 'unknown_parameter'])
    expect(await shop.must('GET', at(id, 'annotations'))).toEqual({ orderId: id, note: '', tags: [] })
    expect((await shop.call('GET', at('ord_nobodys', 'annotations'))).status).toBe(404)
  })

  it('goes to another address of its country, until its goods are under way', async () => {
    const { id } = await ordered()
    const there = { ...address, name: 'Grace', address: { ...address.address, line1: 'Elm St 2', city: 'Eugene' } }
    const headers = { 'idempotency-key': 'a new address' }
    const { body: moved } = await shop.call('POST', at(id, 'ship-to'), there, { headers })
    const again = await shop.call('POST', at(id, 'ship-to'), there, { headers })
    expect([again.headers.get('idempotent-replayed'), again.body]).toEqual(['true', moved])
    expect(moved.shipTo).toMatchObject({ name: 'Grace', address: { line1: 'Elm St 2', city: 'Eugene' } })
    const abroad = { ...there, address: { ...there.address, country: 'DE' } }
    const refused = async (body: unknown) => {
      const { status, body: answer } = await shop.call('POST', at(id, 'ship-to'), body)
      return [status, answer.errors?.[0]?.code]
    }
    expect(await refused(abroad)).toEqual([409, 'ship_to_country_fixed'])
    expect(await refused({ name: 'Grace' })).toEqual([400, 'missing_parameter'])
    await shop.pay(id)
    await shop.confirmed(id)
    expect(await refused(address)).toEqual([409, 'ship_to_fixed'])
    const download = await shop.order([{ skuId: 'sku-digital' }], { shipTo: undefined })
    const answer = await shop.call('POST', at(download.id, 'ship-to'), address)
    expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'ship_to_fixed'])
  })
})
