import { sql } from 'kysely'
import type { DueTask, NewTask } from '../../queues/outbox.ts'
import type { Sql } from '../database/database.ts'
import { rowsOf, statement } from '../database/statement.ts'
import { withNewIds } from '../platform/ids.ts'
import { storeTasks, type TaskRecord, toDueTasks, toTaskRecords } from '../tasks/store-tasks.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import {
  type EventType,
  type PreviousAttributes,
  type RecordedLine,
  toEventType,
  toPreviousAttributes,
} from '../timeline/event-types.ts'
import { markPublished } from '../timeline/store-lines.ts'
import { insertDeliveries, startDeliveries } from './delivery-tasks.ts'
import type { EventData } from './outgoing-event.entity.ts'

/** Reads an order as its merchant's server sees it; undefined for one that is gone. */
export type RenderOrder = (
  sql: Sql,
  merchantId: string,
  orderId: string,
) => Promise<Record<string, unknown> | undefined>

/** A line that is made public, with what decides about work that follows from it. */
export type PublishedLine = RecordedLine & { orderId: string; fulfilledBy: 'engine' | 'merchant' }

type ClaimedLine = PublishedLine & { id: number; at: Date; merchantId: string; liveMode: boolean; draft: boolean }

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
  const due = await store(sql, {
    lineIds: lines.map(({ id }) => id),
    objects,
    events: withNewIds('event', events, (id, { line, type }) => ({
      id,
      line_id: line.id,
      order_id: line.orderId,
      merchant_id: line.merchantId,
      type,
      live_mode: line.liveMode,
      created_at: line.at.toISOString(),
      previous: toPreviousAttributes(line) ?? null,
    })),
  })
  const tasks = lines.flatMap((line) => (line.draft ? [] : tasksOf(line)))
  return [...due, ...(tasks.length > 0 ? toDueTasks(await insertTasks(sql, { tasks: toTaskRecords(tasks) })) : [])]
}

const insertTasks = statement<{ tasks: TaskRecord[] }>()((_, $) => storeTasks($.tasks))

/**
 * Takes the unpublished lines of some orders, oldest first. Whoever locks an order's first unpublished line has the order: a
 * second publisher passes it over, so that one order's events are counted in the order of its lines.
 */
// Raw: which rows are locked, and which are passed over, is what this is about.
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

const findListening = statement<{ merchantIds: string[] }>()((db, $) =>
  db
    .selectFrom('merchants as m')
    .select('m.id')
    .where((m) => m('m.id', '=', m.fn.any($.merchantIds)))
    .where((m) =>
      m.exists(
        m
          .selectFrom('webhook_endpoints as w')
          .select('w.id')
          .where('w.disabled_reason', 'is', null)
          .where((w) => w.or([w('w.merchant_id', '=', w.ref('m.id')), w('w.merchant_id', '=', w.ref('m.parent_id'))])),
      ),
    ),
)

/** The merchants of some lines that are listened to, by endpoints of their own or of their marketplace. */
async function findListened(sql: Sql, lines: readonly ClaimedLine[]): Promise<Set<string>> {
  const rows = await findListening(sql, { merchantIds: [...new Set(lines.map((line) => line.merchantId))] })
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

/** An event to be, of a line. */
type Given = {
  id: string
  line_id: number
  order_id: string
  merchant_id: string
  type: EventType
  live_mode: boolean
  created_at: string
  previous: PreviousAttributes | null
}

/** Stores events, given in the order of their lines, with the orders by id as they are now, and starts their deliveries. */
const store = statement<{ lineIds: number[]; objects: Record<string, object>; events: Given[] }>()((db, $) =>
  db
    .with('published', () => markPublished($.lineIds))
    .with('given', (db) =>
      db
        .selectFrom(
          rowsOf($.events, 'g', {
            id: 'text',
            line_id: 'bigint',
            order_id: 'text',
            merchant_id: 'text',
            type: 'text',
            live_mode: 'boolean',
            created_at: 'timestamptz',
            previous: 'jsonb',
          }),
        )
        .selectAll(),
    )
    .with('counted', (db) =>
      db
        .insertInto('event_sequences')
        .columns(['order_id', 'last_sequence'])
        .expression((of) =>
          of
            .selectFrom('given')
            .select((given) => ['order_id', given.fn.countAll<number>().as('count')])
            .groupBy('order_id')
            .orderBy('order_id'),
        )
        .onConflict((conflict) =>
          conflict.column('order_id').doUpdateSet((row) => ({
            last_sequence: row('event_sequences.last_sequence', '+', row.ref('excluded.last_sequence')),
          })),
        )
        .returning(['order_id', 'last_sequence']),
    )
    .with('made', (db) =>
      db
        .insertInto('outgoing_events')
        .columns(['id', 'merchant_id', 'order_id', 'line_id', 'type', 'sequence', 'live_mode', 'data', 'created_at'])
        .expression((of) =>
          of
            .selectFrom('given as g')
            .innerJoin('counted as c', 'c.order_id', 'g.order_id')
            .select((g) => [
              'g.id',
              'g.merchant_id',
              'g.order_id',
              'g.line_id',
              'g.type',
              sql<number>`${g.ref('c.last_sequence')} - count(*) over (partition by ${g.ref('g.order_id')})
                + row_number() over (partition by ${g.ref('g.order_id')} order by ${g.ref('g.line_id')})`.as(
                'sequence',
              ),
              'g.live_mode',
              sql<EventData>`case when ${$.objects.json} ? ${g.ref('g.order_id')}
                  then jsonb_build_object('object', ${$.objects.json} -> ${g.ref('g.order_id')}) else '{}' end
                || case when ${g.ref('g.previous')} is null then '{}'
                  else jsonb_build_object('previousAttributes', ${g.ref('g.previous')}) end`.as('data'),
              'g.created_at',
            ]),
        )
        .returning(['id', 'merchant_id', 'type']),
    )
    .with('deliveries', (db) => insertDeliveries(db.selectFrom('made').selectAll().as('e')))
    .with('started', (db) => startDeliveries(db.selectFrom('deliveries').selectAll().as('d'), 'ring'))
    .selectFrom('started')
    .selectAll(),
)
