import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { digitalRiverClient } from '../contract/digital-river-client.ts'
import { documentsFound } from '../contract/documents.ts'
import { runningShop } from '../running-shop.ts'
import { address, shipFrom, storefront } from '../storefront.ts'

// Removes the risk that a client written for Digital River cannot find its SKUs again or learn what sending them costs. Held against the
// document of 2021-12-13 where it is beside this clone.
describe("SKUs and shipping quotes in Digital River's words", () => {
  const { shop, system } = runningShop(storefront)
  let { call } = shop
  beforeAll(async () => {
    if (documentsFound()) call = (await digitalRiverClient(system)).call
  })
  const ask = async (method: string, path: string, body?: unknown) => {
    const { status, body: answer } = await call(method, path, body)
    expect(status, JSON.stringify(answer)).toBeLessThan(300)
    return answer
  }

  it('finds SKUs by what customs know of them', async () => {
    const mark = randomUUID().slice(0, 8)
    const made = (more: object) =>
      ask('POST', '/skus', { name: 'Mug', eccn: 'EAR99', taxCode: `tax-${mark}`, countryOfOrigin: 'US', ...more })
    const mug = await made({ partNumber: `P-${mark}`, hsCode: `HS-${mark}`, skuGroupId: `group-${mark}` })
    const cup = await made({ eccn: `eccn-${mark}` })
    for (const query of [`partNumber=P-${mark}`, `hsCode=HS-${mark}`, `skuGroupId=group-${mark}`])
      expect((await ask('GET', `/skus?${query}`)).data, query).toEqual([mug])
    expect((await ask('GET', `/skus?eccn=eccn-${mark}`)).data).toEqual([cup])
    expect((await ask('GET', `/skus?taxCode=tax-${mark}&limit=1`)).hasMore).toBe(true)
    expect((await ask('GET', `/skus?taxCode=tax-${mark}&partNumber=P-${mark}`)).data).toEqual([mug])
    expect((await ask('GET', `/skus?taxCode=tax-${mark}&partNumber=other`)).data).toEqual([])
  })

  it('finds SKUs by when they were made and changed', async () => {
    const taxCode = `tax-${randomUUID().slice(0, 8)}`
    const made = (name: string) => ask('POST', '/skus', { name, eccn: 'EAR99', taxCode, countryOfOrigin: 'US' })
    const [first, second] = [await made('First'), await made('Second')]
    const changed = await ask('POST', `/skus/${first.id}`, { name: 'First of all' })
    const found = async (query: string) =>
      (await ask('GET', `/skus?taxCode=${taxCode}&${query}`)).data.map(({ id }: { id: string }) => id)
    const { createdTime } = second
    expect(await found(`createdTime[gte]=${createdTime}`)).toEqual([second.id])
    expect(await found(`createdTime[lte]=${createdTime}`)).toEqual([second.id, first.id])
    expect(await found(`createdTime[gt]=${createdTime}`)).toEqual([])
    expect(await found(`createdTime[lt]=${createdTime}`)).toEqual([first.id])
    expect(await found(`createdTime[eq]=${createdTime}`)).toEqual([second.id])
    expect(await found(`updatedTime[gte]=${changed.updatedTime}`)).toEqual([first.id])
    expect(await found(`createdTime[lt]=${createdTime}&updatedTime[lt]=${changed.updatedTime}`)).toEqual([])
    // As a plain moment, which the document allows in words only.
    const plain = await shop.must('GET', `/skus?taxCode=${taxCode}&createdTime=${createdTime}`)
    expect(plain.data.map(({ id }: { id: string }) => id)).toEqual([second.id])
    const wrong = await shop.call('GET', '/skus?createdTime[gt]=yesterday')
    expect([wrong.status, wrong.body.errors[0].parameter]).toEqual([400, 'createdTime[gt]'])
  })

  it('quotes packages by the rates of our carriers, several as their sum', async () => {
    const box = {
      items: [{ productDetails: { name: 'Mug' }, amount: 35, quantity: 2 }],
      weight: 24,
      weightUnit: 'oz',
      length: 6,
      width: 5,
      height: 5,
    }
    const quote = (packages: object[]) =>
      ask('POST', '/shipping-quotes', {
        currency: 'USD',
        shipTo: address,
        shipFrom: { address: shipFrom.address },
        packages,
      })
    const one = await quote([box])
    expect(one).toMatchObject({ currency: 'USD', liveMode: false })
    const amounts = one.quotes.map(({ totalAmount }: { totalAmount: number }) => totalAmount)
    expect(amounts.length).toBeGreaterThan(1)
    expect(amounts).toEqual(amounts.toSorted((a: number, b: number) => a - b))
    const two = await quote([box, box])
    expect(two.quotes[0].totalAmount).toBeCloseTo(2 * amounts[0], 2)
    expect(two.quotes[0].serviceLevel).toBe(one.quotes[0].serviceLevel)
  })

  it('quotes what a checkout page sends, and nothing for what is not sent', async () => {
    const goods = (items: object[]) =>
      ask('POST', '/checkout/shipping-quotes', { sessionId: randomUUID(), currency: 'USD', shipTo: address, items })
    const item = { id: 'a', amount: 35, quantity: 1, productDetails: { name: 'Mug', weight: 12, weightUnit: 'oz' } }
    const download = { ...item, id: 'b', sku: { id: 'sku-digital' }, productDetails: {} }
    const both = await goods([item, download])
    expect(both.shipments).toEqual([{ itemIds: ['a'], shipFrom }])
    expect(both.shippingMethods.length).toBeGreaterThan(1)
    expect(await goods([download])).toMatchObject({ shipments: [], shippingMethods: [] })
  })

  it('says what is missing of a question', async () => {
    const { status, body } = await shop.call('POST', '/shipping-quotes', { currency: 'USD', packages: [] })
    expect([status, body.errors.map(({ parameter }: { parameter: string }) => parameter)]).toEqual([
      400,
      ['shipFrom', 'shipTo'],
    ])
  })
})
