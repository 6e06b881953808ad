import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** Why nothing is sent to an endpoint: the merchant's wish, its own 410, or five days of failures. */
export const disabledReasons = ['merchant', 'gone', 'failing'] as const
export type DisabledReason = (typeof disabledReasons)[number]

/** A merchant's URL that is told about events. Secrets are sealed with a key that is not in the database. */
export const WebhookEndpointEntity = defineEntity({
  name: 'WebhookEndpoint',
  tableName: 'webhook_endpoints',
  properties: {
    id: p.text().primary(),
    merchantId: p.text().index(),
    url: p.text(),
    description: p.text().nullable(),
    /** Event types, or `*` for all. */
    types: p.json<string[]>(),
    /** What a client of Digital River's asked for and is told again; what is sent has one form. */
    apiVersion: p.text().nullable(),
    secret: p.text(),
    /** The secret before the last rotation; it signs too until it expires. */
    previousSecret: p.text().nullable(),
    previousSecretExpiresAt: p.datetime().nullable(),
    /** Null while it is enabled. */
    disabledReason: p.enum(disabledReasons).nullable(),
    /** The first failure since the last success. */
    failingSince: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
})

export const deliveryStates = ['pending', 'delivered', 'failed'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** One try to hand an event over: the status the receiver answered, or the reason why there was none. */
export type DeliveryAttempt = {
  at: string
  durationMs: number
  status?: number
  error?: string
  response?: string
}

/** One event on its way to one endpoint; its id is made of theirs, so there is one for each pair. */
export const EventDeliveryEntity = defineEntity({
  name: 'EventDelivery',
  tableName: 'event_deliveries',
  properties: {
    id: p.text().primary(),
    eventId: p.text().index(),
    endpointId: p.text(),
    state: p.enum(deliveryStates).default('pending'),
    /** Attempts since somebody last asked for it; decides about the next delay. */
    attempts: p.integer().default(0),
    /** The last twenty attempts, oldest first. */
    attemptLog: p.json<DeliveryAttempt[]>().defaultRaw(`'[]'`),
    /** A worker is sending it until then, at the latest. */
    claimedUntil: p.datetime().nullable(),
    nextAttemptAt: p.datetime().nullable(),
    deliveredAt: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    { properties: ['endpointId', 'id'] },
    {
      name: 'event_deliveries_failed',
      expression: `create index event_deliveries_failed on event_deliveries (endpoint_id, id) where state = 'failed'`,
    },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof WebhookEndpointEntity | typeof EventDeliveryEntity> {}
}
