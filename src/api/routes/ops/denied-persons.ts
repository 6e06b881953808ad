import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { iso } from '../../../database/database.ts'
import { readDeniedLists, replaceDeniedList } from '../../../fraud/replace-denied-list.ts'
import { ApiError } from '../../../platform/errors.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { type ApiApp, invalidInput } from '../../env.ts'
import { refuseUnknown } from '../../middleware/refuse-unknown.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json } from '../../schemas.ts'
import { session } from './session-security.ts'

/** OFAC's whole SDN list is about 10 MB. */
const maxBytes = 64 * 1024 * 1024

const limit = bodyLimit({
  maxSize: maxBytes,
  onError: () => {
    throw new ApiError('payload_too_large')
  },
})

const file = z.string().min(1)
const inputSchema = z.object({
  list: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/i, 'letters, digits, - and _ only'),
  sdn: file.openapi({ description: 'sdn.csv: 12 columns, no header, -0- for nothing.' }),
  alt: file.optional().openapi({ description: 'alt.csv: 5 columns.' }),
  add: file.optional().openapi({ description: 'add.csv: 6 columns.' }),
})

const listSchema = z
  .object({ list: z.string(), entries: z.number().int(), importedTime: z.string() })
  .openapi('DeniedList')

const replacedSchema = z
  .object({
    list: z.string(),
    entries: z.number().int(),
    aliases: z.number().int(),
    addresses: z.number().int(),
  })
  .openapi('ReplacedDeniedList')

/** `GET` and `POST /v2/ops/denied-persons`: the lists of people who must not be sold to. */
export function registerDeniedPersons(app: ApiApp, parts: ApiParts): void {
  const shared = {
    path: '/v2/ops/denied-persons' as const,
    tags: ['Operations'],
    security: session,
  }

  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      summary: 'List the lists of denied persons',
      middleware: [requireOperator(parts)] as const,
      responses: { 200: json(z.object({ data: z.array(listSchema) }), 'The lists.'), ...errorResponses },
    }),
    async (c) => {
      const lists = await readDeniedLists(parts.database)
      return c.json({ data: lists.map(({ importedAt, ...list }) => ({ ...list, importedTime: iso(importedAt) })) }, 200)
    },
  )

  const route = createRoute({
    ...shared,
    method: 'post',
    summary: 'Replace a list of denied persons',
    description:
      "Files in the layout of OFAC's SDN list, as a form or as JSON. The list is replaced as a whole or not at all; afterwards the open " +
      'orders are screened against it.',
    request: {
      body: {
        required: true,
        content: { 'multipart/form-data': { schema: inputSchema }, 'application/json': { schema: inputSchema } },
      },
    },
    responses: { 200: json(replacedSchema, 'What the list has now.'), ...errorResponses },
  })
  // Documented, but not validated by the contract: a form's files have to be read as text first.
  app.openAPIRegistry.registerPath(route)
  app.post(route.path, requireOperator(parts), limit, refuseUnknown(route), async (c) => {
    const input = inputSchema.safeParse(await readInput(c))
    if (!input.success) throw invalidInput(input.error)
    const replaced = await inTransaction(parts, (tx) => replaceDeniedList(tx, input.data))
    parts.log.info({ operatorId: c.get('operator').userId, ...replaced }, 'list of denied persons replaced')
    return c.json(replaced, 200)
  })
}

async function readInput(c: Context): Promise<unknown> {
  if (c.req.header('content-type')?.startsWith('multipart/form-data')) {
    const form = await c.req.parseBody().catch((cause: unknown) => {
      throw cause instanceof ApiError ? cause : new ApiError('invalid_multipart', { cause })
    })
    const fields = await Promise.all(
      Object.entries(form).map(
        async ([name, value]) => [name, value instanceof File ? await value.text() : value] as const,
      ),
    )
    return Object.fromEntries(fields)
  }
  return c.req.json().catch((cause: unknown) => {
    throw cause instanceof ApiError ? cause : new ApiError('invalid_json', { cause })
  })
}
