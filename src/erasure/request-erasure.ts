import { expressionBuilder, sql } from 'kysely'
import { now, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { newId } from '../platform/ids.ts'
import { sweepRows } from '../tasks/sweep-rows.ts'
import type { Transaction, UnitOfWork } from '../tasks/transaction.ts'

export type ErasureSubject =
  | { merchantId: string; orderId: string; customerId?: undefined }
  | { merchantId: string; customerId: string; orderId?: undefined }

type Wish = { merchantId: string; orderId: string | null; customerId: string | null }

const insertWish = statement<Wish & { id: string }>()((db, $) =>
  db
    .insertInto('erasures')
    .columns(['id', 'merchant_id', 'order_id', 'customer_id'])
    .expression(
      db
        .selectNoFrom([
          $.id.typed('text').as('id'),
          $.merchantId.typed('text').as('merchant_id'),
          $.orderId.typed('text').as('order_id'),
          $.customerId.typed('text').as('customer_id'),
        ])
        .where((wish) =>
          wish.not(
            wish.exists(
              wish.selectFrom('orders').select('id').where('id', '=', $.orderId).where('erased_at', 'is not', null),
            ),
          ),
        ),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('id'),
)

const removeWish = statement<Wish>()((db, $) =>
  db
    .deleteFrom('erasures')
    .where('merchant_id', '=', $.merchantId)
    .where('order_id', 'is not distinct from', $.orderId)
    .where('customer_id', 'is not distinct from', $.customerId)
    .where('done_at', 'is', null),
)

/**
 * Records that somebody wants to be forgotten, and calls for it. The same wish again changes nothing. What still needs the
 * person, as an order on its way does, is waited for.
 */
export async function requestErasure(tx: Pick<Transaction, 'sql' | 'enqueue'>, subject: ErasureSubject): Promise<void> {
  const { merchantId, orderId = null, customerId = null } = subject
  const [made] = await insertWish(tx, { id: newId('erasure'), merchantId, orderId, customerId })
  if (made) enqueueRound(tx, made.id, 1)
}

/** Takes a wish back that was not carried out yet. */
export async function withdrawErasure(tx: Pick<Transaction, 'sql'>, subject: ErasureSubject): Promise<void> {
  const { merchantId, orderId = null, customerId = null } = subject
  await removeWish(tx, { merchantId, orderId, customerId })
}

function enqueueRound(tx: Pick<Transaction, 'enqueue'>, erasureId: string, round: number): void {
  tx.enqueue({ job: 'erase-person', payload: { erasureId }, dedupeKey: roundKey(erasureId, round) })
}

const roundKey = (erasureId: string, round: number): string => `${erasureId}-erase-${round}`

const batch = 100

const e = expressionBuilder<Tables & { e: Tables['erasures'] }, 'e'>()
const underWay = e
  .selectFrom('tasks as t')
  .select('t.id')
  .where((t) => sql<boolean>`${t.ref('t.dedupe_key')} = ${e.ref('e.id')} || '-erase-' || ${e.ref('e.rounds')}`)
  .where('t.state', 'in', ['pending', 'enqueued'])
const isDue = e.and([e('e.done_at', 'is', null), e('e.next_round_at', '<', now), e.not(e.exists(underWay))])

const findDue = statement()((db) =>
  db.selectFrom('erasures as e').select('e.id').where(isDue).orderBy('e.next_round_at').limit(batch),
)

const takeDue = statement<{ ids: string[] }>()((db, $) =>
  db
    .updateTable('erasures')
    .set((erasure) => ({
      rounds: erasure('rounds', '+', 1),
      next_round_at: sql`now() + least(interval '1 minute' * power(2, least(${erasure.ref('rounds')}, 10)), interval '1 hour')`,
    }))
    .where((erasure) =>
      erasure(
        'id',
        'in',
        erasure
          .selectFrom('erasures as e')
          .select('e.id')
          .where((of) => of('e.id', '=', of.fn.any($.ids)))
          .where(isDue)
          .forUpdate()
          .skipLocked(),
      ),
    )
    .returning(['id', 'rounds']),
)

/**
 * Looks again at requests that wait for an order: after a minute, then twice as long each time, up to an hour. A round that is still under
 * way is left alone: two at once would each report what the other had left. Returns how many.
 */
export async function sweepErasures(parts: UnitOfWork): Promise<number> {
  const due = await findDue(parts.database, {})
  return sweepRows(parts, due, async (tx, some) => {
    const taken = await takeDue(tx, { ids: some.map(({ id }) => id) })
    for (const { id, rounds } of taken) enqueueRound(tx, id, rounds)
  })
}
