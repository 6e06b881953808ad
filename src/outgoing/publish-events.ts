import { type DueTask, insertTasksSql, type NewTask, toTaskRow } from '../../queues/outbox.ts'
import type { Sql } from '../database/database.ts'
import { withNewIds } from '../platform/ids.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import { type RecordedLine, toEventType, toPreviousAttributes } from '../timeline/event-types.ts'
import { deliveryIdSql, deliveryTasksSql, isSubscribedSql } from './delivery-tasks.ts'

/** Reads an order as its merchant's server sees it; undefined for one that is gone. */
export type RenderOrder = (
  sql: Sql,
  merchantId: string,
  orderId: string,
) => Promise<Record<string, unknown> | undefined>

/** A line that is made public, with what decides about work that follows from it. */
export type PublishedLine = RecordedLine & { orderId: string; fulfilledBy: 'engine' | 'merchant' }

type ClaimedLine = PublishedLine & { id: number; at: string; merchantId: string; liveMode: boolean; draft: boolean }

const ordersPerBatch = 50

type Parts = Pick<UnitOfWork, 'database' | 'bell'>
type Taken = { lines: number; full: boolean }
/** What one transaction takes: so many orders, without those that could not be published just now. */
type Portion = { orders: number; except: readonly string[] }

/**
 * Makes events of what the timelines have recorded, and tasks that deliver them: one batch in one transaction, with a fixed
 * number of statements and one read for each order that somebody listens to. Any number of processes may do this at once.
 * `tasksOf` says which work a line calls for beside its event; it is stored in the same transaction. Rings after commit.
 * An order that cannot be published holds no other up: after a batch that failed its orders go one by one.
 * Returns how many lines were taken, and whether of as many orders as one batch takes: then there may be more.
 * @throws AggregateError with the errors of the orders that stay unpublished, after the others were taken
 */
export async function publishEvents(
  parts: Parts,
  render: RenderOrder,
  tasksOf: (line: PublishedLine) => NewTask[] = () => [],
): Promise<Taken> {
  try {
    return await publishPortion(parts, render, tasksOf, { orders: ordersPerBatch, except: [] })
  } catch (error) {
    if (!(error instanceof Unpublishable)) throw error
    return publishOneByOne(parts, render, tasksOf)
  }
}

async function publishOneByOne(
  parts: Parts,
  render: RenderOrder,
  tasksOf: (line: PublishedLine) => NewTask[],
): Promise<never> {
  const failed: Unpublishable[] = []
  for (let count = 0; count < ordersPerBatch; count += 1) {
    const except = failed.flatMap(({ orderIds }) => orderIds)
    try {
      const taken = await publishPortion(parts, render, tasksOf, { orders: 1, except })
      if (taken.lines === 0) break
    } catch (error) {
      if (!(error instanceof Unpublishable)) throw error
      failed.push(error)
    }
  }
  throw new AggregateError(failed, `events of ${failed.length} orders could not be published`)
}

/** The lines of these orders were taken, and an error let go of them. */
class Unpublishable extends Error {
  readonly orderIds: readonly string[]

  constructor(orderIds: readonly string[], cause: unknown) {
    super('events could not be published', { cause })
    this.orderIds = orderIds
  }
}

async function publishPortion(
  { database, bell }: Parts,
  render: RenderOrder,
  tasksOf: (line: PublishedLine) => NewTask[],
  portion: Portion,
): Promise<Taken> {
  const { taken, due } = await database.transaction(async ({ sql }) => {
    const lines = await claimLines(sql, portion)
    if (lines.length === 0) return { taken: { lines: 0, full: false }, due: [] }
    const orders = [...new Set(lines.map(({ orderId }) => orderId))]
    try {
      const due = await writeEvents(sql, lines, render, tasksOf)
      return { taken: { lines: lines.length, full: orders.length === ordersPerBatch }, due }
    } catch (error) {
      throw new Unpublishable(orders, error)
    }
  })
  bell.ring(due)
  return taken
}

async function writeEvents(
  sql: Sql,
  lines: readonly ClaimedLine[],
  render: RenderOrder,
  tasksOf: (line: PublishedLine) => NewTask[],
): Promise<DueTask[]> {
  const events = lines.flatMap((line) => {
    // What nobody was ever shown is not told either.
    const type = line.draft ? undefined : toEventType(line)
    return type ? [{ line, type }] : []
  })
  const listened = events.length > 0 ? await findListened(sql, lines) : new Set<string>()
  const objects = await readObjects(
    sql,
    events.flatMap(({ line }) => (listened.has(line.merchantId) ? [line] : [])),
    render,
  )
  const due = await sql<DueTask>(writeSql, [
    lines.map(({ id }) => id),
    JSON.stringify(objects),
    JSON.stringify(
      withNewIds('event', events, (id, { line, type }) => ({
        id,
        line_id: line.id,
        order_id: line.orderId,
        merchant_id: line.merchantId,
        type,
        live_mode: line.liveMode,
        created_at: line.at,
        previous: toPreviousAttributes(line),
      })),
    ),
  ])
  const tasks = lines.flatMap((line) => (line.draft ? [] : tasksOf(line)))
  return [...due, ...(tasks.length > 0 ? await storeTasks(sql, tasks) : [])]
}

