import { sweepRows } from '../tasks/sweep-rows.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'

const batch = 200

/** Calls for the expiry of orders whose payment window has closed. Returns how many. */
export async function sweepExpiredOrders(parts: UnitOfWork): Promise<number> {
  const orders = await parts.database.sql<{ id: string }>(
    `select o.id from orders o
     where o.state in ('pending', 'pending_payment', 'payment_failed') and o.expires_at < now() and not o.draft
       and not exists (select 1 from tasks t where t.dedupe_key = o.id || '-expire-1')
     order by o.expires_at limit ${batch}`,
  )
  return sweepRows(parts, orders, async (tx, some) => {
    for (const { id } of some)
      tx.enqueue({ job: 'expire-order', payload: { orderId: id }, dedupeKey: `${id}-expire-1` })
  })
}

/** Calls for a question to the provider about payments that no webhook has decided for a while (K4). Returns how many. */
export async function sweepUndecidedCharges(parts: UnitOfWork): Promise<number> {
  const due = await parts.database.sql<{ id: string }>(
    `select id from charges where next_check_at < now() order by next_check_at limit ${batch}`,
  )
  return sweepRows(parts, due, async (tx, some) => {
    // The doubling ends where the longest wait is reached: a power without bound leaves the range of an interval after a week.
    const charges = await tx.sql<{ id: string; orderId: string; checks: number }>(
      `update charges set checks = checks + 1,
         next_check_at = now() + least(interval '10 minutes' * power(2, least(checks, 6)), interval '6 hours')
       where id in (select id from charges where id = any($1::text[]) and next_check_at < now() for update skip locked)
       returning id, order_id as "orderId", checks`,
      [some.map(({ id }) => id)],
    )
    for (const { id, orderId, checks } of charges) {
      tx.enqueue({ job: 'reconcile-charge', payload: { orderId, chargeId: id }, dedupeKey: `${id}-check-${checks}` })
    }
  })
}

/**
 * Calls for a question to the provider about refunds that no webhook has decided: ten minutes after they were asked for, then each time
 * they have become twice as old, and daily after the first day. Returns how many.
 */
export async function sweepUndecidedRefunds(parts: UnitOfWork): Promise<number> {
  const refunds = await parts.database.sql<{ operationId: string; orderId: string; dedupeKey: string }>(
    `select * from (
       select o.id as "operationId", o.order_id as "orderId", o.id || '-check-' || case
           when a.seconds < 86400 then floor(log(2, a.seconds / 600)) else 100 + floor(a.seconds / 86400) end as "dedupeKey"
       from charge_entries e join operations o on o.id = e.operation_id and o.state = 'complete'
         cross join lateral (select greatest(600, extract(epoch from now() - e.created_at)) as seconds) a
       where e.kind = 'refund' and e.state in ('pending', 'pending_information') and e.created_at < now() - interval '10 minutes'
     ) r
     where not exists (select 1 from tasks t where t.dedupe_key = r."dedupeKey") limit ${batch}`,
  )
  return sweepRows(parts, refunds, async (tx, some) => {
    for (const { operationId, orderId, dedupeKey } of some)
      tx.enqueue({ job: 'check-refund', payload: { orderId, operationId }, dedupeKey })
  })
}

/**
 * Calls for the settlement of authorizations of merchants' orders that are about to lapse: what is fulfilled is captured in time, and
 * a person is told of the rest (I9). Each is called for once. Returns how many.
 */
export async function sweepLapsingAuthorizations(parts: UnitOfWork, marginHours: number): Promise<number> {
  const charges = await parts.database.sql<{ id: string; orderId: string; dedupeKey: string }>(
    `select l.id, l."orderId", l."dedupeKey" from (
       select c.id, c.order_id as "orderId", c.authorized_until,
         c.id || '-settle-' || extract(epoch from c.authorized_until)::bigint as "dedupeKey"
       from charges c join orders o on o.id = c.order_id
       where c.state = 'capturable' and c.authorized_until < now() + make_interval(hours => $1) and o.fulfilled_by = 'merchant'
         and o.state in ('accepted', 'fulfilled')
     ) l
     where not exists (select 1 from tasks t where t.dedupe_key = l."dedupeKey")
     order by l.authorized_until limit ${batch}`,
    [marginHours],
  )
  return sweepRows(parts, charges, async (tx, some) => {
    for (const { id, orderId, dedupeKey } of some)
      tx.enqueue({ job: 'settle-charge', payload: { orderId, chargeId: id }, dedupeKey })
  })
}

/** Finished tasks are kept for 30 days. */
export async function purgeTasks({ database }: UnitOfWork): Promise<void> {
  await database.sql(
    `delete from tasks where id in (select id from tasks where state = 'done' and done_at < now() - interval '30 days' order by id limit 5000)`,
  )
}

/** Handled webhooks are kept for 180 days. */
export async function purgeInbox({ database }: UnitOfWork): Promise<void> {
  await database.sql(
    `delete from inbox_events where id in (select id from inbox_events where handled_at < now() - interval '180 days' order by received_at limit 5000)`,
  )
}

/** Shipping offers are kept for 30 days. */
export async function purgeShippingRates({ database }: UnitOfWork): Promise<void> {
  await database.sql(
    `delete from shipping_rates where id in (select id from shipping_rates where created_at < now() - interval '30 days' order by created_at limit 5000)`,
  )
}

/** Carts that became no order are kept for 90 days after their last change. */
export async function purgeAbandonedCarts({ database }: UnitOfWork): Promise<void> {
  await database.sql(
    `with abandoned as (
      select id from checkouts where locked_at is null and updated_at < now() - interval '90 days' order by updated_at limit 2000
    ), rates as (delete from shipping_rates where checkout_id in (select id from abandoned))
    delete from checkout_items where checkout_id in (select id from abandoned)`,
  )
  await database.sql(
    `delete from checkouts c where locked_at is null and updated_at < now() - interval '90 days'
       and not exists (select 1 from checkout_items i where i.checkout_id = c.id)
       and not exists (select 1 from shipping_rates r where r.checkout_id = c.id)`,
  )
}

/** Answers under an idempotency key are kept for a day. */
export async function purgeIdempotencyKeys({ database }: UnitOfWork): Promise<void> {
  await database.sql(`delete from idempotency_keys where created_at < now() - interval '24 hours'`)
}

export async function purgeSessions({ database }: UnitOfWork): Promise<void> {
  await database.sql('delete from sessions where expires_at < now()')
}
