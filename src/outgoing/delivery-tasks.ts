import { catalog } from '../../queues/catalog.ts'

/** The id of the one delivery of an event to an endpoint: their random parts side by side, so it sorts by the event's time. */
export const deliveryIdSql = (eventId: string, endpointId: string) =>
  `'whd_' || split_part(${eventId}, '_', 2) || '_' || split_part(${endpointId}, '_', 2)`

/** True for an endpoint `w` that is subscribed to an event `e` of its merchant or of a seller on its marketplace. */
export const isSubscribedSql = `(w.types ? '*' or w.types ? e.type)
  and w.merchant_id in (select e.merchant_id union all select m.parent_id from merchants m where m.id = e.merchant_id)`

/**
 * Makes the one task of each delivery in a relation of `id` and `endpoint_id`, or makes it due again: the new epoch gives BullMQ
 * a new job. `ring` returns the tasks for a bell; `relay` leaves them to the relay, which starts 500 at a time.
 */
export const deliveryTasksSql = (deliveries: string, starter: 'ring' | 'relay') => `
  insert into tasks (id, job, queue, payload, dedupe_key, run_at, state, enqueued_at)
  select 'tsk_' || substr(id, 5), 'deliver-event', '${catalog['deliver-event'].queue}',
    jsonb_build_object('deliveryId', id, 'endpointId', endpoint_id), id, now(),
    ${starter === 'ring' ? `'enqueued', now()` : `'pending', null::timestamptz`}
  from ${deliveries}
  on conflict (dedupe_key) do update set state = excluded.state, enqueued_at = excluded.enqueued_at, run_at = now(),
    epoch = tasks.epoch + 1, attempts = 0, rings = 0, done_at = null
  returning id, job, queue, payload, epoch`