async function storeTasks(sql: Sql, tasks: readonly NewTask[]): Promise<DueTask[]> {
  const rows = await sql<DueTask & { state: string }>(insertTasksSql('$1'), [
    JSON.stringify(withNewIds('task', tasks, toTaskRow)),
  ])
  return rows.filter((row) => row.state === 'enqueued')
}

/**
 * Takes the unpublished lines of some orders, oldest first. Whoever locks an order's first unpublished line has the order: a
 * second publisher passes it over, so that one order's events are counted in the order of its lines (K9).
 */
const claimLines = (sql: Sql, { orders, except }: Portion) =>
  sql<ClaimedLine>(
    `with first as (
      select l.order_id from order_timeline l
      where l.published_at is null and l.order_id <> all($2::text[])
        and not exists (select 1 from order_timeline e where e.order_id = l.order_id and e.published_at is null and e.id < l.id)
      order by l.id limit $1 for update of l skip locked
    )
    select l.id, l.order_id as "orderId", l.at, l.kind, l.subject, l.subject_id as "subjectId", l.from_state as "from",
      l.to_state as "to", l.cause, o.merchant_id as "merchantId", o.live_mode as "liveMode", o.draft,
      o.fulfilled_by as "fulfilledBy"
    from first f join order_timeline l on l.order_id = f.order_id join orders o on o.id = l.order_id
    where l.published_at is null
    order by l.id for update of l`,
    [orders, except],
  )

/** The merchants of some lines that are listened to, by endpoints of their own or of their marketplace. */
async function findListened(sql: Sql, lines: readonly ClaimedLine[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }>(
    `select m.id from merchants m where m.id = any($1::text[]) and exists (
       select 1 from webhook_endpoints w where w.disabled_reason is null and (w.merchant_id = m.id or w.merchant_id = m.parent_id))`,
    [[...new Set(lines.map((line) => line.merchantId))]],
  )
  return new Set(rows.map(({ id }) => id))
}

/** The orders of some lines as they are now, by id: an event shows the state it announces, or a later one. */
async function readObjects(
  sql: Sql,
  lines: readonly ClaimedLine[],
  render: RenderOrder,
): Promise<Record<string, Record<string, unknown>>> {
  const merchantOf = new Map(lines.map((line) => [line.orderId, line.merchantId]))
  const objects: Record<string, Record<string, unknown>> = {}
  for (const [orderId, merchantId] of merchantOf) {
    const order = await render(sql, merchantId, orderId)
    if (!order) throw new Error(`order ${orderId} has a timeline and is gone`)
    objects[orderId] = order
  }
  return objects
}

// $1 the lines, $2 the orders by id, $3 the events in the order of their lines.
const writeSql = `
  with published as (
    update order_timeline set published_at = now() where id = any($1::bigint[])
  ), given as (
    select * from jsonb_to_recordset($3::jsonb) as g(id text, line_id bigint, order_id text, merchant_id text, type text,
      live_mode boolean, created_at timestamptz, previous jsonb)
  ), counted as (
    insert into event_sequences (order_id, last_sequence)
    select order_id, count(*) from given group by order_id order by order_id
    on conflict (order_id) do update set last_sequence = event_sequences.last_sequence + excluded.last_sequence
    returning order_id, last_sequence
  ), made as (
    insert into outgoing_events as e (id, merchant_id, order_id, line_id, type, sequence, live_mode, data, created_at)
    select g.id, g.merchant_id, g.order_id, g.line_id, g.type,
      c.last_sequence - count(*) over (partition by g.order_id) + row_number() over (partition by g.order_id order by g.line_id),
      g.live_mode,
      case when $2::jsonb ? g.order_id then jsonb_build_object('object', $2::jsonb -> g.order_id) else '{}' end
        || case when g.previous is null then '{}' else jsonb_build_object('previousAttributes', g.previous) end,
      g.created_at
    from given g join counted c on c.order_id = g.order_id
    returning e.id, e.merchant_id, e.type
  ), deliveries as (
    insert into event_deliveries (id, event_id, endpoint_id)
    select ${deliveryIdSql('e.id', 'w.id')}, e.id, w.id
    from made e join webhook_endpoints w on ${isSubscribedSql}
    where w.disabled_reason is null
    returning id, endpoint_id
  )
  ${deliveryTasksSql('deliveries', 'ring')}`
