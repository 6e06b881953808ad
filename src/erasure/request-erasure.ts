import { newId } from '../platform/ids.ts'
import { sweepRows } from '../tasks/sweep-rows.ts'
import type { Transaction, UnitOfWork } from '../tasks/transaction.ts'

export type ErasureSubject =
  | { merchantId: string; orderId: string; customerId?: undefined }
  | { merchantId: string; customerId: string; orderId?: undefined }

/**
 * Records that somebody wants to be forgotten, and calls for it (R238). The same wish again changes nothing. What still needs the
 * person, as an order on its way does, is waited for.
 */
export async function requestErasure(tx: Pick<Transaction, 'sql' | 'enqueue'>, subject: ErasureSubject): Promise<void> {
  const [made] = await tx.sql<{ id: string }>(
    `insert into erasures (id, merchant_id, order_id, customer_id)
     select $1, $2, $3, $4
     where not exists (select 1 from orders where id = $3 and erased_at is not null)
     on conflict do nothing returning id`,
    [newId('erasure'), subject.merchantId, subject.orderId ?? null, subject.customerId ?? null],
  )
  if (made) enqueueRound(tx, made.id, 1)
}

/** Takes a wish back that was not carried out yet. */
export async function withdrawErasure(tx: Pick<Transaction, 'sql'>, subject: ErasureSubject): Promise<void> {
  await tx.sql(
    `delete from erasures where merchant_id = $1 and order_id is not distinct from $2 and customer_id is not distinct from $3
       and done_at is null`,
    [subject.merchantId, subject.orderId ?? null, subject.customerId ?? null],
  )
}

function enqueueRound(tx: Pick<Transaction, 'enqueue'>, erasureId: string, round: number): void {
  tx.enqueue({ job: 'erase-person', payload: { erasureId }, dedupeKey: roundKey(erasureId, round) })
}

const roundKey = (erasureId: string, round: number): string => `${erasureId}-erase-${round}`
const roundKeySql = (erasure: string): string => `${erasure}.id || '-erase-' || ${erasure}.rounds`

const batch = 100
const dueSql = `e.done_at is null and e.next_round_at < now()
  and not exists (select 1 from tasks t where t.dedupe_key = ${roundKeySql('e')} and t.state in ('pending', 'enqueued'))`

/**
 * Looks again at requests that wait for an order: after a minute, then twice as long each time, up to an hour. A round that is still under
 * way is left alone: two at once would each report what the other had left. Returns how many.
 */
export async function sweepErasures(parts: UnitOfWork): Promise<number> {
  const due = await parts.database.sql<{ id: string }>(
    `select e.id from erasures e where ${dueSql} order by e.next_round_at limit ${batch}`,
  )
  return sweepRows(parts, due, async (tx, some) => {
    const taken = await tx.sql<{ id: string; rounds: number }>(
      `update erasures set rounds = rounds + 1,
         next_round_at = now() + least(interval '1 minute' * power(2, least(rounds, 10)), interval '1 hour')
       where id in (select e.id from erasures e where e.id = any($1::text[]) and ${dueSql} for update skip locked)
       returning id, rounds`,
      [some.map(({ id }) => id)],
    )
    for (const { id, rounds } of taken) enqueueRound(tx, id, rounds)
  })
}
