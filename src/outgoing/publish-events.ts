import { sql } from 'kysely'
import type { DueTask, NewTask } from '../../queues/outbox.ts'
import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { storeTasks, type TaskRecord, toDueTasks, toTaskRecords } from '../tasks/store-tasks.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import type { RecordedLine } from '../timeline/event-types.ts'
import { markPublished } from '../timeline/store-lines.ts'
import { insertDeliveries, startDeliveries } from './delivery-tasks.ts'
import { type EventObject, type EventObjects, readEventObjects } from './event-objects.ts'
import type { EventData } from './outgoing-event.entity.ts'

/** A line that is made public, with what decides about work that follows from it. */
export type PublishedLine = RecordedLine & { orderId: string; fulfilledBy: 'engine' | 'merchant' }

type ClaimedLine = PublishedLine & { id: number; merchantId: string; draft: boolean; eventId: string | null }

const ordersPerBatch = 50

type Parts = Pick<UnitOfWork, 'database' | 'bell'>
type Taken = { lines: number; full: boolean }
/** What one transaction takes: so many orders, without those that could not be published just now. */
type Portion = { orders: number; except: readonly string[] }

/**
 * Shows the orders in the events that somebody listens to, and makes tasks that deliver them: one batch in one transaction, with a fixed
 * number of statements and one read for each order and each refund, return or fulfilment. The events themselves were committed with what they tell. Any number of processes may do this at once.
 * `tasksOf` says which work a line calls for beside its event; it is stored in the same transaction. Rings after commit.
 * An order that cannot be published holds no other up: after a batch that failed its orders go one by one.
 * Returns how many lines were taken, and whether of as many orders as one batch takes: then there may be more.
 * @throws AggregateError with the errors of the orders that stay unpublished, after the others were taken
 */
export async function publishEvents(
  parts: Parts,
  objects: EventObjects,
  tasksOf: (line: PublishedLine) => NewTask[] = () => [],
): Promise<Taken> {
  try {
    return await publishPortion(parts, objects, tasksOf, { orders: ordersPerBatch, except: [] })
  } catch (error) {
    if (!(error instanceof Unpublishable)) throw error
    return publishOneByOne(parts, objects, tasksOf)
  }
}

async function publishOneByOne(
  parts: Parts,
  objects: EventObjects,
  tasksOf: (line: PublishedLine) => NewTask[],
): Promise<never> {
  const failed: Unpublishable[] = []
  for (let count = 0; count < ordersPerBatch; count += 1) {
    const except = failed.flatMap(({ orderIds }) => orderIds)
    try {
      const taken = await publishPortion(parts, objects, tasksOf, { orders: 1, except })
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
  objects: EventObjects,
  tasksOf: (line: PublishedLine) => NewTask[],
  portion: Portion,
): Promise<Taken> {
  const { taken, due } = await database.transaction(async ({ sql }) => {
    const lines = await claimLines(sql, portion)
    if (lines.length === 0) return { taken: { lines: 0, full: false }, due: [] }
    const orders = [...new Set(lines.map(({ orderId }) => orderId))]
    try {
      const due = await writeEvents(sql, lines, objects, tasksOf)
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
  objects: EventObjects,
  tasksOf: (line: PublishedLine) => NewTask[],
): Promise<DueTask[]> {
  const shown = lines.filter(({ draft, eventId }) => !draft && eventId !== null)
  const listened = shown.length > 0 ? await findListened(sql, shown) : new Set<string>()
  const told = shown.filter(({ merchantId }) => listened.has(merchantId))
  const due = await store(sql, {
    lineIds: lines.map(({ id }) => id),
    eventIds: told.flatMap(({ eventId }) => eventId ?? []),
    objects: await readObjects(sql, told, objects),
  })
  const tasks = shown.flatMap(tasksOf)
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
    select l.id, l.order_id as "orderId", l.kind, l.subject, l.subject_id as "subjectId", l.from_state as "from",
      l.to_state as "to", l.cause, o.merchant_id as "merchantId", o.draft, o.fulfilled_by as "fulfilledBy", e.id as "eventId"
    from first f join order_timeline l on l.order_id = f.order_id join orders o on o.id = l.order_id
      left join outgoing_events e on e.order_id = l.order_id and e.line_id = l.id
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

/** What the events of some lines show, by event. */
async function readObjects(
  sql: Sql,
  lines: readonly ClaimedLine[],
  objects: EventObjects,
): Promise<Record<string, EventObject>> {
  const events = lines.flatMap(({ id, eventId, merchantId, orderId }) =>
    eventId === null ? [] : [{ eventId, merchantId, orderId, lineId: id }],
  )
  const shown = await readEventObjects(sql, events, objects)
  const gone = events.find(({ eventId }) => !shown.has(eventId))
  if (gone) throw new Error(`order ${gone.orderId} has a timeline and is gone`)
  return Object.fromEntries(shown)
}

/** Marks lines as made public, puts what is shown into the events that are told, and starts their deliveries. */
const store = statement<{ lineIds: number[]; eventIds: string[]; objects: Record<string, object> }>()((db, $) =>
  db
    .with('published', () => markPublished($.lineIds))
    .with('shown', (db) =>
      db
        .updateTable('outgoing_events as e')
        .set((e) => ({
          data: sql<EventData>`${e.ref('e.data')} || jsonb_build_object('object', ${$.objects.json} -> ${e.ref('e.id')})`,
        }))
        .where((e) => e('e.id', '=', e.fn.any($.eventIds)))
        .returning(['e.id', 'e.merchant_id', 'e.type']),
    )
    .with('deliveries', (db) => insertDeliveries(db.selectFrom('shown').selectAll().as('e')))
    .with('started', (db) => startDeliveries(db.selectFrom('deliveries').selectAll().as('d'), 'ring'))
    .selectFrom('started')
    .selectAll(),
)
