import { type Database, iso, type Sql } from '../database/database.ts'
import type { EventType } from '../timeline/event-types.ts'
import type { EventData } from './outgoing-event.entity.ts'
import type { RenderOrder } from './publish-events.ts'

export type EventView = {
  eventId: string
  merchantId: string
  orderId: string | null
  type: EventType
  createdAt: string
  liveMode: boolean
  sequence: number
  data: EventData
}

/** An event as it is sent and as `/v2/events` shows it. */
export const toEnvelope = (event: EventView) => ({
  id: event.eventId,
  type: event.type,
  createdTime: iso(event.createdAt),
  liveMode: event.liveMode,
  data: { ...event.data, object: event.data.object ?? {} },
  sequence: event.sequence,
})

const columns = `id as "eventId", merchant_id as "merchantId", order_id as "orderId", type, created_at as "createdAt", live_mode as "liveMode", sequence, data`

/** Puts in the orders that events were stored without; each order is read once. */
export async function completeEvents<Event extends EventView>(
  sql: Sql,
  events: readonly Event[],
  render: RenderOrder,
): Promise<Event[]> {
  const orders = new Map<string, Record<string, unknown>>()
  for (const { data, orderId, merchantId } of events) {
    if (data.object || orderId === null || orders.has(orderId)) continue
    const order = await render(sql, merchantId, orderId)
    if (order) orders.set(orderId, order)
  }
  return events.map((event) => ({ ...event, data: { object: orders.get(event.orderId ?? '') ?? {}, ...event.data } }))
}

/** The caller's own events and those of the sellers on its marketplace (I11). */
const ownedSql = 'merchant_id = any(array(select id from merchants where id = $1 or parent_id = $1))'

/** Events of the last 30 days, newest first, in one statement. */
export async function listEvents(
  sql: Sql,
  merchantId: string,
  filter: { types?: readonly string[] | undefined; orderId?: string | undefined },
  page: { limit: number; startingAfter?: string | undefined; endingBefore?: string | undefined },
): Promise<{ hasMore: boolean; events: EventView[] }> {
  const backwards = page.endingBefore !== undefined
  const params: unknown[] = [merchantId, page.limit + 1]
  // Only what is asked for stands in the statement: plans are made without looking at values.
  const where = [ownedSql]
  const narrow = (condition: (parameter: string) => string, value: unknown) => {
    if (value !== undefined) where.push(condition(`$${params.push(value)}`))
  }
  narrow((types) => `type = any(${types}::text[])`, filter.types)
  narrow((orderId) => `order_id = ${orderId}`, filter.orderId)
  if (backwards) narrow((id) => `id > ${id}`, page.endingBefore)
  else narrow((id) => `id < ${id}`, page.startingAfter)
  const rows = await sql<EventView>(
    `select ${columns} from outgoing_events where ${where.join(' and ')} order by id ${backwards ? 'asc' : 'desc'} limit $2`,
    params,
  )
  const events = rows.slice(0, page.limit)
  return { hasMore: rows.length > page.limit, events: backwards ? events.toReversed() : events }
}

/** One event, or undefined when it is not the caller's or older than 30 days. */
export async function readEvent(sql: Sql, merchantId: string, id: string): Promise<EventView | undefined> {
  const [event] = await sql<EventView>(`select ${columns} from outgoing_events where ${ownedSql} and id = $2`, [
    merchantId,
    id,
  ])
  return event
}

/** Removes events after 30 days, with their deliveries. */
export async function purgeOldEvents({ sql }: Pick<Database, 'sql'>): Promise<void> {
  await sql(
    `delete from outgoing_events where id in (
       select id from outgoing_events where created_at < now() - interval '30 days' order by id limit 5000)`,
  )
}
