import type { EventHead, EventLog, LoggedEvent } from '../event-log.ts'
import type { Route } from '../http.ts'
import type { Sequence } from '../table.ts'
import { missing } from './errors.ts'
import { listOf } from './lists.ts'
import { flag, text, texts } from './params.ts'
import type { Endpoint } from './pipeline.ts'
import type { StripeState } from './state.ts'

type EventObject = { id: string; created: number; pending_webhooks: number }

/** The event as it was sent, with the number of endpoints that still wait for it. */
function asObject(event: LoggedEvent): EventObject {
  const object = JSON.parse(event.body) as EventObject
  return { ...object, pending_webhooks: event.state === 'pending' ? 1 : 0 }
}

export function eventRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  return [
    endpoint('GET', 'events/:id', 'events.retrieve', ({ id }) => {
      const event = state.world.events.get(id)
      if (event?.provider !== 'stripe') throw missing('event', id)
      return asObject(event)
    }),
    endpoint('GET', 'events', 'events.list', ({ params }) => {
      const pattern = typePattern(text(params, 'type'))
      const types = texts(params, 'types')
      const delivered = flag(params, 'delivery_success')
      const chosen = (event: Readonly<EventHead>) => {
        if (event.provider !== 'stripe') return false
        if (pattern && !pattern.test(event.type)) return false
        if (types !== undefined && !types.includes(event.type)) return false
        // Stripe counts an event that no endpoint asked for as delivered.
        return delivered === undefined || delivered === (event.state === 'delivered' || event.state === 'unsent')
      }
      const page = listOf(heads(state.world.events), params, '/v1/events', chosen)
      return { ...page, data: page.data.flatMap(({ id }) => byId(state, id) ?? []) }
    }),
  ]
}

/** A type as `events.list` takes it, where `*` stands for any part. */
function typePattern(type: string | undefined): RegExp | undefined {
  return type === undefined ? undefined : new RegExp(`^${type.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)
}

type Head = EventHead & { created: number }

/** The events without their texts, in the shape of a list. */
function heads(events: EventLog): Sequence<Head> {
  const shaped = (found: Iterable<Readonly<EventHead>>) =>
    Iterator.from(found).map((head) => ({ ...head, created: head.createdUnix }))
  return {
    inOrderOfCreation: true,
    newestFirst: (before) => shaped(events.newestFirst(before)),
    oldestFirst: (after) => shaped(events.oldestFirst(after)),
  }
}

function byId(state: StripeState, id: string): EventObject | undefined {
  const event = state.world.events.get(id)
  return event ? asObject(event) : undefined
}
