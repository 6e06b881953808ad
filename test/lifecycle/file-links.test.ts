// Risk removed: a shared link that opens for the wrong file, for ever, or not at all, and an upload that is lost or kept by halves.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anotherKey } from '../another-merchant.ts'
import { type Answer, storefront } from '../storefront.ts'
import { type System, secretKey, startSystem } from '../system.ts'

const pdf = '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

describe('files and the links to them', () => {
  let system: System
  let shop: ReturnType<typeof storefront>

  beforeAll(async () => {
    system = await startSystem({ workers: false })
    shop = storefront(system)
  })
  afterAll(() => system?.close())

  const upload = async (fields: Record<string, string>, content = pdf, key = secretKey): Promise<Answer> => {
    const form = new FormData()
    form.set('file', new File([content], 'certificate.pdf', { type: 'application/pdf' }))
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    const answer = await fetch(`${system.url}/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: form,
    })
    return { status: answer.status, headers: answer.headers, body: await answer.json() }
  }
  const uploaded = async (fields: Record<string, string> = {}) => {
    const { status, body } = await upload({ purpose: 'tax_document_customer_upload', ...fields })
    expect(status).toBe(201)
    return body
  }
  const link = (fileId: string, more: object = {}) => shop.must('POST', '/v2/file-links', { fileId, ...more })

  it('keeps an uploaded file with its fields, in a form or in JSON, and gives its content back', async () => {
    const file = await uploaded({ title: 'Certificate 2026', fileName: 'tax.pdf' })
    expect(file).toMatchObject({
      id: expect.stringMatching(/^file_/),
      fileName: 'tax.pdf',
      title: 'Certificate 2026',
      purpose: 'tax_document_customer_upload',
      size: pdf.length,
      type: 'pdf',
      links: [],
      liveMode: false,
    })
    const content = await fetch(file.url, { headers: { authorization: `Bearer ${secretKey}` } })
    expect(await content.text()).toBe(pdf)
    expect(content.headers.get('content-disposition')).toContain('attachment; filename="tax.pdf"')

    const inJson = await shop.must('POST', '/files', {
      file: Buffer.from(pdf).toString('base64'),
      fileName: 'json.pdf',
      purpose: 'tax_document_customer_upload',
    })
    expect(inJson).toMatchObject({ fileName: 'json.pdf', size: pdf.length })
    const { data } = await shop.must('GET', '/v2/files?purpose=tax_document_customer_upload')
    expect(data.slice(0, 2).map(({ id }: { id: string }) => id)).toEqual([inJson.id, file.id])
  })

  it.each([
    ['no purpose', {}, 'invalid_parameter'],
    ['a purpose that does not exist', { purpose: 'fun' }, 'invalid_parameter'],
    [
      'a link that has ended before it begins',
      { purpose: 'customer_invoice', linkExpiresTime: '2020-01-01T00:00:00Z' },
      'invalid_parameter',
    ],
  ])('refuses %s, and keeps nothing of it', async (_what, fields, code) => {
    const count = async () => (await system.database.sql<{ n: number }>('select count(*) as n from files'))[0]?.n
    const before = await count()
    const { status, body } = await upload(fields as Record<string, string>)
    expect([status, body.errors[0].code]).toEqual([400, code])
    expect(await count()).toBe(before)
  })

  it('R205 R206 shows a file and its content to its merchant alone', async () => {
    const file = await uploaded()
    const other = await anotherKey(system)
    for (const path of [`/v2/files/${file.id}`, `/files/${file.id}/content`]) {
      expect((await shop.call('GET', path, undefined, { key: null })).status).toBe(401)
      expect((await shop.call('GET', path, undefined, { key: other })).status).toBe(404)
    }
    expect((await shop.call('DELETE', `/v2/files/${file.id}`, undefined, { key: other })).status).toBe(404)
    expect((await shop.call('POST', '/v2/file-links', { fileId: file.id }, { key: other })).status).toBe(404)
  })

  it('R210 R211 R212 a link opens without credentials, in parts too, for thirty days', async () => {
    const file = await uploaded()
    const made = await link(file.id)
    expect(made).toMatchObject({ fileId: file.id, expired: false, liveMode: false })
    const days = (Date.parse(made.expiresTime) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(29.9)
    expect(days).toBeLessThanOrEqual(30)
    const opened = await fetch(made.url)
    expect(opened.status).toBe(200)
    expect(await opened.text()).toBe(pdf)
    expect(opened.headers.get('x-content-type-options')).toBe('nosniff')
    const part = await fetch(made.url, { headers: { range: 'bytes=1-3' } })
    expect([part.status, await part.text()]).toEqual([206, 'PDF'])
    const head = await fetch(made.url, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(pdf.length)])
    expect((await shop.must('GET', `/v2/files/${file.id}`)).links).toEqual([made])
  })

  it('R211 the address cannot be guessed from the id of the link', async () => {
    const [one, two] = [await link((await uploaded()).id), await link((await uploaded()).id)]
    const tokenOf = (url: string) => url.split('/').at(-2) ?? ''
    const [payload = ''] = tokenOf(one.url).split('.')
    const [, signature] = tokenOf(two.url).split('.')
    for (const token of [one.id, payload, `${payload}.${signature}`, `${payload}.AAAA`])
      expect((await fetch(`${system.url}/file-links/${token}/content`)).status).toBe(404)
  })

  it('a link ends when its time has come, and lives on when it is given another', async () => {
    const file = await uploaded()
    const made = await link(file.id, { expiresTime: inAnHour() })
    await system.database.sql(`update file_links set expires_at = now() - interval '1 second' where id = $1`, [made.id])
    const ended = await fetch(made.url)
    expect([ended.status, await ended.json()]).toMatchObject([410, { errors: [{ code: 'download_expired' }] }])
    expect(await shop.must('GET', `/v2/file-links/${made.id}`)).toMatchObject({ expired: true })
    const listed = (query: string) =>
      shop.must('GET', `/v2/file-links?fileId=${file.id}${query}`).then(({ data }) => data.length)
    expect(await listed('&expired=true')).toBe(1)
    expect(await listed('&expired=false')).toBe(0)
    const renewed = await shop.must('POST', `/v2/file-links/${made.id}`, { expiresTime: inAnHour() })
    expect(renewed).toMatchObject({ expired: false, url: made.url })
    expect((await fetch(made.url)).status).toBe(200)
  })

  it('a link that was taken back is gone', async () => {
    const made = await link((await uploaded()).id)
    expect((await shop.call('DELETE', `/v2/file-links/${made.id}`)).status).toBe(204)
    expect((await fetch(made.url)).status).toBe(404)
    expect((await shop.call('DELETE', `/v2/file-links/${made.id}`)).status).toBe(404)
  })

  it.each([
    ['a time that is past', { expiresTime: '2020-01-01T00:00:00Z' }, 400, 'expiresTime'],
    ['a time that is none', { expiresTime: 'soon' }, 400, 'expiresTime'],
    ['a file that does not exist', { fileId: 'file_nothing' }, 404, 'fileId'],
  ])('R210 makes no link with %s', async (_what, more, status, parameter) => {
    const answer = await shop.call('POST', '/v2/file-links', { fileId: (await uploaded()).id, ...more })
    expect([answer.status, answer.body.errors[0].parameter]).toEqual([status, parameter])
  })

  it('removes a file with its links and its content, but not what was issued or is sold', async () => {
    const file = await uploaded({ linkExpiresTime: inAnHour() })
    const [{ url }] = file.links
    expect((await fetch(url)).status).toBe(200)
    expect((await shop.call('DELETE', `/v2/files/${file.id}`)).status).toBe(204)
    expect((await fetch(url)).status).toBe(404)
    expect((await shop.call('GET', `/v2/files/${file.id}`)).status).toBe(404)

    const sold = await uploaded()
    await shop.must('POST', '/v2/skus', {
      name: 'Download',
      kind: 'digital',
      price: 1,
      currency: 'USD',
      delivery: { contentType: 'file', content: `${system.url}/v2/digital/files/${sold.id}` },
    })
    const refused = await shop.call('DELETE', `/v2/files/${sold.id}`)
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'in_use'])
    expect((await shop.call('GET', `/v2/files/${sold.id}`)).status).toBe(200)
  })
})
