import { type Answer, type Exchange, json, jsonBody, type Route } from './http.ts'
import type { World } from './world.ts'

const wrong = (message: string) => json({ error: { message } }, 400)

/** The switches for tests: books, faults, webhooks, reset. They are the sandbox's own and no provider's. */
export function controlRoutes(world: World): Route[] {
  return [
    control('GET', '/healthz', () => json({ status: 'ok' })),
    control('GET', '/sandbox/books', (exchange) => books(world, exchange)),
    control('POST', '/sandbox/faults', (exchange) => {
      const added = world.faults.add(jsonBody(exchange))
      return typeof added === 'string' ? wrong(added) : json(added, 201)
    }),
    control('GET', '/sandbox/faults', () => json({ faults: world.faults.list() })),
    control('DELETE', '/sandbox/faults/:id', ({ params }) => {
      world.faults.remove(Number(params.id))
      return json({ faults: world.faults.list() })
    }),
    control('DELETE', '/sandbox/faults', () => {
      world.faults.clear()
      return json({ faults: [] })
    }),
    control('POST', '/sandbox/webhooks', (exchange) => {
      const complaint = world.settings.apply(jsonBody(exchange))
      if (complaint !== undefined) return wrong(complaint)
      world.webhooks.settingsChanged()
      return webhooks(world)
    }),
    control('GET', '/sandbox/webhooks', () => webhooks(world)),
    control('POST', '/sandbox/webhooks/resend', (exchange) => {
      const { eventId, type, provider } = jsonBody(exchange)
      if (eventId === undefined && type === undefined) return wrong('eventId or type is missing')
      const resent = world.webhooks.resend({
        id: eventId === undefined ? undefined : String(eventId),
        type: type === undefined ? undefined : String(type),
        provider: provider === undefined ? undefined : String(provider),
      })
      return json({ resent })
    }),
    control('POST', '/sandbox/reset', () => {
      world.webhooks.clear()
      world.settings.reset()
      world.faults.clear()
      world.store.clear()
      return json({ reset: true })
    }),
  ]
}

/** A control endpoint under `/sandbox`. */
export function control(method: string, path: string, handle: (exchange: Exchange) => Answer): Route {
  return { method, path, handle }
}

function books(world: World, exchange: Exchange): Answer {
  const query = new URLSearchParams(exchange.query)
  const ids = query.getAll('orderId')
  const kinds = query.has('summary')
    ? world.books.summary()
    : ids.length > 0
      ? world.books.forOrder(ids)
      : world.books.all()
  const told = Object.entries(kinds).map(([provider, ofProvider]) => [
    provider,
    { ...ofProvider, webhooks: world.webhooks.counts(provider) },
  ])
  return json(Object.fromEntries(told))
}

function webhooks(world: World): Answer {
  return json({ ...world.settings.describe(), ...world.webhooks.counts(), last: world.webhooks.last() })
}
