import type { Sql } from '../database/database.ts'
import type { RecordedLine } from '../timeline/event-types.ts'
import { after, linesFrom, type PlacedLine } from '../timeline/later-lines.ts'

export type EventObject = Record<string, unknown>

/** How things look to their merchant's server. */
export type EventObjects = {
  /** An order before what happened later; undefined for one that is gone. */
  order(
    sql: Sql,
    merchantId: string,
    orderId: string,
  ): Promise<((later: readonly PlacedLine[]) => EventObject) | undefined>
  /** A refund, a return or a fulfilment; undefined for a line about anything else. */
  part(
    sql: Sql,
    merchantId: string,
    line: Pick<RecordedLine, 'subject' | 'subjectId'>,
  ): Promise<EventObject | undefined>
}

export type EventOfOrder = { eventId: string; merchantId: string; orderId: string; lineId: number }

/**
 * What some events of orders show, by event: the resource as it was when the event happened. Orders are read once each, and before the
 * lines: what happens between the two is undone in vain, and never shown.
 */
export async function readEventObjects(
  sql: Sql,
  events: readonly EventOfOrder[],
  objects: EventObjects,
): Promise<Map<string, EventObject>> {
  const shown = new Map<string, EventObject>()
  if (events.length === 0) return shown
  const orders = new Map<string, Awaited<ReturnType<EventObjects['order']>>>()
  for (const { merchantId, orderId } of events)
    if (!orders.has(orderId)) orders.set(orderId, await objects.order(sql, merchantId, orderId))
  const lines = await linesFrom(sql, [...orders.keys()], Math.min(...events.map(({ lineId }) => lineId)))
  for (const { eventId, merchantId, orderId, lineId } of events) {
    const ofOrder = lines.get(orderId) ?? []
    const line = ofOrder.find(({ id }) => id === lineId)
    const object =
      (line && (await objects.part(sql, merchantId, line))) ?? orders.get(orderId)?.(after(ofOrder, lineId))
    if (object) shown.set(eventId, object)
  }
  return shown
}
