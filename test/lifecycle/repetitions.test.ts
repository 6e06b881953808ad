import { beforeAll, describe, expect, it } from 'vitest'
import { isDigitalRiverPath } from '../../src/api/digital-river.ts'
import type { Document, Operation } from '../../src/api/openapi/json-schema.ts'
import { notRepeatable } from '../../src/api/openapi/repeatable.ts'
import { wholeDocument } from '../api-document.ts'
import { runningShop } from '../running-shop.ts'
import { accessTable } from '../security/access-table.ts'
import { everythingOf, type Things } from '../security/things.ts'
import { storefront } from '../storefront.ts'
import { secretKey } from '../system.ts'

const book = { name: 'Book', kind: 'digital', price: 1, currency: 'USD' }
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n').toString('base64')

/** What makes something of the things that are there, where the table of access sends what makes nothing. */
const bodies: Record<string, (things: Things) => unknown> = {
  'POST /v2/skus': () => book,
  'POST /skus': () => ({ name: 'x', eccn: 'EAR99', taxCode: '4323.310_A', countryOfOrigin: 'US' }),
  'POST /v2/products': () => ({
    name: 'Repeated shirt',
    kind: 'digital',
    currency: 'USD',
    options: [{ name: 'Size', values: ['S', 'M'] }],
    variants: ['S', 'M'].map((value) => ({ options: [{ name: 'Size', value }], price: 5 })),
  }),
  'POST /v2/merchants': () => ({ name: 'Another seller' }),
  'POST /v2/carts': ({ sku }) => ({ currency: 'USD', items: [{ skuId: sku }] }),
  'POST /v2/coupons': () => ({ code: 'REPEATED', percentOff: 10 }),
  'POST /v2/checkouts': ({ sku }) => ({ currency: 'USD', items: [{ skuId: sku }] }),
  'POST /v2/customers': () => ({ email: 'repeated@example.com' }),
  'POST /v2/sources': () => ({
    type: 'creditCard',
    paymentMethod: 'pm_card_visa',
    owner: { email: 'ada@example.com' },
  }),
  'POST /v2/tax-identifiers': () => ({ type: 'at', value: 'ATU13585628' }),
  'POST /v2/recipients': () => ({ name: 'Another blog' }),
  'POST /v2/webhook-endpoints': () => ({ url: 'http://127.0.0.1:9/repeated', types: ['*'] }),
  'POST /v2/files': () => ({ file: pdf, fileName: 'certificate.pdf', purpose: 'tax_document_customer_upload' }),
  'POST /v2/digital/products': () => ({
    name: 'x',
    price: 0,
    currency: 'USD',
    content_type: 'text',
    delivery_content: 'x',
  }),
  'POST /v2/digital/links': ({ product }) => ({ product_id: product, slug: 'repeated', title: 'Repeated' }),
}

/**
 * Need an order under review, one with parcels, and a split that is settled outside, which these things are not: there the key is at least
 * looked at. `annotations.test.ts` sends a new address twice.
 */
const elsewhere = [
  'POST /v2/orders/{id}/review',
  'POST /v2/orders/{id}/ship-to',
  'POST /v2/orders/{id}/shipments/{shipmentId}/call-off',
  'POST /v2/orders/{id}/shipments/{shipmentId}/send-again',
  'POST /v2/settlements/payout',
]

