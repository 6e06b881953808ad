import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FakeS3, startFakeS3 } from '../../../../test/fake-s3.ts'
import { formWith, refusalOf, startFiles, type TestFiles } from '../../../../test/files-api.ts'
import { fileUrl } from '../../../files/files.ts'
import { sweepPendingFiles } from '../../../files/receive-file.ts'
import { createDownloadUrl } from '../../../goods/download-grants.ts'

const mebibyte = 1024 * 1024

let s3: FakeS3
let api: TestFiles
let seller: Awaited<ReturnType<TestFiles['addSeller']>>

beforeAll(async () => {
  s3 = await startFakeS3('goods')
  api = await startFiles({
    S3_ENDPOINT: s3.url,
    S3_REGION: 'us-west-004',
    S3_BUCKET: 'goods',
    S3_ACCESS_KEY_ID: 'key',
    S3_SECRET_ACCESS_KEY: 'secret',
    UPLOAD_MAX_BYTES: String(24 * mebibyte),
  })
  seller = await api.addSeller()
})
afterAll(async () => {
  await api.close()
  await s3.close()
})

const pdfOf = (bytes: number) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(bytes)])

async function upload(content: Buffer<ArrayBuffer>, filename = 'book.pdf') {
  const body = formWith(content, filename)
  const answer = await fetch(`${api.origin}/v2/digital/upload`, { method: 'POST', headers: seller.secret, body })
  const row = (await api.rows()).at(-1)
  return { answer, fileId: row?.id ?? '', key: row?.storageKey ?? '' }
}

const download = (url: string, headers: Record<string, string> = {}) =>
  fetch(url.replace('http://shop.test', api.origin), { redirect: 'manual', headers })

// Removes the risk that an upload works on disk and fails, costs or leaks in the bucket. The bucket refuses, as Backblaze B2
// does, every request with a checksum header, so each success here is also one without.
describe('files in an S3-compatible bucket (R267)', () => {
  test('R269 a small file is one request, under the path of its seller', async () => {
    const content = pdfOf(1000)
    const { answer, key, fileId } = await upload(content)
    expect(answer.status).toBe(201)
    expect(key).toBe(`uploads/${seller.merchantId}/${fileId}`)
    expect(s3.objects.get(key)).toEqual({ body: content, contentType: 'application/pdf' })
  })

  test('a large file goes up in parts, one after the other, and is whole', async () => {
    const content = pdfOf(20 * mebibyte)
    const before = s3.calls.length
    const { answer, key } = await upload(content)
    expect(answer.status).toBe(201)
    expect(s3.calls.slice(before)).toEqual([
      'POST uploads',
      'PUT partNumber uploadId',
      'PUT partNumber uploadId',
      'PUT partNumber uploadId',
      'POST uploadId',
    ])
    expect(s3.objects.get(key)?.body.equals(content)).toBe(true)
    expect(s3.uploads.size).toBe(0)
  })

  test('a part that fails, and a file over the limit, leave no object, no parts and no row', async () => {
    const rows = await api.rows()
    s3.failPart(2)
    const failed = await upload(pdfOf(20 * mebibyte))
    s3.failPart(undefined)
    expect(failed.answer.status).toBe(500)
    const large = await upload(pdfOf(25 * mebibyte - 100))
    expect(await refusalOf(large.answer)).toEqual([413, 'file_too_large'])
    expect(s3.uploads.size).toBe(0)
    expect(s3.objects.size).toBe(rows.length)
    expect(await api.rows()).toEqual(rows)
  })

  test('the sweep takes the parts of an upload along whose process died', async () => {
    const { key } = await upload(pdfOf(10))
    s3.uploads.set('left', { key, contentType: '', parts: new Map() })
    await api.sql(`update files set state = 'pending', created_at = now() - interval '2 days' where storage_key = $1`, [
      key,
    ])
    expect(await sweepPendingFiles(api.parts)).toBe(1)
    expect([s3.uploads.size, s3.objects.has(key)]).toEqual([0, false])
  })

  test('R270 a download is counted, then sent to the bucket by an address of minutes', async () => {
    const content = pdfOf(5000)
    const { fileId } = await upload(content, 'Tränen.pdf')
    const deliveryId = await api.addDelivery({
      merchantId: seller.merchantId,
      content: fileUrl(api.parts, fileId),
      limit: 1,
    })
    const link = await createDownloadUrl(api.parts, { fileId, deliveryId })
    const answer = await download(link)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([302, 'private, no-store'])
    const signed = new URL(answer.headers.get('location') ?? '')
    expect(signed.searchParams.get('X-Amz-Expires')).toBe('300')
    expect(signed.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/)
    expect([...signed.searchParams.keys()].filter((name) => /checksum/i.test(name))).toEqual([])

    const file = await fetch(signed)
    expect(file.headers.get('content-disposition')).toBe(
      `attachment; filename="Tr_nen.pdf"; filename*=UTF-8''Tr%C3%A4nen.pdf`,
    )
    expect(Buffer.from(await file.arrayBuffer()).equals(content)).toBe(true)
    const part = await fetch(signed, { headers: { range: 'bytes=100-199' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-199/${content.length}`])

    expect((await download(link)).status).toBe(302)
    const head = await fetch(link.replace('http://shop.test', api.origin), { method: 'HEAD', redirect: 'manual' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(content.length)])
    const another = await createDownloadUrl(api.parts, { fileId, deliveryId })
    expect(await refusalOf(await download(another))).toEqual([410, 'download_limit_reached'])
  })

  test('never signs for more than ten minutes', async () => {
    const { storage } = api.parts.files
    const url = await storage.signedUrl?.('uploads/x/y', {
      disposition: 'attachment',
      contentType: 'a/b',
      seconds: 86_400,
    })
    expect(new URL(url ?? '').searchParams.get('X-Amz-Expires')).toBe('600')
  })

  test('can be read by the application itself, whole and in part', async () => {
    const content = pdfOf(100)
    const { key } = await upload(content)
    const { storage } = api.parts.files
    const whole = await storage.open(key)
    expect(Buffer.from(await new Response(whole?.stream).arrayBuffer()).equals(content)).toBe(true)
    const part = await storage.open(key, { start: 1, end: 3 })
    expect([await new Response(part?.stream).text(), part?.size]).toEqual(['PDF', content.length])
    expect(await storage.open('uploads/nobody/nothing')).toBeUndefined()
  })
})
