import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formWith, refusalOf, startFiles, type TestFiles } from '../../../../test/files-api.ts'
import { fileUrl } from '../../../files/files.ts'
import { createDownloadUrl, type DownloadGrant } from '../../../goods/download-grants.ts'
import { newId } from '../../../platform/ids.ts'

const content = `%PDF-1.7\n${Array.from({ length: 30_000 }, (_, line) => `line ${line}`).join('\n')}`
const filename = 'Orders "without" tears – 漢字.pdf'

let api: TestFiles
let seller: Awaited<ReturnType<TestFiles['addSeller']>>
let fileId: string

beforeAll(async () => {
  api = await startFiles()
  seller = await api.addSeller()
  fileId = await upload(seller.secret)
})
afterAll(() => api.close())

async function upload(headers: Record<string, string>): Promise<string> {
  const body = formWith(content, filename)
  const answer = await fetch(`${api.origin}/v2/digital/upload`, { method: 'POST', headers, body })
  const { data } = (await answer.json()) as { data: { url: string } }
  return data.url.split('/').at(-1) ?? ''
}

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${api.origin}${path}`, { method, headers, redirect: 'manual' })
const pathOf = (url: string) => new URL(url).pathname

/** A signed link for a delivery of the file, as the resource endpoint makes one per request. */
const link = async (deliveryId?: string) => pathOf(await createDownloadUrl(api.parts, { fileId, deliveryId }))
const deliver = (order: Partial<Parameters<TestFiles['addDelivery']>[0]> = {}) =>
  api.addDelivery({ merchantId: seller.merchantId, content: fileUrl(api.parts, fileId), ...order })
const countOf = async (deliveryId: string) =>
  (await api.sql<{ count: number }>('select download_count as count from deliveries where id = $1', [deliveryId]))[0]
    ?.count

// Removes the risk that a leaked product field, a guess or another seller's key gets at the goods.
describe('GET /v2/digital/files/{id}', () => {
  test('R268 sends its owner on to the content, by session or key', async () => {
    for (const headers of [seller.secret, seller.cookie]) {
      const answer = await get(`/v2/digital/files/${fileId}`, headers)
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([302, 'private, no-store'])
      const file = await get(pathOf(answer.headers.get('location') ?? ''))
      expect(await file.text()).toBe(content)
    }
  })

  test('R269 I11 is the same 404 for another seller, a guessed id and one that is none', async () => {
    const other = await api.addSeller()
    const answers = [
      await get(`/v2/digital/files/${fileId}`, other.secret),
      await get(`/v2/digital/files/${newId('file')}`, seller.secret),
      await get('/v2/digital/files/..%2f..%2fsigning-secret', seller.secret),
    ]
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
    expect(new Set(texts)).toEqual(
      new Set(['{"success":false,"error":{"code":"not_found","message":"There is nothing here."}}']),
    )
  })

  test('is closed without a session or secret key: the address alone is worth nothing', async () => {
    expect(await refusalOf(await get(`/v2/digital/files/${fileId}`))).toEqual([401, 'unauthorized'])
    expect(await refusalOf(await get(`/v2/digital/files/${fileId}`, seller.publishable))).toEqual([403, 'forbidden'])
  })
})

describe('GET /v2/downloads/{token}', () => {
  test('R261 sends the file as an attachment that no browser runs, shows or keeps', async () => {
    const answer = await get(`/api${await link(await deliver())}`)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(Buffer.byteLength(content)),
      'content-disposition':
        `attachment; filename="Orders _without_ tears _ __.pdf"; ` +
        `filename*=UTF-8''Orders%20%22without%22%20tears%20%E2%80%93%20%E6%BC%A2%E5%AD%97.pdf`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'private, no-store',
      'accept-ranges': 'bytes',
      etag: `"${createHash('sha256').update(content).digest('hex')}"`,
    })
    expect(await answer.text()).toBe(content)
  })

  test('a token that was changed, cut or made elsewhere is nothing we know', async () => {
    const path = await link()
    const [payload = '', signature = ''] = (path.split('/').at(-1) ?? '').split('.')
    const forged = Buffer.from(JSON.stringify({ ...grantOf(payload), expires: 9_999_999_999 })).toString('base64url')
    const elsewhere = Buffer.from('{}').toString('base64url')
    for (const token of [
      `${forged}.${signature}`,
      `${payload}.${signature.slice(0, -1)}`,
      `${payload}.${signature}.`,
      `${payload}.`,
      payload,
      `${elsewhere}.${elsewhere}`,
      'x',
    ]) {
      expect(await refusalOf(await get(`/v2/downloads/${token}`))).toEqual([404, 'not_found'])
    }
    expect((await get(path)).status).toBe(200)
  })

  test('an expired link says so', async () => {
    const delivery = await deliver()
    const grant = grantOf((await link(delivery)).split(/[/.]/).at(-2) ?? '')
    expect(grant.expires - Date.now() / 1000).toBeGreaterThan(290)
    expect(grant.expires - Date.now() / 1000).toBeLessThanOrEqual(300)
    const expired = api.parts.files.downloadSigner.sign(JSON.stringify({ ...grant, expires: Date.now() / 1000 - 1 }))
    expect(await refusalOf(await get(`/v2/downloads/${expired}`))).toEqual([410, 'download_expired'])
    expect(await countOf(delivery)).toBe(0)
  })

  test('a link survives a restart, with the secret of this installation', async () => {
    const path = await link(await deliver())
    await api.restart()
    expect((await get(path)).status).toBe(200)
  })

  test('a deleted file is gone, and so are its links', async () => {
    const path = await link(await deliver())
    await api.sql(`update files set state = 'deleted' where id = $1`, [fileId])
    expect(await refusalOf(await get(path))).toEqual([404, 'not_found'])
    await api.sql(`update files set state = 'stored' where id = $1`, [fileId])
  })
})

const grantOf = (payload: string) => JSON.parse(Buffer.from(payload, 'base64url').toString()) as DownloadGrant

// Removes the risk that somebody gets the goods who has not paid, or more often than was sold.
describe('a delivery', () => {
  test.each([
    ['pending', 402, 'order_not_paid'],
    ['pending_payment', 402, 'order_not_paid'],
    ['payment_failed', 402, 'order_not_paid'],
    ['in_review', 402, 'order_not_paid'],
    ['blocked', 410, 'delivery_revoked'],
    ['cancelled', 410, 'delivery_revoked'],
    ['returned', 410, 'delivery_revoked'],
  ] as const)('R271 of an order that is %s answers %i %s', async (state, status, code) => {
    const delivery = await deliver({ state })
    expect(await refusalOf(await get(await link(delivery)))).toEqual([status, code])
    expect(await countOf(delivery)).toBe(0)
  })

  test.each(['accepted', 'confirmed', 'fulfilled', 'complete'] as const)(
    'R272 of an order that is %s opens',
    async (state) => {
      expect((await get(await link(await deliver({ state })))).status).toBe(200)
    },
  )

  test('that was revoked says so, also to links given out before', async () => {
    const delivery = await deliver()
    const path = await link(delivery)
    expect((await get(path)).status).toBe(200)
    await api.sql(`update deliveries set state = 'revoked' where id = $1`, [delivery])
    expect(await refusalOf(await get(path))).toEqual([410, 'delivery_revoked'])
  })

  test('never hands over another seller’s file, nor one that was replaced', async () => {
    const other = await api.addSeller()
    const stolen = await api.addDelivery({ merchantId: other.merchantId, content: fileUrl(api.parts, fileId) })
    await expect(link(stolen)).rejects.toMatchObject({ code: 'not_found' })
    const delivery = await deliver()
    const path = await link(delivery)
    await api.sql(`update deliveries set content = 'https://elsewhere.test/right.pdf' where id = $1`, [delivery])
    expect(await refusalOf(await get(path))).toEqual([404, 'not_found'])
  })

  test('is counted once per link, whatever its first request asks for, and resumed for nothing', async () => {
    const delivery = await deliver({ limit: 2 })
    const first = await link(delivery)
    expect((await get(first, {}, 'HEAD')).status).toBe(200)
    expect(await countOf(delivery)).toBe(0)
    for (const range of ['bytes=0-99', 'bytes=100-199', 'bytes=0-'])
      expect((await get(first, { range })).status).toBe(206)
    expect(await countOf(delivery)).toBe(1)
    const second = await link(delivery)
    expect((await get(second, { range: 'bytes=1-' })).status).toBe(206)
    expect(await countOf(delivery)).toBe(2)
    expect(await refusalOf(await get(await link(delivery)))).toEqual([410, 'download_limit_reached'])
    expect((await get(first, { range: 'bytes=200-' })).status).toBe(206)
    expect(await countOf(delivery)).toBe(2)
  })

  test('with one download left gives it to exactly one of fifty links at once', async () => {
    const delivery = await deliver({ limit: 1 })
    const links = await Promise.all(Array.from({ length: 50 }, () => link(delivery)))
    expect(new Set(links).size).toBe(50)
    const answers = await Promise.all(links.map((path) => get(path)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 410)).toHaveLength(49)
    await Promise.all(answers.map((answer) => answer.text()))
    expect(await countOf(delivery)).toBe(1)
    expect(await api.sql('select 1 from downloads where delivery_id = $1', [delivery])).toHaveLength(1)
  })

  test('counts fifty requests of one link once', async () => {
    const delivery = await deliver({ limit: 1 })
    const path = await link(delivery)
    const answers = await Promise.all(Array.from({ length: 50 }, () => get(path)))
    await Promise.all(answers.map((answer) => answer.text()))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect(await countOf(delivery)).toBe(1)
  })
})

// Removes the risk that a download that broke off has to begin again, or continues with another file's bytes.
describe('ranges', () => {
  const size = Buffer.byteLength(content)
  const etag = `"${createHash('sha256').update(content).digest('hex')}"`

  test.each([
    ['bytes=0-9', 0, 9],
    ['bytes=100000-', 100_000, size - 1],
    ['bytes=-5', size - 5, size - 1],
    [`bytes=10-${size * 2}`, 10, size - 1],
    [`bytes=-${size * 2}`, 0, size - 1],
  ])('%s is answered with that part', async (range, start, end) => {
    const answer = await get(await link(), { range })
    expect(answer.status).toBe(206)
    expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end}/${size}`)
    expect(answer.headers.get('content-length')).toBe(String(end - start + 1))
    expect(await answer.text()).toBe(
      Buffer.from(content)
        .subarray(start, end + 1)
        .toString(),
    )
  })

  test.each([`bytes=${size}-`, 'bytes=9-5', 'bytes=-0', 'bytes=-', 'bytes=a-b'])(
    '%s is refused with 416',
    async (range) => {
      const answer = await get(await link(), { range })
      expect(answer.headers.get('content-range')).toBe(`bytes */${size}`)
      expect(await refusalOf(answer)).toEqual([416, 'invalid_range'])
    },
  )

  test.each([
    ['several ranges', { range: 'bytes=0-1,4-5' }],
    ['another unit', { range: 'lines=0-1' }],
    ['a part of what has changed meanwhile', { range: 'bytes=0-1', 'if-range': '"another"' }],
  ])('%s get the whole file', async (_name, headers) => {
    const answer = await get(await link(), headers)
    expect([answer.status, (await answer.text()).length]).toEqual([200, content.length])
  })

  test('If-Range with our ETag gets the part', async () => {
    expect((await get(await link(), { range: 'bytes=0-1', 'if-range': etag })).status).toBe(206)
  })

  test('HEAD tells length and type without the content', async () => {
    const answer = await get(await link(), {}, 'HEAD')
    expect([
      answer.status,
      answer.headers.get('content-length'),
      answer.headers.get('content-type'),
      await answer.text(),
    ]).toEqual([200, String(size), 'application/pdf', ''])
  })

  test('a download that broke off is completed by its parts', async () => {
    const path = await link(await deliver({ limit: 1 }))
    const parts: string[] = []
    for (let start = 0; start < size; start += 100_000) {
      const answer = await get(path, { range: `bytes=${start}-${start + 99_999}`, 'if-range': etag })
      parts.push(await answer.text())
    }
    expect(parts.join('')).toBe(content)
  })
})
