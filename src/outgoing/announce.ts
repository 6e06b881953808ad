import { now, statement } from '../database/statement.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { EventType } from '../timeline/event-types.ts'
import { insertDeliveries } from './delivery-tasks.ts'
import type { EventData } from './outgoing-event.entity.ts'

/** Tells whoever listens about a thing that has no order, in the transaction that changes it. */
export type Tell<T> = (tx: Transaction, event: { merchantId: string; type: EventType; object: T }) => Promise<void>

type Announced = { id: string; merchantId: string; type: EventType; liveMode: boolean; data: EventData }

const storeEvent = statement<Announced>()((db, $) =>
  db
    .with('made', (db) =>
      db
        .insertInto('outgoing_events')
        .values({
          id: $.id,
          merchant_id: $.merchantId,
          type: $.type,
          sequence: 0,
          live_mode: $.liveMode,
          data: $.data.json,
          created_at: now,
        })
        .returning(['id', 'merchant_id', 'type']),
    )
    .with('delivered', (db) => insertDeliveries(db.selectFrom('made').selectAll().as('e')))
    .selectFrom('delivered')
    .select(['id', 'endpoint_id as endpointId']),
)

/**
 * Stores an event about a resource that has no timeline, with its deliveries to the endpoints that are subscribed now, in one
 * statement; their tasks are committed with the step. Such events count no sequence: theirs is 0.
 */
export async function announce(
  tx: Pick<Transaction, 'sql' | 'enqueue'>,
  event: { merchantId: string; type: EventType; object: object; liveMode: boolean },
): Promise<void> {
  const { merchantId, type, liveMode, object } = event
  const deliveries = await storeEvent(tx, {
    id: newId('event'),
    merchantId,
    type,
    liveMode,
    data: { object: { ...object } },
  })
  for (const { id, endpointId } of deliveries)
    tx.enqueue({ job: 'deliver-event', payload: { deliveryId: id, endpointId }, dedupeKey: id })
}
