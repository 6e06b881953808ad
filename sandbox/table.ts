import type { StatementSync } from 'node:sqlite'
import type { Store } from './store.ts'

/** Rows in the order they came, which can be entered at any of them. */
export type Sequence<Row> = {
  /** Whether what was created earlier stands before what was created later. */
  readonly inOrderOfCreation?: true
  /** From the newest on, or from the one before the given key; nothing when there is no such key. */
  newestFirst(beforeKey?: string): Iterable<Readonly<Row>>
  /** From the oldest on, or from the one after the given key; nothing when there is no such key. */
  oldestFirst(afterKey?: string): Iterable<Readonly<Row>>
}

export type TableOptions<Row> = {
  /** Told of every row that is written, with what it was before. */
  watch?: (before: Row | undefined, after: Row) => void
  /** How many rows stay; the oldest leave. */
  kept?: number
}

/** A row with the text of it in the database, where that is known. */
type Held<Row> = { row: Row; text: string | undefined }
type Stored = { seq: number; key: string; row: string }

const pageSize = 50
/** Rows that stay at hand after their turn: a payment asks for the same ones again and again within a second. */
const recentRows = 300
/** Greater than every sequence number. */
const end = Number.MAX_SAFE_INTEGER

/**
 * A table of JSON rows by key, with the manners of a Map: `get` gives an object to change, and what is changed in it
 * until the turn ends is written with that turn. Later changes would be written late or never, so nobody holds a row
 * while waiting.
 */
export class Table<Row> implements Sequence<Row> {
  readonly inOrderOfCreation = true
  readonly #store: Store
  readonly #options: TableOptions<Row>
  /** What this turn was given. */
  readonly #held = new Map<string, Held<Row>>()
  /** What earlier turns were given, oldest first. */
  readonly #recent = new Map<string, Held<Row>>()
  readonly #statements: Record<
    'find' | 'seqOf' | 'put' | 'update' | 'delete' | 'clear' | 'count' | 'older' | 'newer' | 'prefixed' | 'trim',
    StatementSync
  >

  constructor(store: Store, name: string, options: TableOptions<Row>) {
    this.#store = store
    this.#options = options
    const table = `"${name}"`
    store.define(
      `CREATE TABLE IF NOT EXISTS ${table} (seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, row TEXT NOT NULL)`,
    )
    this.#statements = {
      find: store.prepare(`SELECT row FROM ${table} WHERE key = ?`),
      seqOf: store.prepare(`SELECT seq FROM ${table} WHERE key = ?`),
      put: store.prepare(
        `INSERT INTO ${table} (key, row) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET row = excluded.row`,
      ),
      update: store.prepare(`UPDATE ${table} SET row = ? WHERE key = ?`),
      delete: store.prepare(`DELETE FROM ${table} WHERE key = ?`),
      clear: store.prepare(`DELETE FROM ${table}`),
      count: store.prepare(`SELECT count(*) AS count FROM ${table}`),
      older: store.prepare(`SELECT seq, key, row FROM ${table} WHERE seq < ? ORDER BY seq DESC LIMIT ${pageSize}`),
      newer: store.prepare(`SELECT seq, key, row FROM ${table} WHERE seq > ? ORDER BY seq LIMIT ${pageSize}`),
      prefixed: store.prepare(`SELECT seq, key, row FROM ${table} WHERE key >= ? AND key < ? ORDER BY seq`),
      trim: store.prepare(`DELETE FROM ${table} WHERE seq <= (SELECT max(seq) FROM ${table}) - ?`),
    }
  }

  /** The row, to read and to change until the turn ends. */
  get(key: string): Row | undefined {
    const found = this.#held.get(key) ?? this.#recent.get(key) ?? this.#find(key)
    if (!found) return undefined
    this.#held.set(key, found)
    this.#store.touch(this)
    return found.row
  }

  /** The row, only to read: nothing keeps it. */
  look(key: string): Readonly<Row> | undefined {
    return (this.#held.get(key) ?? this.#recent.get(key) ?? this.#find(key))?.row
  }

  has(key: string): boolean {
    return this.#held.has(key) || this.#recent.has(key) || this.#statements.seqOf.get(key) !== undefined
  }

  /** Puts a row at the end, or in the place of the one that had the key. */
  set(key: string, row: Row): void {
    const held = this.#held.get(key) ?? this.#recent.get(key)
    // Only a watcher has to know what was there before.
    const text = held ? held.text : this.#options.watch && this.#find(key)?.text
    this.#held.set(key, { row, text })
    this.#store.touch(this)
  }

  delete(key: string): void {
    this.#held.delete(key)
    this.#recent.delete(key)
    this.#store.begin()
    this.#statements.delete.run(key)
  }

  clear(): void {
    this.forget()
    this.#store.begin()
    this.#statements.clear.run()
  }

  /** How many rows there are. It counts them, which is not for a table that grows with the orders. */
  get size(): number {
    this.write()
    return Number(this.#statements.count.get()?.count)
  }

  /** The rows whose keys begin with the text, oldest first and read at once. */
  entries(prefix = ''): [string, Readonly<Row>][] {
    this.write()
    const stored = this.#statements.prefixed.all(prefix, `${prefix}\uffff`) as Stored[]
    return stored.map(({ key, row }) => [key, JSON.parse(row) as Row])
  }

  newestFirst(beforeKey?: string): Iterable<Readonly<Row>> {
    return this.#read(this.#statements.older, beforeKey === undefined ? end : this.#seqOf(beforeKey))
  }

  oldestFirst(afterKey?: string): Iterable<Readonly<Row>> {
    return this.#read(this.#statements.newer, afterKey === undefined ? -1 : this.#seqOf(afterKey))
  }

  /** Writes what changed in the rows that were handed out, so that a query finds it. */
  write(): void {
    const { watch, kept } = this.#options
    let grew = false
    for (const [key, held] of this.#held) {
      const text = JSON.stringify(held.row)
      if (text === held.text) continue
      this.#store.begin()
      if (held.text === undefined) this.#statements.put.run(key, text)
      else this.#statements.update.run(text, key)
      grew ||= held.text === undefined
      watch?.(held.text === undefined ? undefined : (JSON.parse(held.text) as Row), held.row)
      held.text = text
    }
    if (grew && kept !== undefined) this.#statements.trim.run(kept)
  }

  /** Ends a turn whose changes are written. */
  release(): void {
    for (const [key, held] of this.#held) {
      this.#recent.delete(key)
      this.#recent.set(key, held)
    }
    this.#held.clear()
    if (this.#recent.size <= recentRows) return
    for (const key of this.#recent.keys()) {
      if (this.#recent.size <= recentRows) break
      this.#recent.delete(key)
    }
  }

  /** Lets go of every row: what is in the database counts. */
  forget(): void {
    this.#held.clear()
    this.#recent.clear()
  }

  #find(key: string): Held<Row> | undefined {
    const text = this.#statements.find.get(key)?.row as string | undefined
    return text === undefined ? undefined : { row: JSON.parse(text) as Row, text }
  }

  #seqOf(key: string): number | undefined {
    this.write()
    return this.#statements.seqOf.get(key)?.seq as number | undefined
  }

  *#read(page: StatementSync, from: number | undefined): Generator<Readonly<Row>> {
    this.write()
    let seq = from
    while (seq !== undefined) {
      const stored = page.all(seq) as Stored[]
      for (const { row } of stored) yield JSON.parse(row) as Row
      seq = stored.length < pageSize ? undefined : stored.at(-1)?.seq
    }
  }
}
