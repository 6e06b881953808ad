import type { HttpBindings } from '@hono/node-server'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type FileParts, fileUrl } from '../../../files/files.ts'
import { discardFile, keepFile, type ReceivedFile, receiveFile } from '../../../files/receive-file.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { envelopeOf, refusal, success } from '../../envelope.ts'
import { requireSeller } from '../../middleware/require-seller.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { fileParts } from './multipart-files.ts'
import { sellerSecurity } from './seller-security.ts'

/** What a form may have around its file: boundaries, part headers, small fields. */
const formBytes = 1024 * 1024
/** A sender from whom nothing is read for this long has gone; longer than the storage may take for a part. */
const idleMs = 5 * 60_000

/** `POST /v2/digital/upload`: a file of a digital product, in the field `file`. */
export function registerUploadFile(app: ApiApp, parts: ApiParts & FileParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/digital/upload',
    tags: ['Digital products'],
    summary: 'Upload a file',
    description:
      'Streamed to the storage, never held in memory. `url` is what a product takes as its `delivery_content`; it opens for you only, ' +
      'buyers get links of their own. The type is told by the content: web pages, scripts and programs are refused, ' +
      'as is content that is not what its name says.',
    security: sellerSecurity,
    request: {
      body: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }),
          },
        },
      },
    },
    responses: {
      201: {
        description: 'Stored.',
        content: { 'application/json': { schema: envelopeOf(uploadSchema) } },
      },
      400: refusal('No file, two, an empty one, or one whose type is refused.'),
      401: refusal('Nobody is signed in, and no secret key was sent.'),
      403: refusal('A publishable key, or a form of another site.'),
      413: refusal('The file is larger than this installation allows.'),
    },
  })
  // Documented, but not validated by the contract: its validator would read the whole body into memory.
  app.openAPIRegistry.registerPath(route)
  app.post(route.path, requireSeller(parts, 'files'), async (c) => {
    refuseDeclaredSize(c, parts.config.uploadMaxBytes)
    endWhenIdle(c)
    const file = await receiveOnlyFile(c.req.raw, parts, c.get('seller').merchantId)
    return success(c, { url: fileUrl(parts, file.id), filename: file.filename, size: file.size }, 201)
  })
}

const uploadSchema = z
  .object({
    url: z.string().openapi({ example: 'https://orders.example/v2/digital/files/file_01m7zt522yf6er37s9nkksnsnt' }),
    filename: z.string(),
    size: z.number().int().openapi({ description: 'In bytes.' }),
  })
  .openapi('Upload')

/** Answers a declared 3 GiB at once instead of after most of it. */
export function refuseDeclaredSize(c: Context, maxBytes: number): void {
  if (Number(c.req.header('content-length') ?? 0) > maxBytes + formBytes) throw new ApiError('file_too_large')
}

/** Stores the form's one file; with a second one, or a form that breaks off, nothing of it is kept. */
async function receiveOnlyFile(request: Request, parts: FileParts, merchantId: string): Promise<ReceivedFile> {
  let received: ReceivedFile | undefined
  try {
    for await (const { field, ...part } of fileParts(request)) {
      if (received) throw new ApiError('too_many_files')
      if (field !== 'file') throw new ApiError('file_required')
      received = await receiveFile(parts, { merchantId, ...part })
    }
    if (!received) throw new ApiError('file_required')
    await keepFile(parts, received)
    return received
  } catch (error) {
    if (received) await discardFile(parts, received)
    throw error
  }
}

/** However slow, an upload may take its time; one that has stopped is cut off, and takes what it had stored along. */
export function endWhenIdle(c: Context): void {
  const { incoming, outgoing } = (c.env ?? {}) as Partial<HttpBindings>
  const end = () => incoming?.destroy(new Error('the sender has stopped'))
  incoming?.socket.setTimeout(idleMs, end)
  outgoing?.once('close', () => incoming?.socket.setTimeout(0).off('timeout', end))
}
