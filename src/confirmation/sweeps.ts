import { sql } from 'kysely'
import { postponeChecks } from '../charges/charge-writes.ts'
import { db, now, statement } from '../database/statement.ts'
import { sweepRows } from '../tasks/sweep-rows.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'

const batch = 200

const readExpired = statement()((db) =>
  db
    .selectFrom('orders as o')
    .select('o.id')
    .where('o.state', 'in', ['pending', 'pending_payment', 'payment_failed'])
    .where('o.expires_at', '<', now)
    .where('o.draft', '=', false)
    .where((o) =>
      o.not(
        o.exists(
          o
            .selectFrom('tasks as t')
            .select('t.id')
            .where('t.dedupe_key', '=', sql<string>`${o.ref('o.id')} || '-expire-1'`),
        ),
      ),
    )
    .orderBy('o.expires_at')
    .limit(batch),
)

const readUndecidedCharges = statement()((db) =>
  db.selectFrom('charges').select('id').where('next_check_at', '<', now).orderBy('next_check_at').limit(batch),
)

const readUndecidedRefunds = statement()((db) => {
  // By how often they have been asked about: each time as late again, and daily after the first day.
  const asked = db
    .selectFrom('charge_entries as e')
    .innerJoin('operations as o', 'o.id', 'e.operation_id')
    .select((e) => {
      const seconds = sql`greatest(600, extract(epoch from now() - ${e.ref('e.created_at')}))`
      return [
        'o.id as operationId',
        'o.order_id as orderId',
        sql<string>`${e.ref('o.id')} || '-check-' || case when ${seconds} < 86400
          then floor(log(2, ${seconds} / 600)) else 100 + floor(${seconds} / 86400) end`.as('dedupeKey'),
      ]
    })
    .where('o.state', '=', 'complete')
    .where('e.kind', '=', 'refund')
    .where('e.state', 'in', ['pending', 'pending_information'])
    .where('e.created_at', '<', sql<Date>`now() - interval '10 minutes'`)
  return db.selectFrom(asked.as('r')).selectAll('r').where(isNew('r.dedupeKey')).limit(batch)
})

const readLapsing = statement<{ marginHours: number }>()((db, $) => {
  const lapsing = db
    .selectFrom('charges as c')
    .select((c) => [
      'c.id',
      'c.order_id as orderId',
      'c.authorized_until as until',
      sql<string>`${c.ref('c.id')} || '-settle-' || extract(epoch from ${c.ref('c.authorized_until')})::bigint`.as(
        'dedupeKey',
      ),
    ])
    .where('c.state', '=', 'capturable')
    .where('c.authorized_until', '<', sql<Date>`now() + make_interval(hours => ${$.marginHours})`)
    // Asked for each, because few holds lapse: a join would be planned without knowing that.
    .where(
      (c) =>
        sql<boolean>`${c
          .selectFrom('orders as o')
          .select((o) =>
            o.and([o('o.fulfilled_by', '=', 'merchant'), o('o.state', 'in', ['accepted', 'fulfilled'])]).as('due'),
          )
          .whereRef('o.id', '=', 'c.order_id')}`,
    )
  return db
    .selectFrom(lapsing.as('l'))
    .select(['l.id', 'l.orderId', 'l.dedupeKey'])
    .where(isNew('l.dedupeKey'))
    .orderBy('l.until')
    .limit(batch)
})

/** Whether nobody has called for a task yet. */
const isNew = (dedupeKey: string) =>
  sql<boolean>`not exists ${db.selectFrom('tasks as t').select('t.id').where('t.dedupe_key', '=', sql.ref<string>(dedupeKey))}`

/** Calls for the expiry of orders whose payment window has closed. Returns how many. */
export async function sweepExpiredOrders(parts: UnitOfWork): Promise<number> {
  const orders = await readExpired(parts.database, {})
  return sweepRows(parts, orders, async (tx, some) => {
    for (const { id } of some)
      tx.enqueue({ job: 'expire-order', payload: { orderId: id }, dedupeKey: `${id}-expire-1` })
  })
}

/** Calls for a question to the provider about payments that no webhook has decided for a while. Returns how many. */
export async function sweepUndecidedCharges(parts: UnitOfWork): Promise<number> {
  const due = await readUndecidedCharges(parts.database, {})
  return sweepRows(parts, due, async (tx, some) => {
    const charges = await postponeChecks(tx, { ids: some.map(({ id }) => id) })
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
  const refunds = await readUndecidedRefunds(parts.database, {})
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
  const charges = await readLapsing(parts.database, { marginHours })
  return sweepRows(parts, charges, async (tx, some) => {
    for (const { id, orderId, dedupeKey } of some)
      tx.enqueue({ job: 'settle-charge', payload: { orderId, chargeId: id }, dedupeKey })
  })
}
