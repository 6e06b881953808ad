import { sql } from 'kysely'
import type { Database, DatabaseTransaction } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { changedOrders, signedParts } from './revenue-parts.ts'

/** So many lines of timelines are counted in one transaction. */
const countedAtOnce = 20_000

const lockMark = statement()((db) => db.selectFrom('revenue_marks').select('line_id as lineId').forUpdate())

/**
 * Before this moment every line is there for everybody to see: a line is written with its transaction's id, and those that are running began
 * later. The seconds are for a server that stops a transaction between drawing a line's number and its time.
 */
const readHorizon = statement()(
  () => sql<{ horizon: string }>`
    select (least(now(), min(xact_start)) - interval '10 seconds')::text as horizon from pg_stat_activity
    where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()`,
)

const readNextMark = statement<{ mark: number; horizon: string }>()(
  (_, $) => sql<{ next: number | null; lines: number }>`
    select coalesce(min(id) filter (where at >= ${$.horizon}::timestamptz) - 1, max(id)) as next, count(*) as lines
    from (select id, at from order_timeline where id > ${$.mark.typed('bigint')} order by id limit ${sql.lit(countedAtOnce)}) l`,
)

const count = statement<{ mark: number; next: number }>()(
  (_, $) => sql<{ counted: number }>`
    with changed as materialized (${changedOrders($.mark.typed('bigint'), $.next.typed('bigint'))}),
    ${signedParts(sql`changed`)},
    summed as (
      insert into revenue_sums as r (merchant_id, subject, day, currency, name, kept, order_count, paid_count)
      select merchant_id, subject, day, currency, max(name), sum(kept), sum(order_count), sum(paid_count) from parts
      group by merchant_id, subject, day, currency
      on conflict (merchant_id, subject, day, currency) do update set name = greatest(r.name, excluded.name),
        kept = r.kept + excluded.kept, order_count = r.order_count + excluded.order_count, paid_count = r.paid_count + excluded.paid_count),
    counted as (
      insert into counted_orders as c (order_id, merchant_id, kept, paid, handed_over)
      select order_id, merchant_id, kept, paid, handed_over from moved
      on conflict (order_id) do update set kept = excluded.kept, paid = excluded.paid, handed_over = excluded.handed_over),
    marked as (update revenue_marks set line_id = ${$.next.typed('bigint')})
    select count(*) as counted from moved`,
)

/**
 * Counts into the sums what orders brought whose timelines have grown since the mark, and moves the mark. Until then reports read those
 * orders themselves, so that nothing but their time depends on when this runs. Returns how many orders had changed.
 */
export async function countRevenue({ database }: { database: Pick<Database, 'transaction'> }): Promise<number> {
  let all = 0
  for (;;) {
    const { counted, goesOn } = await database.transaction(countSome)
    all += counted
    if (!goesOn) return all
  }
}

async function countSome(tx: DatabaseTransaction): Promise<{ counted: number; goesOn: boolean }> {
  const [mark] = await lockMark(tx, {})
  const [ended] = await readHorizon(tx, {})
  if (!mark || !ended) return { counted: 0, goesOn: false }
  const [found] = await readNextMark(tx, { mark: mark.lineId, horizon: ended.horizon })
  if (!found || found.next === null || found.next <= mark.lineId) return { counted: 0, goesOn: false }
  const [row] = await count(tx, { mark: mark.lineId, next: found.next })
  return { counted: row?.counted ?? 0, goesOn: found.lines === countedAtOnce }
}
