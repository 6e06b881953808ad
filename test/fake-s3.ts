import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type StoredObject = { body: Buffer; contentType: string }
type Upload = { key: string; contentType: string; parts: Map<number, Buffer> }
type Call = { method: string; url: URL; body: Buffer; headers: IncomingMessage['headers'] }
type Reply = { status?: number; headers?: Record<string, string>; body?: Buffer | string }

/**
 * A bucket that speaks as much S3 as the product does, and is as strict as Backblaze B2: path style only, and every request
 * with a checksum header is refused. It does not verify signatures, but it forgets none of the requests it got.
 */
export async function startFakeS3(bucket: string) {
  const objects = new Map<string, StoredObject>()
  const uploads = new Map<string, Upload>()
  const calls: string[] = []
  let failingPart: number | undefined

  const answer = ({ method, url, body, headers }: Call): Reply => {
    const unsupported = [...Object.keys(headers), ...url.searchParams.keys()].find((name) =>
      /^x-amz-(checksum|sdk-checksum)|^x-amz-trailer$/i.test(name),
    )
    if (unsupported)
      return refuse(400, 'InvalidArgument', `Unsupported header '${unsupported}' received for this API call.`)
    if (headers['content-encoding']?.includes('aws-chunked')) return refuse(400, 'NotImplemented', 'aws-chunked')
    const [, name, ...rest] = url.pathname.split('/')
    if (name !== bucket) return refuse(404, 'NoSuchBucket', 'There is no such bucket.')
    const key = decodeURIComponent(rest.join('/'))
    const uploadId = url.searchParams.get('uploadId')
    const contentType = headers['content-type'] ?? 'binary/octet-stream'

    if (uploadId !== null) {
      const upload = uploads.get(uploadId)
      if (!upload) return refuse(404, 'NoSuchUpload', 'There is no such upload.')
      if (method === 'PUT') {
        const number = Number(url.searchParams.get('partNumber'))
        if (number === failingPart) return refuse(400, 'InvalidPart', 'This part is not wanted.')
        upload.parts.set(number, body)
        return { headers: { etag: etagOf(body) } }
      }
      uploads.delete(uploadId)
      if (method === 'DELETE') return { status: 204 }
      objects.set(upload.key, {
        body: Buffer.concat([...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part)),
        contentType: upload.contentType,
      })
      return xml('<CompleteMultipartUploadResult><ETag>"done"</ETag></CompleteMultipartUploadResult>')
    }
    if (url.searchParams.has('uploads')) {
      if (method === 'GET') return xml(listOf(uploads, url.searchParams.get('prefix') ?? ''))
      const id = randomBytes(8).toString('hex')
      uploads.set(id, { key, contentType, parts: new Map() })
      return xml(
        `<InitiateMultipartUploadResult><Bucket>${bucket}</Bucket><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      )
    }
    switch (method) {
      case 'PUT':
        objects.set(key, { body, contentType })
        return { headers: { etag: etagOf(body) } }
      case 'DELETE':
        objects.delete(key)
        return { status: 204 }
      default:
        return read(objects.get(key), url, headers.range)
    }
  }

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://s3.test')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const method = request.method ?? 'GET'
    calls.push(`${method} ${[...url.searchParams.keys()].filter((name) => !/^x-/i.test(name)).join(' ')}`.trim())
    const reply = answer({ method, url, body: Buffer.concat(chunks), headers: request.headers })
    response.writeHead(reply.status ?? 200, reply.headers).end(reply.body)
  }
  const server = createServer((request, response) => void handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    /** Multipart uploads that were begun and neither completed nor aborted: a real bucket is paid for keeping them. */
    uploads,
    /** Method and names of the query of every request so far. */
    calls,
    /** From now on refuses this part of every multipart upload; undefined accepts all again. */
    failPart(number: number | undefined) {
      failingPart = number
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export type FakeS3 = Awaited<ReturnType<typeof startFakeS3>>

function read(object: StoredObject | undefined, url: URL, range: string | undefined): Reply {
  if (!object) return refuse(404, 'NoSuchKey', 'There is no such key.')
  const query = url.searchParams
  const signedAt = query.get('X-Amz-Date')
  const expires = Number(query.get('X-Amz-Expires'))
  if (signedAt && Date.now() > dateOf(signedAt) + expires * 1000)
    return refuse(403, 'AccessDenied', 'Request has expired')
  const disposition = query.get('response-content-disposition')
  const headers = {
    'content-type': query.get('response-content-type') ?? object.contentType,
    etag: etagOf(object.body),
    ...(disposition ? { 'content-disposition': disposition } : {}),
  }
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
  if (first === undefined) return { headers, body: object.body }
  const end = last ? Number(last) : object.body.length - 1
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${first}-${end}/${object.body.length}` },
    body: object.body.subarray(Number(first), end + 1),
  }
}

const dateOf = (basic: string) => Date.parse(basic.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'))
const etagOf = (body: Buffer) => `"${createHash('md5').update(body).digest('hex')}"`
const xml = (body: string): Reply => ({ headers: { 'content-type': 'application/xml' }, body })
const refuse = (status: number, code: string, message: string): Reply => ({
  ...xml(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`),
  status,
})
const listOf = (uploads: ReadonlyMap<string, Upload>, prefix: string) => {
  const entries = [...uploads].filter(([, { key }]) => key.startsWith(prefix))
  const list = entries.map(([id, { key }]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`)
  return `<ListMultipartUploadsResult>${list.join('')}</ListMultipartUploadsResult>`
}
