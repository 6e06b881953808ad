import { sql } from 'kysely'
import type { JobName } from '../../queues/catalog.ts'
import { attachTold, checkToldSoon, findTold, isPaymentOf } from '../charges/told-charge.ts'
import { now, statement } from '../database/statement.ts'
import { newId } from '../platform/ids.ts'
import { storeTasks, type TaskRecord, toDueTasks, toTaskRecords } from '../tasks/store-tasks.ts'
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
  /** Nobody has signed it: kept only where it is about a payment of its provider's that is ours. */
  hint?: boolean | undefined
  /** Our operation that the event only acknowledges. */
  acknowledges?: string | undefined
  /** Why the event is stored without being applied, such as a live event on a test installation. */
  ignoredBecause?: string | undefined
}

type StoredEvent = {
  id: string
  provider: string
  account: string
  eventId: string
  type: string
  reference: string | null
  chargeId: string | null
  occurredAt: string | null
  body: Record<string, unknown>
  /** What became of it already. */
  verdict: string | null
  tasks: readonly TaskRecord[]
  state: string | null
  operationId: string | null
  echo: boolean
  hint: boolean
}

const stored = [
  'id',
  'provider',
  'account',
  'event_id',
  'type',
  'reference',
  'charge_id',
  'occurred_at',
  'body',
  'outcome',
  'handled_at',
  'order_id',
] as const

const store = statement<StoredEvent>(
  {
    id: 'text',
    provider: 'text',
    account: 'text',
    eventId: 'text',
    type: 'text',
    reference: 'text',
    chargeId: 'text',
    occurredAt: 'text',
    body: 'jsonb',
    verdict: 'text',
    tasks: 'jsonb',
    state: 'text',
    operationId: 'text',
    echo: 'boolean',
    hint: 'boolean',
  },
  { stored: { column: 'id', hole: 'id' }, queued: { column: 'dedupe_key', hole: 'id' } },
)((db, $) =>
  db
    .with('charge', () => findTold($))
    .with('attached', (db) => attachTold(db.selectFrom('charge').select('id'), $))
    .with('known', (db) =>
      db
        .selectFrom('charge')
        .select('order_id')
        .where((charge) => sql<boolean>`${charge.ref('state')} = ${$.state}`)
        .where((charge) =>
          charge.or([
            charge('provider_reference', '=', $.reference),
            charge('id', 'in', charge.selectFrom('attached').select('id')),
          ]),
        )
        .unionAll((of) => of.selectFrom('operations').select('order_id').where('id', '=', $.operationId)),
    )
    .with('awaited', () => checkToldSoon($))
    .with('stored', (db) =>
      db
        .insertInto('inbox_events')
        .columns(stored)
        .expression(
          db
            .selectFrom(
              db
                .selectNoFrom(
                  sql<string | null>`coalesce(${$.verdict.typed('text')},
                    case when exists ${db.selectFrom('known').select('order_id')} then 'no_change'
                      when exists ${db.selectFrom('awaited').select('id')} then 'echo' end)`.as('verdict'),
                )
                .as('judged'),
            )
            .select((judged) => [
              $.id.typed('text').as('id'),
              $.provider.typed('text').as('provider'),
              $.account.typed('text').as('account'),
              $.eventId.typed('text').as('event_id'),
              $.type.typed('text').as('type'),
              $.reference.typed('text').as('reference'),
              judged.selectFrom('charge').select('id').as('charge_id'),
              $.occurredAt.time.as('occurred_at'),
              $.body.json.as('body'),
              'verdict as outcome',
              judged.case().when('verdict', 'is', null).then(null).else(now).end().as('handled_at'),
              judged.selectFrom('known').select('order_id').as('order_id'),
            ])
            // A hint is kept about a payment of ours only.
            .where((judged) =>
              judged.or([
                judged.not($.hint.typed('boolean')),
                judged.exists(judged.selectFrom('charge').select('id').where(isPaymentOf($.provider))),
              ]),
            ),
        )
        .onConflict((conflict) => conflict.columns(['provider', 'account', 'event_id']).doNothing())
        .returning(['id', 'outcome']),
    )
    .with('queued', (db) =>
      storeTasks($.tasks, sql<boolean>`exists ${db.selectFrom('stored').select('id').where('outcome', 'is', null)}`),
    )
    .selectFrom(sql`(select 1)`.as('always'))
    .leftJoin('queued', (on) => on.onTrue())
    .select([
      'queued.id',
      'queued.job',
      'queued.queue',
      'queued.payload',
      'queued.epoch',
      'queued.state',
      'queued.trace',
    ])
    .select((row) => row.exists(row.selectFrom('stored').select('stored.id')).as('stored')),
)

/**
 * Stores a webhook once by (provider, account, event id) together with its task, in one statement.
 * An event that says no more than the row already does is stored as applied, without a task; it may still bring the payment's id, unless
 * the charge was given up meanwhile.
 * An echo of a payment that is under way needs no task either: if the event it echoes is lost, the provider is asked half a minute later.
 * Returns false for a replay, and for a hint about nothing of ours: it is acknowledged and does nothing.
 */
export async function storeEvent({ database, bell }: UnitOfWork, event: IncomingEvent): Promise<{ stored: boolean }> {
  const id = newId('inboxEvent')
  const tasks = event.job ? [{ job: event.job, payload: { inboxEventId: id }, dedupeKey: id }] : []
  const rows = await store(database, {
    id,
    provider: event.provider,
    account: event.account,
    eventId: event.eventId,
    type: event.type,
    reference: event.reference ?? null,
    chargeId: event.chargeId ?? null,
    occurredAt: event.occurredAt?.toISOString() ?? null,
    // What changes nothing is noted, not kept: it may say much about a person whom nothing here would ever find in it.
    body: event.job ? event.body : {},
    verdict: event.ignoredBecause ?? (event.job ? null : 'acknowledged'),
    tasks: toTaskRecords(tasks),
    state: event.restates ?? null,
    operationId: event.acknowledges ?? null,
    echo: event.echo ?? false,
    hint: event.hint ?? false,
  })
  bell.ring(toDueTasks(rows))
  return { stored: rows.some(({ stored }) => stored) }
}
