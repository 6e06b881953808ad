import type { CompletedPart, S3Client } from '@aws-sdk/client-s3'
import type { Config } from '../../platform/config.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import type { FileStorage } from '../storage.ts'

/** S3 wants 5 MiB at least and 10 000 parts at most: this allows files of 78 GiB and holds two parts in memory. */
const partBytes = 8 * 1024 * 1024
const maxSignedSeconds = 600

type Bucket = NonNullable<Config['s3']>
type Target = { Bucket: string; Key: string }
type Sdk = { client: S3Client; s3: typeof import('@aws-sdk/client-s3') }

/**
 * An S3-compatible bucket such as Backblaze B2. The SDK is loaded with the first file. Checksums are left out where
 * they are not required: B2 refuses the headers that the SDK sends by default.
 */
export function s3Storage(bucket: Bucket): FileStorage {
  let loading: Promise<Sdk> | undefined
  const sdk = () => {
    loading ??= load(bucket)
    return loading
  }
  const target = (key: string): Target => ({ Bucket: bucket.bucket, Key: key })
  return {
    async put(key, content, { contentType }) {
      const { client, s3 } = await sdk()
      const parts = inParts(content)
      const first = await parts.next()
      const second = await parts.next()
      if (first.done || second.done) {
        const Body = first.done ? new Uint8Array() : first.value
        await client.send(new s3.PutObjectCommand({ ...target(key), Body, ContentType: contentType }))
        return
      }
      await putInParts(await sdk(), target(key), contentType, chain([first.value, second.value], parts))
    },

    async open(key, range) {
      const { client, s3 } = await sdk()
      const Range = range && `bytes=${range.start}-${range.end}`
      try {
        const answer = await client.send(new s3.GetObjectCommand({ ...target(key), ...(Range ? { Range } : {}) }))
        if (!answer.Body) return undefined
        const size = Number(answer.ContentRange?.split('/')[1] ?? answer.ContentLength)
        return { stream: answer.Body.transformToWebStream(), size }
      } catch (error) {
        if (error instanceof s3.NoSuchKey) return undefined
        throw error
      }
    },

    async signedUrl(key, { disposition, contentType, seconds }) {
      const { client, s3 } = await sdk()
      const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
      const command = new s3.GetObjectCommand({
        ...target(key),
        ResponseContentDisposition: disposition,
        ResponseContentType: contentType,
        ResponseCacheControl: 'private, no-store',
      })
      return getSignedUrl(client, command, { expiresIn: Math.min(seconds, maxSignedSeconds) })
    },

    async delete(key) {
      const { client, s3 } = await sdk()
      await client.send(new s3.DeleteObjectCommand(target(key)))
      // A process that died in the middle of an upload leaves parts that are paid for and listed nowhere else.
      const { Uploads = [] } = await client.send(
        new s3.ListMultipartUploadsCommand({ Bucket: bucket.bucket, Prefix: key }),
      )
      for (const { Key, UploadId } of Uploads) {
        if (Key === key) await client.send(new s3.AbortMultipartUploadCommand({ ...target(key), UploadId }))
      }
    },
  }
}

async function load(bucket: Bucket): Promise<Sdk> {
  const s3 = await import('@aws-sdk/client-s3')
  const client = new s3.S3Client({
    region: bucket.region,
    ...(bucket.endpoint ? { endpoint: bucket.endpoint } : {}),
    forcePathStyle: bucket.forcePathStyle,
    credentials: { accessKeyId: bucket.accessKeyId, secretAccessKey: bucket.secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 120_000 },
  })
  // A bucket that does not answer is a provider's outage: its socket's errors must not be taken for anybody else's.
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args)
      } catch (error) {
        throw isAnswer(error) ? error : new ProviderError('s3', 'unavailable', 'no_answer', { cause: error })
      }
    },
    { step: 'initialize' },
  )
  return { client, s3 }
}

/** The bucket has understood the request, whatever it said to it. */
function isAnswer(error: unknown): boolean {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } }
  return $metadata?.httpStatusCode !== undefined && $metadata.httpStatusCode < 500
}

/** A multipart upload, one part after the other; what fails takes the uploaded parts along, which would cost money for ever. */
async function putInParts(
  { client, s3 }: Sdk,
  target: Target,
  contentType: string,
  parts: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { UploadId } = await client.send(new s3.CreateMultipartUploadCommand({ ...target, ContentType: contentType }))
  const upload = { ...target, UploadId }
  try {
    const Parts: CompletedPart[] = []
    for await (const Body of parts) {
      const PartNumber = Parts.length + 1
      const { ETag } = await client.send(new s3.UploadPartCommand({ ...upload, PartNumber, Body }))
      Parts.push({ PartNumber, ETag })
    }
    await client.send(new s3.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }))
  } catch (error) {
    await client.send(new s3.AbortMultipartUploadCommand(upload))
    throw error
  }
}

/**
 * Cuts a stream into parts of `partBytes`; the last one is shorter. A part's memory is used again for the one after the next,
 * so at most two may be held at a time.
 */
async function* inParts(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let part: Buffer = Buffer.allocUnsafeSlow(partBytes)
  let spare: Buffer | undefined
  let filled = 0
  for await (let chunk of content) {
    while (chunk.length > 0) {
      const fitting = chunk.subarray(0, partBytes - filled)
      part.set(fitting, filled)
      filled += fitting.length
      chunk = chunk.subarray(fitting.length)
      if (filled === partBytes) {
        yield part
        const next: Buffer = spare ?? Buffer.allocUnsafeSlow(partBytes)
        spare = part
        part = next
        filled = 0
      }
    }
  }
  if (filled > 0) yield part.subarray(0, filled)
  return undefined
}

async function* chain<T>(head: readonly T[], rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield* head
  yield* rest
}
