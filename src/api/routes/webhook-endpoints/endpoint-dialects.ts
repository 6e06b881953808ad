import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { iso } from '../../../database/database.ts'
import type { EndpointView } from '../../../outgoing/endpoints.ts'
import { ApiError } from '../../../platform/errors.ts'
import { isDigitalRiver } from '../../digital-river.ts'
import {
  descriptionSchema,
  endpointSchema,
  endpointWithSecretSchema,
  toEndpointJson,
  typesSchema,
  urlSchema,
} from './endpoint-json.ts'

/** What may be said of an endpoint: in our words, or in Digital River's by `/webhooks`. */
export const wishSchema = z.object({
  url: urlSchema.optional(),
  types: typesSchema.optional(),
  description: descriptionSchema.optional(),
  enabled: z.boolean().optional(),
  address: urlSchema.optional().openapi({ description: '`url` by `/webhooks`.' }),
  apiVersion: z.string().max(20).optional().openapi({ description: 'Kept and given back by `/webhooks`.' }),
  transportType: z.enum(['HTTP', 'OAUTH']).optional().openapi({ description: 'Only `HTTP` is offered.' }),
  authentication: z.unknown().optional().openapi({ description: 'Refused: verify the signature of what you receive.' }),
  oauth: z.unknown().optional().openapi({ description: 'Refused: verify the signature of what you receive.' }),
})

/** A wish in our words. @throws ApiError `invalid_parameter` for another transport: receivers know us by our signature. */
export function readWish(wish: z.infer<typeof wishSchema>): {
  url?: string | undefined
  types?: z.infer<typeof typesSchema> | undefined
  description?: string | undefined
  enabled?: boolean | undefined
  apiVersion?: string | undefined
} {
  const { address, transportType, authentication, oauth, ...changes } = wish
  if (transportType === 'OAUTH' || oauth !== undefined)
    throw new ApiError('invalid_parameter', {
      message: 'Only transportType HTTP is offered; verify the signature of what you receive.',
      parameter: 'transportType',
    })
  if (authentication !== undefined)
    throw new ApiError('invalid_parameter', {
      message: 'No password is sent along; verify the signature of what you receive.',
      parameter: 'authentication',
    })
  return { ...changes, url: changes.url ?? address }
}

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
  })
  .openapi('Webhook', { description: 'A webhook endpoint in Digital River’s words, by `/webhooks`.' })

/** An endpoint in one of the dialects. */
export const eitherEndpointSchema = z.union([endpointSchema, webhookSchema])
export const eitherWithSecretSchema = z.union([
  endpointWithSecretSchema,
  webhookSchema
    .extend({ secret: z.string().openapi({ description: 'Shown this once.' }) })
    .openapi('WebhookWithSecret'),
])
/** Their list has no pages. */
export const webhooksSchema = z.array(webhookSchema)

/** An endpoint in the words of the path that a request came by. */
export const answerEndpoint = (c: Context, endpoint: EndpointView): z.infer<typeof eitherEndpointSchema> =>
  isDigitalRiver(c) ? toWebhookJson(endpoint) : toEndpointJson(endpoint)

export const toWebhookJson = (endpoint: EndpointView): z.infer<typeof webhookSchema> => ({
  id: endpoint.id,
  createdTime: iso(endpoint.createdAt),
  updatedTime: iso(endpoint.updatedAt),
  types: endpoint.types,
  apiVersion: endpoint.apiVersion ?? 'default',
  enabled: endpoint.disabledReason === null,
  address: endpoint.url,
  transportType: 'HTTP',
})
