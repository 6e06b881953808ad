import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { formWith, refusalOf, startFiles, type TestFiles } from '../../../../test/files-api.ts'
import { eventually } from '../../../../test/storefront.ts'
import { fileIdOfUrl } from '../../../files/files.ts'

const mebibyte = 1024 * 1024
const pdf = '%PDF-1.7\n%âãÏÓ\n1 0 obj\n<< >>\nendobj\n'
const limit = 8 * mebibyte

let api: TestFiles
let seller: Awaited<ReturnType<TestFiles['addSeller']>>

beforeAll(async () => {
  api = await startFiles({ UPLOAD_MAX_BYTES: String(limit) })
  seller = await api.addSeller()
})
afterAll(() => api.close())
afterEach(() => api.sql('delete from files'))

const upload = (body: FormData | string, headers: Record<string, string> = seller.cookie, at = '/v2/digital/upload') =>
  fetch(`${api.origin}${at}`, { method: 'POST', headers, body })

const boundary = 'a-boundary-of-this-test'
const formStart = (filename = 'book.pdf') =>
  `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${filename}"\r\n\r\n`
const formEnd = `\r\n--${boundary}--\r\n`

/** A request whose body is written by hand. */
const openUpload = (headers: http.OutgoingHttpHeaders = {}) => {
  const request = http.request(`${api.origin}/v2/digital/upload`, {
    method: 'POST',
    headers: { ...seller.secret, 'content-type': `multipart/form-data; boundary=${boundary}`, ...headers },
  })
  // Being cut off is what some of these tests are about.
  request.on('error', () => {})
  return request
}

const answerOf = async (request: http.ClientRequest): Promise<[number | undefined, string]> => {
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  let text = ''
  for await (const chunk of response) text += chunk
  return [response.statusCode, JSON.parse(text).error?.code]
}

const nothingKept = async () => {
  expect(await api.rows()).toEqual([])
  expect(api.stored().filter((file) => !kept.includes(file))).toEqual([])
}
let kept: string[] = []
afterEach(() => {
  kept = api.stored()
})

// Removes the risk that a seller's goods are lost, mixed up with another seller's, or held in memory on their way in.
describe('POST /v2/digital/upload', () => {
  test('R265 R266 R268 stores the field `file` and answers with the url a product can hold', async () => {
    const answer = await upload(formWith(pdf, 'Orders without tears.pdf', 'application/pdf'))
    expect(answer.status).toBe(201)
    const body = (await answer.json()) as { data: { url: string } }
    const [row] = await api.rows()
    expect(body).toEqual({
      success: true,
      data: {
        url: `http://shop.test/v2/digital/files/${row?.id}`,
        filename: 'Orders without tears.pdf',
        size: Buffer.byteLength(pdf),
      },
    })
    expect(fileIdOfUrl(api.parts, body.data.url)).toBe(row?.id)
    expect(row).toMatchObject({ state: 'stored', contentType: 'application/pdf', size: Buffer.byteLength(pdf) })
    expect(row?.sha256).toBe(createHash('sha256').update(pdf).digest('hex'))
  })

  test('R267 R269 keeps each seller in a path of its own, on disk for this user only', async () => {
    const other = await api.addSeller()
    await upload(formWith(pdf, 'book.pdf'), seller.secret)
    await upload(formWith(pdf, 'book.pdf'), other.secret, '/api/v2/digital/upload')
    const rows = await api.rows()
    expect(rows.map(({ storageKey }) => storageKey)).toEqual([
      `uploads/${seller.merchantId}/${rows[0]?.id}`,
      `uploads/${other.merchantId}/${rows[1]?.id}`,
    ])
    for (const { storageKey } of rows) {
      const file = path.join(api.config.dataDir, 'files', storageKey)
      expect(readFileSync(file, 'utf8')).toBe(pdf)
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
    }
  })

  test('takes files far beyond the size of other bodies', async () => {
    const answer = await upload(formWith(`%PDF-1.7\n${'x'.repeat(5 * mebibyte)}`, 'book.pdf'))
    expect(answer.status).toBe(201)
  })
})