// Removes the risk that a request which is sent again after a lost answer makes something twice, though its document says otherwise.
describe('a POST that is sent again', () => {
  const { system, shop } = runningShop(storefront)
  let document: Document
  let things: Things

  beforeAll(async () => {
    document = await wholeDocument(system.url)
    things = await everythingOf(shop, system.url, secretKey, 'own')
  }, 120_000)

  const posts = (): [key: string, operation: Operation][] =>
    Object.entries(document.paths).flatMap(([path, { post }]): [string, Operation][] =>
      post ? [[`POST ${path}`, post]] : [],
    )
  const takesKey = ({ parameters = [] }: Operation) =>
    parameters.some((parameter) => parameter.in === 'header' && parameter.name === 'Idempotency-Key')

  it('either takes a key, or stands in a list with its reason', () => {
    const keys = posts().map(([key]) => key)
    expect(keys.length).toBeGreaterThan(60)
    expect(
      posts()
        .filter(([key, operation]) => takesKey(operation) === key in notRepeatable)
        .map(([key]) => key),
    ).toEqual([])
    expect(Object.keys(notRepeatable).filter((key) => !keys.includes(key))).toEqual([])
  })

  it('gets its first answer again, and with another body a refusal', async () => {
    const problems: string[] = []
    let repeated = 0
    for (const [key, operation] of posts()) {
      if (!takesKey(operation)) continue
      const row = accessTable[key]
      const path = key.slice('POST '.length).replace(/\{(\w+)\}/g, (_all, name: string) => {
        const kind = row?.path?.[name] ?? ''
        return kind.startsWith('=') ? kind.slice(1) : (things[kind] ?? 'nobodys')
      })
      const sent = (bodies[key] ?? row?.body)?.(things) ?? {}
      const body = JSON.stringify(sent)
      // Digital River's bodies are read as they are meant: what is written otherwise is the same there.
      const otherBody = isDigitalRiverPath(path) ? JSON.stringify({ ...sent, metadata: { other: true } }) : `${body} `
      const headers = { 'idempotency-key': `repeated ${key}` }
      if (elsewhere.includes(key)) {
        const long = await shop.call('POST', path, body, { headers: { 'idempotency-key': 'x'.repeat(256) } })
        if (long.body.errors?.[0].parameter !== 'Idempotency-Key') problems.push(`${key}: ${JSON.stringify(long.body)}`)
        continue
      }
      const first = await shop.call('POST', path, body, { headers })
      const second = await shop.call('POST', path, body, { headers })
      const other = await shop.call('POST', path, otherBody, { headers })
      repeated += 1
      const told = { first: first.status, second: second.status, other: other.status, said: first.body }
      const isReplay = second.headers.get('idempotent-replayed') === 'true'
      const isSame = first.status === second.status && JSON.stringify(first.body) === JSON.stringify(second.body)
      const code = other.body?.errors?.[0]?.code ?? other.body?.error?.code
      if (first.status >= 300 || first.headers.has('idempotent-replayed') || !isReplay || !isSame)
        problems.push(`${key}: ${JSON.stringify({ ...told, isReplay, isSame })}`)
      else if (other.status !== 409 || code !== 'idempotency_key_reused')
        problems.push(`${key}: ${JSON.stringify(told)}`)
    }
    expect(problems).toEqual([])
    expect(repeated).toBeGreaterThan(30)
  }, 120_000)

  it('makes one checkout and one file where ten come at once', async () => {
    for (const path of ['/v2/checkouts', '/v2/files']) {
      const body = bodies[`POST ${path}`]?.(things)
      const headers = { 'idempotency-key': `ten at once ${path}` }
      const count = async () => (await shop.must('GET', `${path}?limit=100`)).data.length
      const before = await count()
      const answers = await Promise.all(Array.from({ length: 10 }, () => shop.call('POST', path, body, { headers })))
      const made = answers.filter(({ status }) => status === 201).map(({ body: { id } }) => id)
      expect(new Set(made).size, path).toBe(1)
      expect(
        answers.filter(({ status, body: said }) => status !== 201 && said.errors[0].code !== 'idempotency_key_in_use'),
        path,
      ).toEqual([])
      expect(await count(), path).toBe(before + 1)
    }
  })

  it('is not made again though what it was made of is gone', async () => {
    const { id: skuId } = await shop.must('POST', '/v2/skus', book)
    const headers = { 'idempotency-key': 'a checkout of what is gone' }
    const body = { currency: 'USD', items: [{ skuId }] }
    const first = await shop.call('POST', '/v2/checkouts', body, { headers })
    expect(first.status).toBe(201)
    await shop.call('DELETE', `/v2/skus/${skuId}`)
    const again = await shop.call('POST', '/v2/checkouts', body, { headers })
    expect([again.status, again.body]).toEqual([201, first.body])
  })
})
