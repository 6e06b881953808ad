import { createRoute, z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import {
  createEndpoint,
  deleteEndpoint,
  type EndpointView,
  listEndpoints,
  readEndpoint,
  readEndpointSecret,
  requireSafeUrl,
  updateEndpoint,
} from '../../../outgoing/endpoints.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { answerOnce } from '../../idempotency.ts'
import { errorResponses, idParam, json, jsonBody } from '../../schemas.ts'
import { typesSchema, urlSchema } from './endpoint-json.ts'
import { type EndpointParts, forMerchant } from './endpoint-route.ts'

/** Their list has no pages. */
const maxListed = 1000

const changesSchema = z.object({
  types: typesSchema.optional(),
  address: urlSchema.optional(),
  enabled: z.boolean().optional(),
  apiVersion: z.string().max(20).optional(),
  transportType: z.enum(['HTTP', 'OAUTH']).optional(),
  authentication: z.unknown().optional(),
  oauth: z.unknown().optional(),
})

const webhookSchema = z
  .object({
    id: z.string(),
    createdTime: z.iso.datetime(),
    updatedTime: z.iso.datetime(),
    types: z.array(z.string()),
    apiVersion: z.string(),
    enabled: z.boolean(),
    address: z.string(),
    transportType: z.literal('HTTP'),
    secret: z.string().optional().openapi({ description: 'Shown once, by the request that makes it.' }),
  })
  .openapi('Webhook')

const params = z.object({ id: idParam })

/** `/webhooks`: webhook endpoints in Digital River's words. `POST /webhooks/{provider}` is what providers call. */
export function registerDigitalRiverWebhooks(app: ApiApp, parts: EndpointParts): void {
  addCreation(app, parts)
  addList(app, parts)
  addReading(app, parts)
  addChange(app, parts)
  addDeletion(app, parts)
}

function addCreation(app: ApiApp, parts: EndpointParts): void {
  app.openapi(
    createRoute({
      ...forMerchant(parts),
      method: 'post',
      path: '/webhooks',
      summary: 'Register a webhook',
      request: jsonBody(changesSchema.extend({ address: urlSchema })),
      responses: { 201: json(webhookSchema, 'The webhook with its secret.'), ...errorResponses },
    }),
    async (c) => {
      const { merchantId } = c.get('caller')
      const { address: url, types = ['*'], enabled, apiVersion, ...rest } = c.req.valid('json')
      refuseOtherTransports(rest)
      await requireSafeUrl(url, parts.config.webhooks)
      const answer = await answerOnce(c, parts, async (tx) => {
        const made = await createEndpoint(tx.sql, parts.secrets, {
          merchantId,
          url,
          types,
          description: null,
          apiVersion,
        })
        if (enabled !== false) return { status: 201 as const, body: toWebhookJson(made) }
        const disabled = await updateEndpoint(tx.sql, merchantId, made.id, { enabled })
        return { status: 201 as const, body: toWebhookJson(disabled) }
      })
      const webhook = answer.body as ReturnType<typeof toWebhookJson>
      const secret = await readEndpointSecret(parts.database.sql, parts.secrets, merchantId, webhook.id)
      return c.json({ ...webhook, secret }, answer.status)
    },
  )
}

function addList(app: ApiApp, parts: EndpointParts): void {
  app.openapi(
    createRoute({
      ...forMerchant(parts),
      method: 'get',
      path: '/webhooks',
      summary: 'List webhooks',
      responses: { 200: json(z.array(webhookSchema), 'All of them, newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { endpoints } = await listEndpoints(parts.database.sql, c.get('caller').merchantId, { limit: maxListed })
      return c.json(endpoints.map(toWebhookJson), 200)
    },
  )
}

function addReading(app: ApiApp, parts: EndpointParts): void {
  app.openapi(
    createRoute({
      ...forMerchant(parts),
      method: 'get',
      path: '/webhooks/{id}',
      summary: 'Read a webhook',
      request: { params },
      responses: { 200: json(webhookSchema, 'The webhook.'), ...errorResponses },
    }),
    async (c) =>
      c.json(
        toWebhookJson(await readEndpoint(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id)),
        200,
      ),
  )
}

function addChange(app: ApiApp, parts: EndpointParts): void {
  app.openapi(
    createRoute({
      ...forMerchant(parts),
      method: 'patch',
      path: '/webhooks/{id}',
      summary: 'Change a webhook',
      request: { params, ...jsonBody(changesSchema) },
      responses: { 200: json(webhookSchema, 'The webhook.'), ...errorResponses },
    }),
    async (c) => {
      const { address: url, types, enabled, apiVersion, ...rest } = c.req.valid('json')
      refuseOtherTransports(rest)
      if (url !== undefined) await requireSafeUrl(url, parts.config.webhooks)
      const { id } = c.req.valid('param')
      return c.json(
        toWebhookJson(
          await updateEndpoint(parts.database.sql, c.get('caller').merchantId, id, { url, types, enabled, apiVersion }),
        ),
        200,
      )
    },
  )
}

function addDeletion(app: ApiApp, parts: EndpointParts): void {
  app.openapi(
    createRoute({
      ...forMerchant(parts),
      method: 'delete',
      path: '/webhooks/{id}',
      summary: 'Delete a webhook',
      request: { params },
      responses: { 204: { description: 'Gone.' }, ...errorResponses },
    }),
    async (c) => {
      await deleteEndpoint(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
}

/** Receivers know us by our signature, not by a password of theirs. @throws ApiError `invalid_parameter` */
function refuseOtherTransports(wish: {
  transportType?: string | undefined
  authentication?: unknown
  oauth?: unknown
}) {
  if (wish.transportType === 'OAUTH' || wish.oauth !== undefined)
    throw new ApiError('invalid_parameter', {
      message: 'Only transportType HTTP is offered; verify the signature of what you receive.',
      parameter: 'transportType',
    })
  if (wish.authentication !== undefined)
    throw new ApiError('invalid_parameter', {
      message: 'No password is sent along; verify the signature of what you receive.',
      parameter: 'authentication',
    })
}

const toWebhookJson = (endpoint: EndpointView) => ({
  id: endpoint.id,
  createdTime: iso(endpoint.createdAt),
  updatedTime: iso(endpoint.updatedAt),
  types: endpoint.types,
  apiVersion: endpoint.apiVersion ?? 'default',
  enabled: endpoint.disabledReason === null,
  address: endpoint.url,
  transportType: 'HTTP' as const,
})