describe('who may upload (R256)', () => {
  test('nobody without a session or key, and no publishable key', async () => {
    expect(await refusalOf(await upload(formWith(pdf, 'book.pdf'), {}))).toEqual([401, 'unauthorized'])
    expect(await refusalOf(await upload(formWith(pdf, 'book.pdf'), seller.publishable))).toEqual([403, 'forbidden'])
    expect(await refusalOf(await upload(formWith(pdf, 'book.pdf'), { authorization: 'Bearer sk_test_guess' }))).toEqual(
      [401, 'unauthorized'],
    )
    await nothingKept()
  })

  test('no other site through the browser of somebody who is signed in', async () => {
    const forged = { ...seller.cookie, origin: 'https://evil.test' }
    expect(await refusalOf(await upload(formWith(pdf, 'book.pdf'), forged))).toEqual([403, 'forbidden'])
    await nothingKept()
  })

  test('no operator, who belongs to no merchant', async () => {
    await api.sql('update users set merchant_id = null where merchant_id = $1', [seller.merchantId])
    expect(await refusalOf(await upload(formWith(pdf, 'book.pdf')))).toEqual([401, 'unauthorized'])
    await api.sql('update users set merchant_id = $1 where merchant_id is null', [seller.merchantId])
  })
})

// Removes the risk that a name leads out of the seller's folder, or makes a file look like another one.
describe('names', () => {
  test.each([
    ['with folders of Unix', '../../../etc/passwd.pdf', 'passwd.pdf'],
    ['with folders of Windows', '..\\..\\windows\\system.pdf', 'system.pdf'],
    ['that is a path', '/etc/cron.d/job.pdf', 'job.pdf'],
    ['that is a folder', '..', 'file'],
    ['with a line break', 'book%0D%0Aset-cookie: a=b.pdf', 'bookset-cookie: a=b.pdf'],
    ['that turns the direction of writing', 'book\u202Efdp.pdf', 'bookfdp.pdf'],
    ['of any script', 'Ünïcödé 漢字 🙂.pdf', 'Ünïcödé 漢字 🙂.pdf'],
    ['of 300 characters', `${'n'.repeat(300)}.pdf`, `${'n'.repeat(196)}.pdf`],
  ])('R269 a name %s is cleaned, and the path stays ours', async (_kind, given, shown) => {
    const request = openUpload()
    request.end(formStart(given) + pdf + formEnd)
    const [status] = await answerOf(request)
    expect(status).toBe(201)
    const [row] = await api.rows()
    expect(row?.filename).toBe(shown)
    expect(row?.storageKey).toBe(`uploads/${seller.merchantId}/${row?.id}`)
  })
})

test('a name with a NUL or a line break in it is a malformed form', async () => {
  for (const name of ['book\u0000.pdf', 'book\r\nx: y.pdf']) {
    const request = openUpload()
    request.end(formStart(name) + pdf + formEnd)
    const [status] = await answerOf(request)
    expect(status).toBe(400)
  }
  await nothingKept()
})

const html = '<!doctype html><html><script>alert(1)</script></html>'
const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')
const elf = Buffer.from(`7f454c4602010100${'00'.repeat(60)}`, 'hex')

