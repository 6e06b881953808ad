import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** One provider webhook, stored once by (provider, account, event id). */
export const InboxEventEntity = defineEntity({
  name: 'InboxEvent',
  tableName: 'inbox_events',
  properties: {
    id: p.text().primary(),
    provider: p.text(),
    /** The connected account an event is about, or empty for our own. */
    account: p.text().default(''),
    eventId: p.text(),
    type: p.text(),
    /** The provider's id of the payment or parcel the event is about. */
    reference: p.text().nullable(),
    /** Our charge, when the provider hands our metadata back. */
    chargeId: p.text().nullable(),
    body: p.json<Record<string, unknown>>(),
    occurredAt: p.datetime().nullable(),
    receivedAt: p.datetime().defaultRaw('now()'),
    handledAt: p.datetime().nullable(),
    outcome: p.text().nullable(),
    orderId: p.text().nullable(),
  },
  uniques: [{ properties: ['provider', 'account', 'eventId'] }],
  indexes: [
    {
      name: 'inbox_unhandled',
      expression: 'create index inbox_unhandled on inbox_events (received_at) where handled_at is null',
    },
    {
      name: 'inbox_orphans',
      expression: `create index inbox_orphans on inbox_events (received_at) where outcome = 'orphaned'`,
    },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof InboxEventEntity> {}
}
