import type { StatementSync } from 'node:sqlite'
import type { Store } from './store.ts'
import type { Sequence, Table } from './table.ts'

const pageSize = 50
/** Greater than every sequence number. */
const end = Number.MAX_SAFE_INTEGER

type Linked = { seq: number; id: string }

/** A one-to-many relation: the ids that belong to a key, in the order they came. A key may have very many. */
export class Relation {
  readonly #store: Store
  readonly #statements: Record<'append' | 'remove' | 'all' | 'seqOf' | 'older' | 'newer', StatementSync>

  constructor(store: Store, name: string) {
    this.#store = store
    const table = `"${name}"`
    store.define(
      `CREATE TABLE IF NOT EXISTS ${table} (key TEXT, seq INTEGER, id TEXT NOT NULL, PRIMARY KEY (key, seq)) WITHOUT ROWID`,
    )
    this.#statements = {
      append: store.prepare(
        `INSERT INTO ${table} (key, seq, id) SELECT ?1, coalesce(max(seq), 0) + 1, ?2 FROM ${table} WHERE key = ?1`,
      ),
      remove: store.prepare(`DELETE FROM ${table} WHERE key = ? AND id = ?`),
      all: store.prepare(`SELECT id FROM ${table} WHERE key = ? ORDER BY seq`),
      seqOf: store.prepare(`SELECT seq FROM ${table} WHERE key = ? AND id = ?`),
      older: store.prepare(
        `SELECT seq, id FROM ${table} WHERE key = ? AND seq < ? ORDER BY seq DESC LIMIT ${pageSize}`,
      ),
      newer: store.prepare(`SELECT seq, id FROM ${table} WHERE key = ? AND seq > ? ORDER BY seq LIMIT ${pageSize}`),
    }
  }

  append(key: string, id: string): void {
    this.#store.begin()
    this.#statements.append.run(key, id)
  }

  remove(key: string, id: string): void {
    this.#store.begin()
    this.#statements.remove.run(key, id)
  }

  /** The ids of a key that has few, oldest first. */
  of(key: string): string[] {
    return (this.#statements.all.all(key) as Linked[]).map(({ id }) => id)
  }

  /** Whether an id belongs to a key. */
  has(key: string, id: string): boolean {
    return this.#seqOf(key, id) !== undefined
  }

  /** The newest id of a key. */
  newest(key: string): string | undefined {
    return this.#statements.older.get(key, end)?.id as string | undefined
  }

  /** The rows of a table that belong to a key by this relation. */
  rows<Row>(table: Table<Row>, key: string): Sequence<Row> {
    const { older, newer } = this.#statements
    return {
      newestFirst: (before) => this.#read(table, older, key, before === undefined ? end : this.#seqOf(key, before)),
      oldestFirst: (after) => this.#read(table, newer, key, after === undefined ? -1 : this.#seqOf(key, after)),
    }
  }

  #seqOf(key: string, id: string): number | undefined {
    return this.#statements.seqOf.get(key, id)?.seq as number | undefined
  }

  *#read<Row>(table: Table<Row>, page: StatementSync, key: string, from: number | undefined): Generator<Readonly<Row>> {
    let seq = from
    while (seq !== undefined) {
      const linked = page.all(key, seq) as Linked[]
      for (const { id } of linked) {
        const row = table.look(id)
        if (row !== undefined) yield row
      }
      seq = linked.length < pageSize ? undefined : linked.at(-1)?.seq
    }
  }
}
