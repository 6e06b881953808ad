import type { StatementSync } from 'node:sqlite'
import type { Store } from './store.ts'
import type { Table } from './table.ts'

/**
 * One thing a provider did, as its books remember it. `idempotencyKey` is the key the caller sent; `countedBy` is
 * what makes two effects the same effect: that key or, where the provider takes none, the caller's own reference.
 */
export type Effect = { id: string; orderId: string | null; idempotencyKey: string | null; countedBy: string | null }

/** An effect with how often it was carried out and the provider's object, the way `GET /sandbox/books` tells it. */
export type BookEntry = Record<string, unknown> & {
  id: string
  orderId: string | null
  idempotencyKey: string | null
  count: number
}

/** A name in the list of emulators. */
export type Provider = string

/** The kinds of effects by provider; each is also the name of the table that holds the objects. */
export type Kinds = Readonly<Record<Provider, readonly string[]>>

/** What the summary tells of one kind. It is kept up to date with every write, so that nobody has to count. */
type Tally = { count: number; repeated: number; sums: Record<string, number>; statuses: Record<string, number> }

const effectsTable = `
  CREATE TABLE IF NOT EXISTS effects (
    seq INTEGER PRIMARY KEY, name TEXT NOT NULL, id TEXT NOT NULL,
    order_id TEXT, idempotency_key TEXT, counted_by TEXT
  );
  CREATE INDEX IF NOT EXISTS effects_of_order ON effects (order_id);
  CREATE INDEX IF NOT EXISTS effects_counted ON effects (counted_by, name) WHERE counted_by IS NOT NULL;
`

const columns = 'seq, name, id, order_id AS orderId, idempotency_key AS idempotencyKey, counted_by AS countedBy'
const pageSize = 500

type StoredEffect = Effect & { seq: number; name: string }

/** The witness of what really happened: every effect once, with its count, by provider and by order. */
export class Books {
  readonly #store: Store
  readonly #kinds: Kinds
  readonly #tallies: Table<Tally>
  readonly #objects = new Map<string, Table<Record<string, unknown>>>()
  readonly #statements: Record<'insert' | 'counted' | 'ofOrder' | 'ofKind', StatementSync>

  constructor(store: Store, kinds: Kinds) {
    this.#store = store
    this.#kinds = kinds
    this.#tallies = store.table('books.tallies')
    for (const [provider, names] of Object.entries(kinds)) {
      for (const kind of names) {
        const name = `${provider}.${kind}`
        this.#objects.set(name, store.table(name, { watch: (before, after) => this.#tally(name, before, after) }))
      }
    }
    store.define(effectsTable)
    this.#statements = {
      insert: store.prepare(
        'INSERT INTO effects (name, id, order_id, idempotency_key, counted_by) VALUES (?, ?, ?, ?, ?)',
      ),
      counted: store.prepare('SELECT count(*) AS count FROM effects WHERE counted_by = ? AND name = ?'),
      ofOrder: store.prepare(`SELECT ${columns} FROM effects WHERE order_id = ? ORDER BY seq`),
      ofKind: store.prepare(`SELECT ${columns} FROM effects WHERE name = ? AND seq > ? ORDER BY seq LIMIT ${pageSize}`),
    }
  }

  /** Writes down an effect that was just carried out; the object itself lives in the table `<provider>.<kind>`. */
  record(provider: Provider, kind: string, { id, orderId, idempotencyKey, countedBy }: Effect): void {
    const name = `${provider}.${kind}`
    const tally = this.#tallyOf(name)
    tally.count += 1
    if (countedBy && this.#timesCounted(name, countedBy) > 0) tally.repeated += 1
    this.#store.begin()
    this.#statements.insert.run(name, id, orderId, idempotencyKey, countedBy || null)
  }

  /** Everything in the books, without the objects' nested parts. It reads all there is. */
  all(): Record<Provider, Record<string, BookEntry[]>> {
    return this.#perKind((name) => [...this.#ofKind(name)].map((effect) => this.#entry(effect, false)))
  }

  /** What happened for one order, by its id and by that of its cart, first things first, with the whole objects. */
  forOrder(ids: readonly string[]): Record<Provider, Record<string, BookEntry[]>> {
    const mine = ids
      .flatMap((id) => this.#statements.ofOrder.all(id) as StoredEffect[])
      .toSorted((one, other) => one.seq - other.seq)
    return this.#perKind((name) =>
      mine.filter((effect) => effect.name === name).map((effect) => this.#entry(effect, true)),
    )
  }

  /**
   * Counts and sums per kind. `repeated` is the number of effects beyond the first under one key or reference: what
   * a correct caller keeps at zero. Sums are in minor units by currency.
   */
  summary(): Record<Provider, Record<string, Tally>> {
    // Objects of this turn are counted when they are written.
    for (const table of this.#objects.values()) table.write()
    return this.#perKind((name) => this.#tallies.look(name) ?? nothing())
  }

  /** Keeps the sums and the statuses when an object is written. */
  #tally(name: string, before: Record<string, unknown> | undefined, after: Record<string, unknown>): void {
    const tally = this.#tallyOf(name)
    if (before) count(tally, before, -1)
    count(tally, after, 1)
  }

  #tallyOf(name: string): Tally {
    const known = this.#tallies.get(name)
    if (known) return known
    const fresh = nothing()
    this.#tallies.set(name, fresh)
    return fresh
  }

  #timesCounted(name: string, countedBy: string): number {
    return Number(this.#statements.counted.get(countedBy, name)?.count)
  }

  *#ofKind(name: string): Generator<StoredEffect> {
    let seq: number | undefined = 0
    while (seq !== undefined) {
      const page = this.#statements.ofKind.all(name, seq) as StoredEffect[]
      yield* page
      seq = page.at(-1)?.seq
    }
  }

  #entry({ name, id, orderId, idempotencyKey, countedBy }: StoredEffect, whole: boolean): BookEntry {
    const object = this.#objects.get(name)?.look(id) ?? {}
    const count = countedBy ? this.#timesCounted(name, countedBy) : 1
    return { ...flat(object), id, orderId, idempotencyKey, count, ...(whole ? { object } : {}) }
  }

  #perKind<Value>(make: (name: string) => Value): Record<Provider, Record<string, Value>> {
    const perKind = Object.entries(this.#kinds).map(([provider, kinds]) => [
      provider,
      Object.fromEntries(kinds.map((kind) => [kind, make(`${provider}.${kind}`)])),
    ])
    return Object.fromEntries(perKind)
  }
}

/** The plain fields of an object and its metadata: enough to check sums and states without shipping megabytes. */
function flat(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).filter(([key, value]) => key === 'metadata' || value === null || typeof value !== 'object'),
  )
}

const nothing = (): Tally => ({ count: 0, repeated: 0, sums: {}, statuses: {} })

/** Adds an object to a tally, or takes it away. */
function count(tally: Tally, { amount, currency, status }: Record<string, unknown>, sign: 1 | -1): void {
  if (typeof currency === 'string' && typeof amount === 'number')
    tally.sums[currency] = (tally.sums[currency] ?? 0) + sign * amount
  if (typeof status !== 'string') return
  tally.statuses[status] = (tally.statuses[status] ?? 0) + sign
  if (tally.statuses[status] === 0) delete tally.statuses[status]
}
