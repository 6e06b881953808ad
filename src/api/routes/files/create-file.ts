import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { filePurposes } from '../../../files/file.entity.ts'
import { createFileLink } from '../../../files/file-links.ts'
import { readFileView } from '../../../files/read-files.ts'
import { discardFile, keepFile, type ReceivedFile, receiveFile } from '../../../files/receive-file.ts'
import { ApiError } from '../../../platform/errors.ts'
import { isLive } from '../../../providers/providers.ts'
import { inTransaction, type Transaction } from '../../../tasks/transaction.ts'
import { isDigitalRiver, withoutNulls } from '../../digital-river.ts'
import { type ApiApp, type ApiEnv, invalidInput } from '../../env.ts'
import { answerPreparedOnce } from '../../idempotency.ts'
import { refuseUnknown } from '../../middleware/refuse-unknown.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, secretKey } from '../../schemas.ts'
import { fileSchema, toFileJson } from './file-json.ts'
import { fileParts } from './multipart-files.ts'
import { endWhenIdle, refuseDeclaredSize } from './upload-file.ts'

const fieldsSchema = z.object({
  purpose: z.enum(filePurposes),
  fileName: z.string().min(1).max(255).optional(),
  title: z.string().max(255).optional(),
  linkExpiresTime: z.iso
    .datetime({ offset: true })
    .refine((time) => Date.parse(time) > Date.now(), 'must be in the future')
    .optional(),
})
type Fields = z.infer<typeof fieldsSchema>

const inJsonSchema = fieldsSchema.extend({ fileName: z.string().min(1).max(255), file: z.base64().min(1) })

/** `POST /v2/files`: a document such as a customer's tax certificate; with `linkExpiresTime` it gets a public link at once. */
export function registerCreateFile(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/files',
    tags: ['Files'],
    summary: 'Upload a file',
    description: 'As multipart/form-data of any size, or in JSON as base64 of less than 1 MiB.',
    security: secretKey,
    request: {
      body: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: fieldsSchema.extend({ file: z.any().openapi({ type: 'string', format: 'binary' }) }),
          },
          'application/json': { schema: inJsonSchema },
        },
      },
    },
    responses: { 201: json(fileSchema, 'The file.'), ...errorResponses },
  })
  // Documented, but not validated by the contract: its validator would read the whole body into memory.
  app.openAPIRegistry.registerPath(route)
  app.post(route.path, requireKey(parts.keys, 'secret'), refuseUnknown(route), async (c) => {
    const { merchantId } = c.get('caller')
    const liveMode = isLive(parts.providers)
    const owner = { merchantId, liveMode }
    const inJson = /^application\/json\b/i.test(c.req.header('content-type') ?? '')
    if (!inJson) {
      refuseDeclaredSize(c, parts.config.uploadMaxBytes)
      endWhenIdle(c)
    }
    const { body } = inJson ? await receiveJson(c, parts, owner) : await receiveForm(c.req.raw, parts, owner)
    return c.json(isDigitalRiver(c) ? withoutNulls(body) : body, 201)
  })
}

type Owner = { merchantId: string; liveMode: boolean }
type Made = { status: 201; body: object }

/** The fields may stand before or after the file, which is streamed to the storage in either case. */
async function receiveForm(request: Request, parts: ApiParts, owner: Owner): Promise<Made> {
  const fields: Record<string, string> = {}
  let received: ReceivedFile | undefined
  try {
    const form = fileParts(request, (name, value) => {
      fields[name] = value
    })
    for await (const { field, ...part } of form) {
      if (received) throw new ApiError('too_many_files')
      if (field !== 'file') throw new ApiError('file_required')
      received = await receiveFile(parts, { merchantId: owner.merchantId, ...part })
    }
    if (!received) throw new ApiError('file_required')
    const [file, labels] = [received, parse(fieldsSchema, fields)]
    return await inTransaction(parts, (tx) => keep(tx, parts, owner, file, labels))
  } catch (error) {
    if (received) await discardFile(parts, received)
    throw error
  }
}

/** A file in a JSON body is small: the same `Idempotency-Key` gives it once. */
async function receiveJson(c: Context<ApiEnv>, parts: ApiParts, owner: Owner): Promise<Made> {
  let received: ReceivedFile | undefined
  const receive = async () => {
    const { file, ...fields } = parse(inJsonSchema, parseJson(await c.req.text()))
    received = await receiveFile(parts, {
      merchantId: owner.merchantId,
      filename: fields.fileName,
      declaredType: '',
      content: once(Buffer.from(file, 'base64')),
    })
    return { file: received, fields }
  }
  try {
    return await answerPreparedOnce(c, parts, receive, (tx, { file, fields }) => keep(tx, parts, owner, file, fields))
  } catch (error) {
    if (received) await discardFile(parts, received)
    throw error
  }
}

async function keep(
  tx: Transaction,
  parts: ApiParts,
  owner: Owner,
  received: ReceivedFile,
  { purpose, fileName, title, linkExpiresTime }: Fields,
): Promise<Made> {
  const { merchantId, liveMode } = owner
  const fileId = received.id
  await keepFile({ database: tx }, received, { purpose, title, liveMode, ...(fileName ? { filename: fileName } : {}) })
  if (linkExpiresTime) await createFileLink(tx, { ...owner, fileId, expiresAt: linkExpiresTime })
  return { status: 201, body: toFileJson(parts, await readFileView(tx.sql, merchantId, fileId)) }
}

function parse<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw invalidInput(parsed.error)
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError('invalid_json')
  }
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content
}
