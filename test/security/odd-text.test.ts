import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { cleanFilename } from '../../src/files/filename.ts'
import { recognizeFile } from '../../src/files/recognize-file.ts'
import { runningShop } from '../running-shop.ts'
import { storefront } from '../storefront.ts'
import { publishableKey, secretKey } from '../system.ts'

// Removes the risk that a character, a depth or a length that nobody types breaks or freezes a request.
describe('R294 odd text', () => {
  const { system, shop } = runningShop(storefront, { workers: false })

  const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${system.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json', ...headers },
      body,
    })
    return { status: response.status, body: JSON.parse(await response.text()) }
  }

  const signedIn = async () => {
    const signIn = { email: 'admin@example.com', password: 'correct horse battery' }
    const { headers } = await shop.call('POST', '/v2/sessions', signIn, { key: null })
    return { cookie: headers.getSetCookie()[0]?.split(';')[0] ?? '', origin: system.url }
  }

  it.each([
    ['NUL', '"a\\u0000b"'],
    ['half a surrogate pair', '"a\\ud83db"'],
    ['the other half', '"\\udc00"'],
  ])('%s in a text, a key or a nested text is a 400 that names the place', async (_name, text) => {
    const sku = (more: string) => `{"id":"odd","name":"x","kind":"digital","price":1,"currency":"USD"${more}}`
    for (const [body, parameter] of [
      [`{"id":"odd","name":${text},"kind":"digital","price":1,"currency":"USD"}`, 'name'],
      [sku(`,"metadata":{"note":${text}}`), 'metadata.note'],
      [sku(`,"metadata":{${text}:"note"}`), 'metadata'],
      [sku(`,"unknown":[[${text}]]`), 'unknown.0.0'],
    ] as const) {
      for (const type of ['application/json', 'text/plain', 'application/json; charset=utf-8']) {
        const answer = await post('/v2/skus', body, { 'content-type': type })
        expect([answer.status, answer.body.errors[0].code, answer.body.errors[0].parameter]).toEqual([
          400,
          'invalid_parameter',
          parameter,
        ])
      }
    }
    expect((await shop.call('GET', '/v2/skus/odd')).status).toBe(404)
  })

  it('NUL in a path is not found, in a query it is named', async () => {
    for (const path of ['/v2/orders/ord_%00', '/v2/carts/%00', '/orders/%00', '/c/%00', '/v2/skus/a%00b', '/ops/%00'])
      expect([
        path,
        (await fetch(`${system.url}${path}`, { headers: { authorization: `Bearer ${secretKey}` } })).status,
      ]).toEqual([path, 404])
    for (const path of [
      '/v2/orders?email=a%00b',
      '/v2/orders?upstreamId=%00',
      '/customers?email=%00',
      '/v2/skus?x=%00',
    ]) {
      const answer = await shop.call('GET', path)
      expect([path, answer.status, answer.body.errors[0].code]).toEqual([path, 400, 'invalid_parameter'])
    }
  })

  it('the paths that are Digital River’s alone look at a body of either type', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    for (const [method, path] of [
      ['POST', '/skus'],
      ['PUT', '/skus/odd'],
      ['PATCH', '/webhooks/whe_nobodys'],
    ] as const)
      for (const type of ['application/json', 'text/plain'])
        for (const body of [deep, '{"id":"odd","name":"a\\u0000b"}']) {
          const response = await fetch(`${system.url}${path}`, {
            method,
            headers: { authorization: `Bearer ${secretKey}`, 'content-type': type },
            body,
          })
          expect([method, type, body.length, response.status]).toEqual([method, type, body.length, 400])
        }
  })

  it('NUL in what an operator looks for or opens is not found', async () => {
    const operator = await signedIn()
    for (const [method, path] of [
      ['GET', '/ops/orders?q=a%00b'],
      ['GET', '/ops/orders/%00'],
      ['POST', '/ops/orders/a%00/refresh'],
      ['GET', '/ops/selling-entities?merchantId=%00'],
      ['GET', '/ops/tax-rates?after=%00'],
    ] as const) {
      const { status } = await fetch(`${system.url}${path}`, { method, headers: operator })
      expect([path, status]).toEqual([path, 404])
    }
  })

  it.each(['0000-01-01', '0000-02-29'])('a day or moment of the year 0, such as %s, is refused', async (day) => {
    const operator = await signedIn()
    const moment = `${day}T00:00:00Z`
    const { id } = await shop.must('POST', '/v2/webhook-endpoints', { url: 'http://127.0.0.1:9/events', types: ['*'] })
    for (const [path, body, parameter] of [
      ['/v2/coupons', { code: 'OLD', percentOff: 10, validFrom: moment }, 'validFrom'],
      ['/v2/coupons', { code: 'OLD', percentOff: 10, validUntil: moment }, 'validUntil'],
      [`/v2/webhook-endpoints/${id}/recover`, { since: moment }, 'since'],
      [
        '/v2/customers',
        { taxCertificates: [{ companyName: 'x', startDate: moment, endDate: moment }] },
        'taxCertificates.0.startDate',
      ],
    ] as const) {
      const answer = await shop.call('POST', path, body)
      expect([path, answer.status, answer.body.errors[0].parameter]).toEqual([path, 400, parameter])
    }
    for (const path of [
      `/skus?createdTime=${moment}`,
      '/skus?updatedTime[gte]=9999-12-31T23:59:59-23:59',
      `/v2/balances/entries?createdTime[gte]=${moment}`,
      `/v2/tax-rates?on=${day}`,
      `/v2/tax-rates.csv?on=${day}`,
      `/ops/tax-rates?on=${day}`,
    ]) {
      const headers = path.includes('tax-rates') ? operator : { authorization: `Bearer ${secretKey}` }
      const { status } = await fetch(`${system.url}${path}`, { headers })
      expect([path, status]).toEqual([path, 400])
    }
  })

  it('a prototype as a key and nesting without end are refused', async () => {
    const sku = (more: string) => `{"id":"odd","name":"x","kind":"digital","price":1,"currency":"USD",${more}}`
    const deep = `"metadata":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
    for (const more of ['"metadata":{"__proto__":{"x":1}}', '"metadata":{"\\u005f_proto__":"x"}', deep]) {
      const answer = await post('/v2/skus', sku(more))
      expect([answer.status, answer.body.errors[0].code]).toEqual([400, 'invalid_parameter'])
    }
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('bodies are bounded by what their route needs', async () => {
    const filled = (bytes: number) => JSON.stringify({ filler: 'x'.repeat(bytes) })
    for (const [path, allowed] of [
      ['/v2/public/checkout/none/pay', 16],
      ['/v2/sessions', 16],
      ['/v2/carts', 256],
      ['/v2/skus', 1024],
    ] as const) {
      const refused = await post(path, filled(allowed * 1024))
      const read = await post(path, filled(allowed * 1024 - 100))
      expect([path, refused.status, read.status === 413]).toEqual([path, 413, false])
      const undeclared = await fetch(`${system.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${publishableKey}`, 'content-type': 'application/json' },
        body: new Blob([filled(allowed * 1024)]).stream(),
        duplex: 'half',
      } as RequestInit)
      expect([path, undeclared.status]).toEqual([path, 413])
    }
  })

  it('what is no request of HTTP is answered in the error format', async () => {
    const { hostname, port } = new URL(system.url)
    const say = (text: string) =>
      new Promise<string>((resolve, reject) => {
        let seen = ''
        const socket = connect(Number(port), hostname, () => socket.write(text))
        socket.on('data', (chunk) => {
          seen += chunk
        })
        socket.on('error', reject)
        socket.on('close', () => resolve(seen))
      })
    for (const [text, status] of [
      ['what is this\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nhost shop\r\n\r\n', 400],
      [`GET /v2/orders?email=${'x'.repeat(40_000)} HTTP/1.1\r\nhost: shop\r\n\r\n`, 431],
      [`GET / HTTP/1.1\r\nhost: shop\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
    ] as const) {
      const [head = '', body = ''] = (await say(text)).split('\r\n\r\n')
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      expect(JSON.parse(body).errors[0].code).toBe('invalid_request')
    }
  })

  it('a name or a file made to be slow is looked at in one pass', async () => {
    const timed = async (work: () => unknown) => {
      const from = performance.now()
      await work()
      return performance.now() - from
    }
    expect(await timed(() => cleanFilename(`x${'. '.repeat(200_000)}y`))).toBeLessThan(500)
    const comments = Buffer.from(`${'<!---->'.repeat(500)}x`)
    expect(
      await timed(() => recognizeFile({ head: comments, filename: 'a.txt', declaredType: 'text/plain' })),
    ).toBeLessThan(500)
  })

  it.each([
    '<!-- a --><html>',
    '<!--><script>',
    '<?xml version="1.0"?> <!-- b -->\n<svg>',
    '<!--a--><!--b--><!DOCTYPE html>',
  ])('comments do not hide the page behind them: %s', async (text) => {
    const head = Buffer.from(text)
    expect(await recognizeFile({ head, filename: 'a.txt', declaredType: 'text/plain' })).toEqual({ outcome: 'refused' })
  })
})
