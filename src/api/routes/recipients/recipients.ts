import { createRoute, z } from '@hono/zod-openapi'
import type { Recipient } from '../../../merchants/recipient.entity.ts'
import {
  createRecipient,
  deleteRecipient,
  listRecipients,
  readRecipient,
  updateRecipient,
} from '../../../merchants/recipients.ts'
import { newId } from '../../../platform/ids.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { withFieldsBeside } from '../../known-fields.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import {
  connectedAccount,
  errorResponses,
  idParam,
  json,
  jsonBody,
  listOf,
  pageQuery,
  searchText,
  secretKey,
} from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'

const inputSchema = z.object({
  id: z
    .string()
    .regex(/^[\w.-]{1,40}$/, 'may have 40 letters, digits, dots, dashes and underscores')
    .optional(),
  name: z.string().trim().min(1).max(200),
  email: z.email().max(254).optional().openapi({ description: 'Earns nothing by orders of this address.' }),
  stripeAccountId: connectedAccount.optional().openapi({ description: 'The connected account that payouts go to.' }),
})

const recipientSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().optional(),
    stripeAccountId: z.string().optional(),
    createdTime: z.string(),
  })
  .openapi('Recipient')

const toJson = ({ id, name, email, stripeAccountId, createdAt }: Recipient): z.infer<typeof recipientSchema> => ({
  id,
  name,
  ...(email === null ? {} : { email }),
  ...(stripeAccountId === null ? {} : { stripeAccountId }),
  createdTime: createdAt.toISOString(),
})

const recipientRoute = (parts: ApiParts) => ({
  tags: ['Recipients'],
  security: secretKey,
  middleware: requireKey(parts.keys, 'secret'),
})
const one = { params: z.object({ id: idParam }) }

/** `/v2/recipients`: the affiliates and referrers that a cart's attribution may name. */
export function registerRecipients(app: ApiApp, parts: ApiParts): void {
  addCreation(app, parts)
  addList(app, parts)
  addReading(app, parts)
  addChange(app, parts)
  addRemoval(app, parts)
}

function addCreation(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...recipientRoute(parts),
      method: 'post',
      path: '/v2/recipients',
      summary: 'Register an affiliate or referrer',
      request: jsonBody(inputSchema),
      responses: { 201: json(recipientSchema, 'The recipient.'), ...errorResponses },
    }),
    async (c) => {
      const { id, name, email = null, stripeAccountId = null } = c.req.valid('json')
      const { merchantId } = c.get('caller')
      const fields = { merchantId, id: id ?? newId('recipient'), name, email, stripeAccountId }
      const answer = await answerOnce(c, parts, async (tx) => ({
        status: 201 as const,
        body: toJson(await createRecipient(tx.em, fields)),
      }))
      return c.json(answer.body, answer.status)
    },
  )
}

function addList(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...recipientRoute(parts),
      method: 'get',
      path: '/v2/recipients',
      summary: 'List recipients',
      request: {
        query: pageQuery.omit({ endingBefore: true }).extend({
          q: searchText.optional().openapi({ description: 'How their name or e-mail address begins; or an id.' }),
          ...createdQuery,
        }),
      },
      responses: { 200: json(listOf(recipientSchema), 'By their ids.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, q, ...asked } = c.req.valid('query')
      const { hasMore, recipients } = await listRecipients(
        parts.database.em(),
        c.get('caller').merchantId,
        { limit, startingAfter },
        { text: q, created: readPeriod(asked) },
      )
      return c.json({ hasMore, data: recipients.map(toJson) }, 200)
    },
  )
}

function addReading(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...recipientRoute(parts),
      method: 'get',
      path: '/v2/recipients/{id}',
      summary: 'Read a recipient',
      request: one,
      responses: { 200: json(recipientSchema, 'The recipient.'), ...errorResponses },
    }),
    async (c) => {
      const { merchantId } = c.get('caller')
      return c.json(toJson(await readRecipient(parts.database.em(), merchantId, c.req.valid('param').id)), 200)
    },
  )
}

function addChange(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...recipientRoute(parts),
      method: 'post',
      path: '/v2/recipients/{id}',
      summary: 'Replace what is known of a recipient',
      // A recipient may be sent as it was read: what cannot change is ignored.
      request: { ...one, ...jsonBody(withFieldsBeside(inputSchema.omit({ id: true }), recipientSchema)) },
      responses: { 200: json(recipientSchema, 'The recipient.'), ...errorResponses },
    }),
    async (c) => {
      const { name, email = null, stripeAccountId = null } = c.req.valid('json')
      const { merchantId } = c.get('caller')
      const fields = { merchantId, id: c.req.valid('param').id, name, email, stripeAccountId }
      const answer = await answerOnce(c, parts, async (tx) => ({
        status: 200 as const,
        body: toJson(await updateRecipient(tx.em, fields)),
      }))
      return c.json(answer.body, answer.status)
    },
  )
}

function addRemoval(app: ApiApp, parts: ApiParts): void {
  app.openapi(
    createRoute({
      ...recipientRoute(parts),
      method: 'delete',
      path: '/v2/recipients/{id}',
      summary: 'Remove a recipient',
      request: one,
      responses: { 204: { description: 'Earns nothing by orders to come.' }, ...errorResponses },
    }),
    async (c) => {
      await deleteRecipient(parts.database.em(), c.get('caller').merchantId, c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
}
