import { beforeAll, describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { type Answer, type Json, storefront } from '../storefront.ts'

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
const resale = {
  companyName: 'Reseller Inc',
  taxAuthority: 'CA',
  startDate: day(-10),
  endDate: day(10),
  country: 'US',
  reason: 'resale',
  number: 'SR-101-1',
}
const at = (state: string, country = 'US') => ({
  name: 'Reseller Inc',
  address: { line1: '1 Main St', city: 'Somewhere', state, postalCode: '94104', country },
})

// Removes the risk that tax is taken of whom it is not asked of, or not taken for a reason that nobody can show an auditor.
describe('tax certificates', () => {
  const { system, shop } = runningShop(storefront)
  let exempt: string

  const customer = async (...taxCertificates: Json[]) =>
    (await shop.must('POST', '/v2/customers', { taxCertificates })).id
  const checkout = (customerId: string | undefined, billTo = at('CA'), more: Json = {}) =>
    shop.must('POST', '/v2/checkouts', {
      currency: 'USD',
      email: 'buyer@example.com',
      ...(customerId ? { customerId } : {}),
      billTo,
      shipTo: billTo,
      shipFrom: at('NV'),
      shippingChoice: { amount: 10, description: 'Parcel', serviceLevel: 'SG' },
      items: [{ productDetails: { name: 'Mug', physical: true }, price: 100 }],
      ...more,
    })
  const wrong = ({ status, body }: Answer) => [status, body.errors?.[0]?.code, body.errors?.[0]?.parameter]
  const order = async (id: string) => {
    const source = await shop.must('POST', '/v2/sources', { type: 'creditCard', paymentMethod: 'pm_card_visa' })
    await shop.must('POST', `/v2/checkouts/${id}/sources/${source.id}`)
    return shop.call('POST', '/v2/orders', { checkoutId: id })
  }

  beforeAll(async () => {
    exempt = await customer(resale)
  })

  it('free their customer at their place, and the order keeps why', async () => {
    expect((await checkout(undefined)).totalTax).toBeGreaterThan(0)
    const { id, totalTax } = await checkout(exempt)
    expect(totalTax).toBe(0)
    const made = await order(id)
    expect([made.status, made.body.taxExemption]).toEqual([201, [resale]])
    await shop.must('POST', `/v2/customers/${exempt}`, { taxCertificates: [] })
    expect((await shop.must('GET', `/v2/orders/${made.body.id}`)).taxExemption).toEqual([resale])
    expect((await checkout(exempt)).totalTax).toBeGreaterThan(0)
    await shop.must('POST', `/v2/customers/${exempt}`, { taxCertificates: [resale] })
    expect((await shop.must('GET', `/v2/customers/${exempt}`)).taxCertificates).toEqual([resale])
  })

  it.each([
    ['in another state', resale, at('TX')],
    ['in another country', resale, at('', 'DE')],
    ['before they begin', { ...resale, startDate: day(1) }, at('CA')],
    ['after they have lapsed', { ...resale, endDate: day(-1) }, at('CA')],
  ])('free nobody %s', async (_where, certificate, place) => {
    const sold = await checkout(await customer(certificate), place)
    expect([sold.totalTax > 0, sold.taxExemption]).toEqual([true, undefined])
  })

  it('count in a whole country, or in the states that they list', async () => {
    const { taxAuthority: _state, ...whole } = resale
    expect((await checkout(await customer(whole), at('TX'))).totalTax).toBe(0)
    const listed = await customer({ ...whole, states: ['TX', 'CA'] })
    expect((await checkout(listed, at('US-TX'))).totalTax).toBe(0)
    expect((await checkout(listed, at('NY'))).totalTax).toBeGreaterThan(0)
    expect((await checkout(await customer({ ...whole, country: 'DE' }), at('', 'DE'))).totalTax).toBe(0)
  })

  it('that lapse between the price and the order free nobody', async () => {
    const { id } = await checkout(exempt)
    await system.database.sql(
      `update checkouts set details = jsonb_set(details, '{taxExemption,0,endDate}', to_jsonb($2::text)) where id = $1`,
      [id, day(-1)],
    )
    expect(wrong(await order(id))).toEqual([409, 'price_changed', 'checkoutId'])
  })

  it.each([
    ['an end before the beginning', { endDate: day(-20) }, 'taxCertificates.0.endDate'],
    ['a country that there is not', { country: 'XX' }, 'taxCertificates.0.country'],
    ['no company', { companyName: '' }, 'taxCertificates.0.companyName'],
    ['a file that is not there', { fileId: 'file_nobodys' }, 'taxCertificates.0.fileId'],
  ])('are refused with %s', async (_what, change, parameter) => {
    const body = { taxCertificates: [{ ...resale, ...change }] }
    expect(wrong(await shop.call('POST', `/v2/customers/${exempt}`, body))).toEqual([
      400,
      'invalid_parameter',
      parameter,
    ])
  })
})
