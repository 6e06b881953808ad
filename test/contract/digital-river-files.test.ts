// Risk removed: a client that reads files and makes links in Digital River's words and finds other shapes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { eventually } from '../storefront.ts'
import { type System, startSystem } from '../system.ts'
import { type DigitalRiverClient, digitalRiverClient } from './digital-river-client.ts'
import { documentsPresent } from './documents.ts'

const present = documentsPresent("Contract with Digital River's clients: files and file links")

describe.skipIf(!present)("Digital River's files and file links answer as their document says", () => {
  let system: System
  let client: DigitalRiverClient

  beforeAll(async () => {
    system = await startSystem()
    client = await digitalRiverClient(system)
  })
  afterAll(() => system?.close())

  const upload = () =>
    client.must('POST', '/files', {
      file: Buffer.from('certificate').toString('base64'),
      fileName: 'certificate.txt',
      purpose: 'tax_document_customer_upload',
    })

  it('uploads, reads, lists and removes a file', async () => {
    const file = await upload()
    expect(file).toMatchObject({ type: 'txt', size: 11 })
    expect(file).not.toHaveProperty('title')
    expect(await client.must('GET', `/files/${file.id}`)).toEqual(file)
    expect((await client.must('GET', '/files?limit=1&purpose=tax_document_customer_upload')).data).toEqual([file])
    expect((await client.call('DELETE', `/files/${file.id}`)).status).toBe(204)
    expect((await client.call('GET', `/files/${file.id}`)).status).toBe(404)
  })

  it('R210 R211 makes, reads, changes, lists and takes back a link', async () => {
    const file = await upload()
    const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
    const link = await client.must('POST', '/file-links', { fileId: file.id, expiresTime: later(1) })
    expect((await fetch(link.url)).status).toBe(200)
    expect(await client.must('GET', `/file-links/${link.id}`)).toEqual(link)
    const changed = await client.must('POST', `/file-links/${link.id}`, { expiresTime: later(2) })
    expect(Date.parse(changed.expiresTime)).toBeGreaterThan(Date.parse(link.expiresTime))
    expect((await client.must('GET', `/file-links?fileId=${file.id}`)).data).toEqual([changed])
    expect((await client.must('GET', `/files/${file.id}`)).links).toEqual([changed])
    expect((await client.call('DELETE', `/file-links/${link.id}`)).status).toBe(204)
    expect((await client.call('GET', `/file-links/${link.id}`)).status).toBe(404)
    // Their document wants a time; the text beside it asks for `fileId` alone.
    expect((await client.call('POST', '/file-links', { fileId: file.id }, { unchecked: true })).status).toBe(201)
  })

  it('R203 R204 R208 an order names its invoice, and its invoice is a file that stays', async () => {
    const orders = merchantOrders(system)
    const order = await orders.submit([
      { productDetails: { name: 'Cup', physical: true, countryOfOrigin: 'US' }, price: 10 },
    ])
    expect(await client.must('GET', `/orders/${order.id}`)).not.toHaveProperty('invoicePDFs')
    await orders.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1 }])
    const invoiced = await eventually(async () => {
      const seen = await client.must('GET', `/orders/${order.id}`)
      return seen.invoicePDFs ? seen : undefined
    }, 'the invoice')
    const [{ id, url }] = invoiced.invoicePDFs
    expect(await client.must('GET', `/files/${id}`)).toMatchObject({
      id,
      url,
      purpose: 'customer_invoice',
      type: 'pdf',
    })
    const refused = await client.call('DELETE', `/files/${id}`)
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'in_use'])
    await orders.heard(order.id, 'order.invoice.created')
    const [event] = (await client.must('GET', '/events?types=order.invoice.created')).data
    expect(event.data.object.invoicePDFs).toEqual(invoiced.invoicePDFs)
  })
})
