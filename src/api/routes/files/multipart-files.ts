import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import busboy from 'busboy'
import { ApiError } from '../../../platform/errors.ts'

/** One file of a form. Its content must be read, or the form left, before the next one comes. */
export type FilePart = { field: string; filename: string; declaredType: string; content: AsyncIterable<Uint8Array> }

const limits = { fields: 20, fieldSize: 64 * 1024, parts: 30 }

/**
 * The files of a multipart/form-data request, one after the other, read from the socket no faster than they are consumed.
 * Leaving the loop early drops the rest and leaves the connection open for the answer.
 * `onField` is told of the form's other fields, wherever they stand.
 * @throws ApiError `invalid_content_type`, `invalid_multipart` for a form that is malformed or cut off
 */
export async function* fileParts(
  request: Request,
  onField: (name: string, value: string) => void = ignore,
): AsyncGenerator<FilePart, void> {
  const { body } = request
  const parser = createParser(request.headers)
  const queue = new PassThrough({ objectMode: true })
  parser.on('file', (field: string, content: Readable, { filename, mimeType }: busboy.FileInfo) => {
    // Whoever reads it learns of the error by reading; without a listener one that is not read would end the process.
    content.on('error', ignore)
    const part: FilePart = { field, filename: filename ?? '', declaredType: mimeType, content: readable(content) }
    queue.write(part)
  })
  parser.on('field', onField)
  queue.on('error', ignore)
  parser.on('error', (cause) => queue.destroy(new ApiError('invalid_multipart', { cause })))
  parser.on('close', () => queue.end())
  pump(body, parser)
  try {
    for await (const part of queue) yield part as FilePart
  } finally {
    parser.destroy()
  }
}

const ignore = () => {}

async function* readable(content: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* content
  } catch (cause) {
    throw new ApiError('invalid_multipart', { cause })
  }
}

/** The limits of a form's fields hold; a second file is the caller's to refuse. */
function createParser(headers: Headers): busboy.Busboy {
  const contentType = headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    throw new ApiError('invalid_content_type', { message: 'Send multipart/form-data with a field "file".' })
  }
  try {
    return busboy({ headers: { 'content-type': contentType }, defParamCharset: 'utf8', limits })
  } catch (cause) {
    throw new ApiError('invalid_multipart', { cause })
  }
}

/**
 * Feeds the parser until the body ends or the sender is lost. What nobody wants any more is read and dropped, so that a sender
 * who gets the refusal early can use its connection again; the server cuts off one who goes on for long.
 * Never rejects: the parser carries the error.
 */
async function pump(body: ReadableStream<Uint8Array> | null, parser: busboy.Busboy): Promise<void> {
  const gone = new Promise((resolve) => parser.once('close', resolve))
  try {
    for await (const chunk of body ?? []) {
      if (!parser.destroyed && !parser.write(chunk)) await Promise.race([once(parser, 'drain'), gone])
    }
    if (!parser.destroyed) parser.end()
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error('the body could not be read'))
  }
}
