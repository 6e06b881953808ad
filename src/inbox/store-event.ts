import type { JobName } from '../../queues/catalog.ts'
import { type DueTask, insertTasksSql, toTaskRow } from '../../queues/outbox.ts'
import { newId } from '../platform/ids.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'

/** A verified webhook as the inbox keeps it. `job` is what applies it, or undefined for types that change nothing. */
export type IncomingEvent = {
  provider: string
  account: string
  eventId: string
  type: string
  reference: string | undefined
  chargeId: string | undefined
  occurredAt: Date | undefined
  body: Record<string, unknown>
  job: Extract<JobName, 'apply-payment-event' | 'apply-shipping-event' | 'apply-pod-event'> | undefined
  /** The state of the charge that the event reports and nothing else; a charge that is in it needs no worker. */
  restates?: string | undefined
  /** True when an event that is applied is on its way and says the same. */
  echo?: boolean
  /** Our operation that the event only acknowledges. */
  acknowledges?: string | undefined
  /** Why the event is stored without being applied, such as a live event on a test installation. */
  ignoredBecause?: string | undefined
}

/**
 * Stores a webhook once by (provider, account, event id) together with its task, in one statement (M2, K1).
 * An event that says no more than the row already does is stored as applied, without a task; it may still bring the payment's id, unless
 * the charge was given up meanwhile.
 * An echo of a payment that is under way needs no task either: if the event it echoes is lost, the provider is asked half a minute later.
 * Returns false for a replay: it is acknowledged and does nothing (R46, R47).
 */
export async function storeEvent({ database, bell }: UnitOfWork, event: IncomingEvent): Promise<{ stored: boolean }> {
  const id = newId('inboxEvent')
  const task = event.job && toTaskRow(newId('task'), { job: event.job, payload: { inboxEventId: id }, dedupeKey: id })
  const [row] = await database.sql<{ stored: number } & DueTask & { state: string | null }>(
    `with charge as (
      select id, order_id, state, provider_reference from charges
      where id = coalesce($7, (select id from charges where provider = $2 and provider_reference = $6))
    ), attached as (
      update charges set provider_reference = $6 from charge
      where charges.id = charge.id and charges.provider_reference is null and charges.state = $12 and charges.provider = $2
        and not exists (select 1 from charges other where other.provider = $2 and other.provider_reference = $6)
      returning charges.id
    ), known as (
      select order_id from charge where state = $12 and (provider_reference = $6 or id in (select id from attached))
      union all
      select order_id from operations where id = $13
    ), awaited as (
      update charges set next_check_at = least(next_check_at, now() + interval '30 seconds')
      where $14::boolean and provider = $2 and provider_reference = $6 and id = coalesce($7, id)
        and state in ('pending', 'failed', 'capturable', 'processing') and state <> $12
      returning id
    ), stored as (
      insert into inbox_events (id, provider, account, event_id, type, reference, charge_id, occurred_at, body, outcome, handled_at, order_id)
      select $1, $2, $3, $4, $5, $6, (select id from charge), $8, $9::jsonb, verdict, case when verdict is null then null else now() end,
        (select order_id from known)
      from (select coalesce($10, case when exists (select 1 from known) then 'no_change' when exists (select 1 from awaited) then 'echo' end) as verdict) as judged
      on conflict (provider, account, event_id) do nothing returning id, outcome
    ), queued as (${insertTasksSql(`(select case when exists (select 1 from stored where outcome is null) then $11::jsonb else '[]' end)`)}
    )
    select (select count(*) from stored) as stored, queued.* from (select 1) as always left join queued on true`,
    [
      id,
      event.provider,
      event.account,
      event.eventId,
      event.type,
      event.reference ?? null,
      event.chargeId ?? null,
      event.occurredAt?.toISOString() ?? null,
      // What changes nothing is noted, not kept: it may say much about a person whom nothing here would ever find in it (I10).
      JSON.stringify(event.job ? event.body : {}),
      event.ignoredBecause ?? (event.job ? null : 'acknowledged'),
      JSON.stringify(task ? [task] : []),
      event.restates ?? null,
      event.acknowledges ?? null,
      event.echo ?? false,
    ],
  )
  if (row?.state === 'enqueued') bell.ring([row])
  return { stored: row?.stored === 1 }
}
