import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { enterStatement } from '../../../audit/enter-statement.ts'
import type { NewStatement } from '../../../audit/reconcile-statement.ts'
import { ApiError } from '../../../platform/errors.ts'
import { daySchema } from '../../../platform/moments.ts'
import { readStatementCsv, readStatementLines } from '../../../providers/read-statement.ts'
import { providersWithStatements } from '../../../providers/registry.ts'
import { statementKinds } from '../../../providers/statement-format.ts'
import { type ApiApp, invalidInput } from '../../env.ts'
import { refuseUnknown } from '../../middleware/refuse-unknown.ts'
import { requireBookkeeper } from '../../middleware/require-bookkeeper.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, secretKey } from '../../schemas.ts'
import { toNewStatement } from '../../statement-input.ts'
import { session } from '../ops/session-security.ts'
import { statementSchema, toStatementJson } from './statement-json.ts'

/** An operator's session, or the secret key of the only merchant. */
export const bookkeeperSecurity = [...session, ...secretKey]

/** A hundred thousand lines. */
const maxCsvBytes = 32 * 1024 * 1024

/** Keeps the file of a statement in bounds; JSON has the bounds of every body. */
export const limitStatement = bodyLimit({
  maxSize: maxCsvBytes,
  onError: () => {
    throw new ApiError('payload_too_large')
  },
})

const ofSchema = z.object({
  provider: z.string().min(1).max(40).openapi({ example: providersWithStatements[0] }),
  from: daySchema.optional().openapi({ description: 'The first day, where no line is of it.' }),
  to: daySchema.optional().openapi({ description: 'The last day, where no line is of it.' }),
})

const amount = z.number().min(-1e12).max(1e12)
const lineSchema = z
  .strictObject({
    reference: z.string().max(100).openapi({ description: 'The id of the line; it is entered once.' }),
    payment: z.string().max(100).optional().openapi({
      description:
        'The payment or refund it is about, by the provider’s id or by ours; absent where `reference` is that.',
    }),
    kind: z.enum(statementKinds).default('charge'),
    amount: amount.openapi({
      description: 'As it changes our balance there: what is given back or paid out is negative.',
    }),
    fee: amount.optional().openapi({ description: 'What the provider kept of it.' }),
    currency: z.string().max(3),
    at: z.string().max(40).openapi({ description: 'ISO 8601.', example: '2026-10-05T14:03:22+08:00' }),
  })
  .openapi('StatementLine')

const inputSchema = ofSchema.extend({ lines: z.array(lineSchema) })

/** `POST /v2/settlements`: enters a provider's statement and says how it compares with the ledger. */
export function registerEnterStatement(app: ApiApp, parts: ApiParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v2/settlements',
    tags: ['Settlements'],
    security: bookkeeperSecurity,
    summary: 'Enter the statement of a provider',
    description:
      'For providers that show no books, as CSV in the provider’s columns, with `provider` in the query, or as JSON. Every line is entered ' +
      'once; a statement with a line that cannot be read is not entered at all. From its first day on the provider’s book is audited.',
    request: {
      query: ofSchema.partial(),
      body: {
        required: true,
        content: { 'application/json': { schema: inputSchema }, 'text/csv': { schema: z.string() } },
      },
    },
    responses: {
      200: json(statementSchema, 'It was entered before; how it compares now.'),
      201: json(statementSchema, 'It is entered; how it compares.'),
      ...errorResponses,
    },
  })
  // Documented, but not validated by the contract: which of the two it is has to be known first.
  app.openAPIRegistry.registerPath(route)
  app.post(route.path, requireBookkeeper(parts), limitStatement, refuseUnknown(route), async (c) => {
    const input = await readInput(c, c.get('bookkeeper'))
    const { isNew, statement } = await enterStatement(parts, input, parts.config.audit.graceMs)
    const { id, provider, counts } = statement
    parts.log.info({ statementId: id, provider, by: input.by, ...counts }, 'statement of a provider entered')
    return c.json(toStatementJson(statement), isNew ? 201 : 200)
  })
}

async function readInput(c: Context, by: string): Promise<NewStatement> {
  const type = c.req.header('content-type') ?? ''
  if (/^text\/csv\b/i.test(type)) {
    const of = ofSchema.safeParse(c.req.query())
    if (!of.success) throw invalidInput(of.error)
    const file = new Uint8Array(await c.req.arrayBuffer())
    return toNewStatement({ ...of.data, by }, (format) => readStatementCsv(file, format))
  }
  if (!/\bjson\b/i.test(type))
    throw new ApiError('invalid_content_type', { message: 'Send a statement as text/csv or application/json.' })
  const sent: unknown = await c.req.json().catch((cause: unknown) => {
    throw cause instanceof ApiError ? cause : new ApiError('invalid_json', { cause })
  })
  const input = inputSchema.safeParse(sent)
  if (!input.success) throw invalidInput(input.error)
  const { lines, ...of } = input.data
  const numbered = lines.map((line, index) => ({ ...line, line: index + 1 }))
  return toNewStatement({ ...of, by }, (format) => readStatementLines(numbered, format))
}
