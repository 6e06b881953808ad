import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { EventType } from '../timeline/event-types.ts'
import { deliveryIdSql, isSubscribedSql } from './delivery-tasks.ts'

/** Tells whoever listens about a thing that has no order, in the transaction that changes it. */
export type Tell<T> = (tx: Transaction, event: { merchantId: string; type: EventType; object: T }) => Promise<void>

/**
 * Stores an event about a resource that has no timeline, with its deliveries to the endpoints that are subscribed now, in one
 * statement; their tasks are committed with the step. Such events count no sequence: theirs is 0.
 */
export async function announce(
  tx: Pick<Transaction, 'sql' | 'enqueue'>,
  event: { merchantId: string; type: EventType; object: object; liveMode: boolean },
): Promise<void> {
  const deliveries = await tx.sql<{ id: string; endpointId: string }>(
    `with made as (
      insert into outgoing_events as e (id, merchant_id, type, sequence, live_mode, data, created_at)
      values ($1, $2, $3, 0, $4, jsonb_build_object('object', $5::jsonb), now()) returning e.id, e.merchant_id, e.type
    )
    insert into event_deliveries (id, event_id, endpoint_id)
    select ${deliveryIdSql('e.id', 'w.id')}, e.id, w.id
    from made e join webhook_endpoints w on ${isSubscribedSql}
    where w.disabled_reason is null
    returning id, endpoint_id as "endpointId"`,
    [newId('event'), event.merchantId, event.type, event.liveMode, JSON.stringify(event.object)],
  )
  for (const { id, endpointId } of deliveries)
    tx.enqueue({ job: 'deliver-event', payload: { deliveryId: id, endpointId }, dedupeKey: id })
}
