import { z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import type { DeliveryView } from '../../../outgoing/deliveries.ts'
import type { EndpointView } from '../../../outgoing/endpoints.ts'
import { deliveryStates, disabledReasons } from '../../../outgoing/webhook-endpoint.entity.ts'
import { eventTypes } from '../../../timeline/event-types.ts'

export const urlSchema = z
  .string()
  .max(2048)
  .openapi({ example: 'https://shop.example/ordermill', description: 'https and public; redirects are not followed.' })
export const typesSchema = z
  .array(z.enum(['*', ...eventTypes]))
  .min(1)
  .max(eventTypes.length)
  .openapi({ description: '`*` is every type.' })
export const descriptionSchema = z.string().trim().max(200)

const time = z.iso.datetime()

export const endpointSchema = z
  .object({
    id: z.string(),
    url: z.string(),
    description: z.string().optional(),
    types: z.array(z.string()),
    enabled: z.boolean(),
    disabledReason: z.enum(disabledReasons).optional().openapi({
      description: '`gone`: it answered 410. `failing`: nothing arrived for five days. `merchant`: your wish.',
    }),
    failingSince: time.optional().openapi({ description: 'The first failure since the last success.' }),
    previousSecretExpiresTime: time.optional().openapi({ description: 'Until then events carry two signatures.' }),
    createdTime: time,
    updatedTime: time,
  })
  .openapi('WebhookEndpoint')

export const endpointWithSecretSchema = endpointSchema
  .extend({ secret: z.string().openapi({ description: 'Shown this once. Verify `webhook-signature` with it.' }) })
  .openapi('WebhookEndpointWithSecret')

export const deliverySchema = z
  .object({
    id: z.string(),
    eventId: z.string(),
    type: z.enum(eventTypes),
    orderId: z.string().optional(),
    state: z.enum(deliveryStates),
    attempts: z
      .array(
        z.object({
          at: time,
          durationMs: z.number(),
          status: z.number().int().optional(),
          error: z.string().optional(),
          response: z.string().optional().openapi({ description: 'The first 500 characters of the answer.' }),
        }),
      )
      .openapi({ description: 'The last twenty, oldest first.' }),
    nextAttemptTime: time.optional(),
    deliveredTime: time.optional(),
    createdTime: time,
  })
  .openapi('EventDelivery')

export const toEndpointJson = (endpoint: EndpointView): z.infer<typeof endpointSchema> => ({
  id: endpoint.id,
  url: endpoint.url,
  ...(endpoint.description === null ? {} : { description: endpoint.description }),
  types: endpoint.types,
  enabled: endpoint.disabledReason === null,
  ...(endpoint.disabledReason ? { disabledReason: endpoint.disabledReason } : {}),
  ...(endpoint.failingSince ? { failingSince: iso(endpoint.failingSince) } : {}),
  ...(endpoint.previousSecretExpiresAt ? { previousSecretExpiresTime: iso(endpoint.previousSecretExpiresAt) } : {}),
  createdTime: iso(endpoint.createdAt),
  updatedTime: iso(endpoint.updatedAt),
})

export const toDeliveryJson = (delivery: DeliveryView): z.infer<typeof deliverySchema> => ({
  id: delivery.id,
  eventId: delivery.eventId,
  type: delivery.type,
  ...(delivery.orderId ? { orderId: delivery.orderId } : {}),
  state: delivery.state,
  attempts: delivery.attemptLog,
  ...(delivery.nextAttemptAt ? { nextAttemptTime: iso(delivery.nextAttemptAt) } : {}),
  ...(delivery.deliveredAt ? { deliveredTime: iso(delivery.deliveredAt) } : {}),
  createdTime: iso(delivery.createdAt),
})
