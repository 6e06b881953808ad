import { append, type Store } from './store.ts'

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

/** The witness of what really happened: every effect once, with its count, by provider and by order. */
export class Books {
  readonly #store: Store
  readonly #kinds: Kinds

  constructor(store: Store, kinds: Kinds) {
    this.#store = store
    this.#kinds = kinds
  }

  /** Writes down an effect that was just carried out; the object itself lives in the table `<provider>.<kind>`. */
  record(provider: Provider, kind: string, effect: Effect): void {
    const name = `${provider}.${kind}`
    this.#effects(name).set(effect.id, effect)
    if (effect.countedBy) {
      const key = `${name} ${effect.countedBy}`
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    }
    if (effect.orderId) append(this.#byOrder, effect.orderId, `${name} ${effect.id}`)
    this.#store.touch()
  }

  /** Everything in the books, without the objects' nested parts. */
  all(): Record<Provider, Record<string, BookEntry[]>> {
    return this.#perKind((name) => [...this.#effects(name).values()].map((effect) => this.#entry(name, effect, false)))
  }

  /** What happened for one order, by its id and by that of its cart, with the whole objects. */
  forOrder(ids: readonly string[]): Record<Provider, Record<string, BookEntry[]>> {
    const mine = ids.flatMap((id) => this.#byOrder.get(id) ?? []).map((line) => line.split(' ') as [string, string])
    return this.#perKind((name) =>
      mine.flatMap(([kind, id]) => {
        const effect = kind === name ? this.#effects(name).get(id) : undefined
        return effect ? [this.#entry(name, effect, true)] : []
      }),
    )
  }

  /**
   * Counts and sums per kind. `repeated` is the number of effects beyond the first under one key or reference: what
   * a correct caller keeps at zero. Sums are in minor units by currency.
   */
  summary(): Record<Provider, Record<string, unknown>> {
    const repeated = new Map<string, number>()
    for (const [key, count] of this.#counts) {
      const name = key.slice(0, key.indexOf(' '))
      if (count > 1) repeated.set(name, (repeated.get(name) ?? 0) + count - 1)
    }
    return this.#perKind((name) => {
      const rows = this.#objects(name)
      const sums: Record<string, number> = {}
      const statuses: Record<string, number> = {}
      for (const row of rows.values()) {
        if (typeof row.currency === 'string' && typeof row.amount === 'number') {
          sums[row.currency] = (sums[row.currency] ?? 0) + row.amount
        }
        if (typeof row.status === 'string') statuses[row.status] = (statuses[row.status] ?? 0) + 1
      }
      return { count: this.#effects(name).size, repeated: repeated.get(name) ?? 0, sums, statuses }
    })
  }

  get #counts(): Map<string, number> {
    return this.#store.table<number>('books.counts')
  }

  get #byOrder(): Map<string, string[]> {
    return this.#store.table<string[]>('books.byOrder')
  }

  #effects(name: string): Map<string, Effect> {
    return this.#store.table<Effect>(`books.${name}`)
  }

  #objects(name: string): Map<string, Record<string, unknown>> {
    return this.#store.table<Record<string, unknown>>(name)
  }

  #entry(name: string, effect: Effect, whole: boolean): BookEntry {
    const object = this.#objects(name).get(effect.id) ?? {}
    const { id, orderId, idempotencyKey, countedBy } = effect
    const count = countedBy ? (this.#counts.get(`${name} ${countedBy}`) ?? 1) : 1
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