// Removes the risk that what is sold as a book is a page or a program that runs at the buyer's.
describe('types are told by the content', () => {
  test.each([
    ['an HTML file dressed as a PDF', html, 'book.pdf', 'application/pdf', 'file_type_mismatch'],
    ['an HTML file declared as a PDF', html, 'book', 'application/pdf', 'file_type_mismatch'],
    ['a program dressed as a picture', elf, 'cat.png', 'image/png', 'file_type_mismatch'],
    ['a picture dressed as a text', png, 'notes.txt', 'text/plain', 'file_type_mismatch'],
    ['an HTML file', html, 'page.html', 'text/html', 'file_type_refused'],
    ['an HTML file without a name', `\ufeff \n<!-- x --><HTML>`, 'page', '', 'file_type_refused'],
    ['an SVG with a script', '<svg xmlns="x"><script>alert(1)</script></svg>', 'logo.svg', '', 'file_type_refused'],
    ['an SVG behind an XML head', '<?xml version="1.0"?>\n<!-- x -->\n<svg/>', 'logo.xml', '', 'file_type_refused'],
    ['a script', '#!/bin/sh\nrm -rf /', 'install', '', 'file_type_refused'],
    ['a script by its name', 'alert(1)', 'page.js', '', 'file_type_refused'],
    ['a program', elf, 'tool', 'application/octet-stream', 'file_type_refused'],
    ['a program of Windows', `MZ${'\u0001'.repeat(80)}`, 'setup', '', 'file_type_refused'],
  ])('%s is refused, and nothing of it is kept', async (_name, content, filename, type, code) => {
    expect(await refusalOf(await upload(formWith(content, filename, type)))).toEqual([400, code])
    await nothingKept()
  })

  test.each([
    ['book.pdf', pdf, 'application/pdf', 'application/pdf'],
    ['cover.PNG', png, 'image/png', 'image/png'],
    ['cover', png, '', 'image/png'],
    ['prices.csv', 'a;b\n1;2\n', 'application/vnd.ms-excel', 'text/csv'],
    ['notes.txt', 'caf\u00e9', 'text/plain', 'text/plain'],
    ['readme.md', '# A title\n<div>inline html later</div>', '', 'text/markdown'],
    ['goods.zip', Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex'), 'application/x-zip-compressed', 'application/zip'],
    ['brush.abr', Buffer.from([0, 6, 0, 2, 9]), '', 'application/octet-stream'],
    ['track.gpx', '<?xml version="1.0"?><gpx/>', '', 'application/octet-stream'],
  ])('%s is stored by what it is', async (filename, content, declared, contentType) => {
    expect((await upload(formWith(content, filename, declared))).status).toBe(201)
    expect((await api.rows())[0]?.contentType).toBe(contentType)
  })
})

describe('forms', () => {
  test('without a file, with an empty one or one in another field are refused', async () => {
    const other = new FormData()
    other.set('attachment', new File([pdf], 'book.pdf'))
    const text = new FormData()
    text.set('file', 'not a file')
    for (const form of [new FormData(), text, other, formWith('', 'book.pdf')]) {
      expect(await refusalOf(await upload(form))).toEqual([400, 'file_required'])
    }
    await nothingKept()
  })

  test('with two files are refused, and neither is kept', async () => {
    const form = formWith(pdf, 'one.pdf')
    form.append('file', new File([pdf], 'two.pdf'))
    expect(await refusalOf(await upload(form))).toEqual([400, 'too_many_files'])
    await nothingKept()
  })

  test('that are none, or break off, are refused, and nothing is kept', async () => {
    const json = { ...seller.secret, 'content-type': 'application/json' }
    expect(await refusalOf(await upload('{}', json))).toEqual([400, 'invalid_content_type'])
    const noBoundary = { ...seller.secret, 'content-type': 'multipart/form-data' }
    expect(await refusalOf(await upload('x', noBoundary))).toEqual([400, 'invalid_multipart'])
    const cut = { ...seller.secret, 'content-type': `multipart/form-data; boundary=${boundary}` }
    expect(await refusalOf(await upload(formStart() + pdf, cut))).toEqual([400, 'invalid_multipart'])
    await nothingKept()
  })
})

// Removes the risk that an upload fills the memory or the disk.
describe('sizes', () => {
  test('a declared 3 GiB is refused before any of it is read', async () => {
    const request = openUpload({ 'content-length': 3 * 1024 ** 3 })
    request.write(formStart())
    expect(await answerOf(request)).toEqual([413, 'file_too_large'])
    request.destroy()
    await nothingKept()
  })

  test('a streamed file over the limit is refused on the way, and nothing is kept', async () => {
    const request = openUpload()
    const answer = answerOf(request)
    request.write(`${formStart()}%PDF-1.7\n`)
    let open = true
    answer.finally(() => {
      open = false
    })
    const chunk = Buffer.alloc(mebibyte)
    for (let sent = 0; open && sent < 64; sent += 1) {
      await new Promise((written) => request.write(chunk, written))
    }
    expect(await answer).toEqual([413, 'file_too_large'])
    request.destroy()
    await nothingKept()
  })

  test('a sender that goes away in the middle leaves nothing', async () => {
    const request = openUpload()
    request.write(`${formStart()}%PDF-1.7\n`)
    await new Promise((written) => request.write(Buffer.alloc(2 * mebibyte), written))
    await eventually(async () => ((await api.rows())[0]?.state === 'pending' ? true : undefined), 'the pending row')
    request.destroy()
    await eventually(async () => ((await api.rows()).length === 0 ? true : undefined), 'the pending row to go')
    await nothingKept()
  })

  test('200 MB pass through in flat memory', async () => {
    const big = await startFiles()
    try {
      const { secret } = await big.addSeller()
      const url = `${big.origin}/v2/digital/upload`
      await fetch(url, { method: 'POST', headers: secret, body: formWith(pdf, 'warm-up.pdf') })
      const request = http.request(url, {
        method: 'POST',
        headers: { ...secret, 'content-type': `multipart/form-data; boundary=${boundary}` },
      })
      const answer = once(request, 'response') as Promise<[http.IncomingMessage]>
      const before = process.memoryUsage.rss()
      let peak = before
      const chunk = Buffer.alloc(mebibyte, 'goods ')
      request.write(`${formStart()}%PDF-1.7\n`)
      for (let sent = 0; sent < 200; sent += 1) {
        await new Promise((written) => request.write(chunk, written))
        peak = Math.max(peak, process.memoryUsage.rss())
      }
      request.end(formEnd)
      const [response] = await answer
      response.resume()
      expect(response.statusCode).toBe(201)
      expect((await big.rows()).map(({ size }) => size)).toContain(200 * mebibyte + 9)
      expect(peak - before).toBeLessThan(80 * mebibyte)
    } finally {
      await big.close()
    }
  })
})
