import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { completeEvents, type EventView, listEvents, readEvent, toEnvelope } from '../../../outgoing/events.ts'
import { ApiError } from '../../../platform/errors.ts'
import { eventTypes } from '../../../timeline/event-types.ts'
import { isDigitalRiver, withoutNulls, withoutOurs } from '../../digital-river.ts'
import type { ApiApp } from '../../env.ts'
import { createEventObjects } from '../../event-objects.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idList, idParam, json, listOf, pageQuery, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'

const eventSchema = z
  .object({
    id: z.string(),
    type: z.enum(eventTypes),
    createdTime: z.iso.datetime(),
    liveMode: z.boolean(),
    data: z.object({
      object: z
        .record(z.string(), z.unknown())
        .openapi({ description: 'The order, refund, return or fulfilment as it was when this happened.' }),
      previousAttributes: z.record(z.string(), z.unknown()).optional(),
    }),
    sequence: z
      .number()
      .int()
      .openapi({ description: 'Counts the events of one order from 1 without gaps; 0 for events of no order.' }),
  })
  .openapi('Event')

/** An event in Digital River's words names the version of its shape and how many webhooks still wait for it. */
function toEventJson(c: Context, event: EventView) {
  const envelope = toEnvelope(event)
  if (!isDigitalRiver(c)) return envelope
  const { data } = envelope
  return {
    ...withoutNulls({ ...envelope, data: { ...data, object: withoutOurs(data.object) } }),
    digitalriverVersion: documentVersion,
    digitalRiverVersion: documentVersion,
    pendingWebhooks: 0,
  }
}

const documentVersion = '2021-12-13'

/** `GET /v2/events` and `GET /v2/events/{id}`: what endpoints are sent, for 30 days, with or without an endpoint. */
export function registerReadEvents(app: ApiApp, parts: ApiParts): void {
  const objects = createEventObjects(parts.config)
  const complete = (events: EventView[]) => completeEvents(parts.database.sql, events, objects)
  const shared = { tags: ['Events'], security: secretKey, middleware: requireKey(parts.keys, 'secret') }
  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/events',
      summary: 'List events of the last 30 days',
      request: {
        query: pageQuery.extend({
          type: z.enum(eventTypes).optional(),
          types: idList.optional(),
          orderId: idParam.optional(),
          ...createdQuery,
        }),
      },
      responses: { 200: json(listOf(eventSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, endingBefore, type, types, orderId, ...times } = c.req.valid('query')
      const { hasMore, events } = await listEvents(
        parts.database.sql,
        c.get('caller').merchantId,
        { types: type ? [type] : types, orderId, created: readPeriod(times) },
        { limit, startingAfter, endingBefore },
      )
      return c.json({ hasMore, data: (await complete(events)).map((event) => toEventJson(c, event)) }, 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/events/{id}',
      summary: 'Read an event',
      request: { params: z.object({ id: idParam }) },
      responses: { 200: json(eventSchema, 'The event as endpoints are sent it.'), ...errorResponses },
    }),
    async (c) => {
      const event = await readEvent(parts.database.sql, c.get('caller').merchantId, c.req.valid('param').id)
      if (!event) throw new ApiError('not_found')
      const [whole = event] = await complete([event])
      return c.json(toEventJson(c, whole), 200)
    },
  )
}
