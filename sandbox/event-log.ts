import type { Provider } from './books.ts'
import type { Store } from './store.ts'

/** Where the webhook of an event stands: `unsent` means that no endpoint asked for its type. */
export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'unsent'

/** One event with the exact text that is sent on every attempt. */
export type LoggedEvent = {
  id: string
  provider: Provider
  type: string
  createdUnix: number
  body: string
  state: DeliveryState
}

/** Enough for the longest run that still asks for old events; older ones leave so that memory stays bounded. */
const kept = 40_000

/** Every event of every provider, newest last, so that it can be listed, sent again and survive a restart. */
export class EventLog {
  readonly #events: Map<string, LoggedEvent>

  constructor(store: Store) {
    this.#events = store.table<LoggedEvent>('events')
  }

  add(event: LoggedEvent): void {
    this.#events.set(event.id, event)
    if (this.#events.size <= kept) return
    const oldest = this.#events.keys().next().value
    if (oldest !== undefined) this.#events.delete(oldest)
  }

  get(id: string): LoggedEvent | undefined {
    return this.#events.get(id)
  }

  /** Oldest first. */
  all(): LoggedEvent[] {
    return [...this.#events.values()]
  }
}
