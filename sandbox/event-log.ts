import type { StatementSync } from 'node:sqlite'
import type { Provider } from './books.ts'
import type { Store, Touched } from './store.ts'
import type { Sequence } from './table.ts'

/** Where the webhook of an event stands: `unsent` means that no endpoint asked for its type. */
export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'unsent'

/** What an event is about, without its text: enough to queue and to choose among many. */
export type EventHead = {
  id: string
  provider: Provider
  type: string
  createdUnix: number
  state: DeliveryState
}

/** One event with the exact text that is sent on every attempt. */
export type LoggedEvent = EventHead & { body: string }

/** What an event must be like to be chosen; what is absent fits all. */
export type EventWish = { id?: string | undefined; type?: string | undefined; provider?: string | undefined }

/** Enough for the longest run that still asks for old events; older ones leave, unless they are still owed. */
const kept = 40_000
const trimEvery = 100
const pageSize = 200
/** Greater than every sequence number. */
const end = Number.MAX_SAFE_INTEGER

// The texts stand apart: whoever looks for an event or moves its state reads and writes a short row.
const tables = `
  CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, provider TEXT NOT NULL, type TEXT NOT NULL,
    created_unix INTEGER NOT NULL, state TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS events_owed ON events (seq) WHERE state = 'pending';
  CREATE TABLE IF NOT EXISTS event_bodies (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
`
const head = 'id, provider, type, created_unix AS createdUnix, state'

type StoredHead = EventHead & { seq: number }

/** Every event of every provider, newest last, so that it can be listed, sent again and survive a restart. */
export class EventLog implements Sequence<EventHead>, Touched {
  readonly inOrderOfCreation = true
  readonly #store: Store
  /** How the waiting of events ended, before it is written. */
  readonly #settled = new Map<string, 'delivered' | 'failed'>()
  readonly #statements: Record<
    | 'insert'
    | 'insertBody'
    | 'find'
    | 'body'
    | 'settle'
    | 'owed'
    | 'chosen'
    | 'seqOf'
    | 'older'
    | 'newer'
    | 'trimBodies'
    | 'trim',
    StatementSync
  >

  constructor(store: Store) {
    this.#store = store
    store.define(tables)
    this.#statements = {
      insert: store.prepare(
        'INSERT INTO events (id, provider, type, created_unix, state) VALUES (?, ?, ?, ?, ?) RETURNING seq',
      ),
      insertBody: store.prepare('INSERT INTO event_bodies (seq, body) VALUES (?, ?)'),
      find: store.prepare(`SELECT ${head}, body FROM events JOIN event_bodies USING (seq) WHERE id = ?`),
      body: store.prepare('SELECT body FROM events JOIN event_bodies USING (seq) WHERE id = ?'),
      settle: store.prepare('UPDATE events SET state = ? WHERE id = ?'),
      owed: store.prepare(`SELECT ${head} FROM events WHERE state = 'pending' ORDER BY seq`),
      chosen: store.prepare(
        `SELECT ${head} FROM events WHERE id = coalesce(?, id) AND type = coalesce(?, type)
         AND provider = coalesce(?, provider) ORDER BY seq`,
      ),
      seqOf: store.prepare('SELECT seq FROM events WHERE id = ?'),
      older: store.prepare(`SELECT seq, ${head} FROM events WHERE seq < ? ORDER BY seq DESC LIMIT ${pageSize}`),
      newer: store.prepare(`SELECT seq, ${head} FROM events WHERE seq > ? ORDER BY seq LIMIT ${pageSize}`),
      trimBodies: store.prepare(
        "DELETE FROM event_bodies WHERE seq IN (SELECT seq FROM events WHERE seq <= ? AND state <> 'pending')",
      ),
      trim: store.prepare("DELETE FROM events WHERE seq <= ? AND state <> 'pending'"),
    }
  }

  add({ id, provider, type, createdUnix, state, body }: LoggedEvent): void {
    this.#store.begin()
    const seq = Number(this.#statements.insert.get(id, provider, type, createdUnix, state)?.seq)
    this.#statements.insertBody.run(seq, body)
    if (seq % trimEvery !== 0) return
    this.#statements.trimBodies.run(seq - kept)
    this.#statements.trim.run(seq - kept)
  }

  get(id: string): LoggedEvent | undefined {
    this.write()
    return this.#statements.find.get(id) as LoggedEvent | undefined
  }

  /** The text of an event. */
  body(id: string): string | undefined {
    return this.#statements.body.get(id)?.body as string | undefined
  }

  /** Ends the waiting of an event. A crash may still forget it, and the webhook is sent once more, as any may be. */
  settle(id: string, state: 'delivered' | 'failed'): void {
    this.#settled.set(id, state)
    this.#store.touchIdly(this)
  }

  /** Writes what was settled, so that a query finds it. */
  write(): void {
    if (this.#settled.size === 0) return
    this.#store.begin()
    for (const [id, state] of this.#settled) this.#statements.settle.run(state, id)
    this.#settled.clear()
  }

  /** Nothing stays at hand after a turn. */
  release(): void {}

  /** Lets go of what is not written. */
  forget(): void {
    this.#settled.clear()
  }

  /** What was not delivered yet, oldest first. */
  owed(): EventHead[] {
    return this.#statements.owed.all() as EventHead[]
  }

  /** The events that fit, oldest first. */
  chosen({ id, type, provider }: EventWish): EventHead[] {
    return this.#statements.chosen.all(id ?? null, type ?? null, provider ?? null) as EventHead[]
  }

  newestFirst(beforeId?: string): Iterable<Readonly<EventHead>> {
    return this.#read(this.#statements.older, beforeId === undefined ? end : this.#seqOf(beforeId))
  }

  oldestFirst(afterId?: string): Iterable<Readonly<EventHead>> {
    return this.#read(this.#statements.newer, afterId === undefined ? -1 : this.#seqOf(afterId))
  }

  /** Resolves when every event that was added until now would survive. */
  written(): Promise<void> {
    return this.#store.written()
  }

  #seqOf(id: string): number | undefined {
    return this.#statements.seqOf.get(id)?.seq as number | undefined
  }

  *#read(page: StatementSync, from: number | undefined): Generator<EventHead> {
    this.write()
    let seq = from
    while (seq !== undefined) {
      const heads = page.all(seq) as StoredHead[]
      yield* heads
      seq = heads.length < pageSize ? undefined : heads.at(-1)?.seq
    }
  }
}
