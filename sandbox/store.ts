import { chmodSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { Relation } from './relation.ts'
import { Table, type TableOptions } from './table.ts'

/** A table as the store sees it at the end of a turn. */
export type Touched = { write(): void; release(): void; forget(): void }

/** How long what nobody waits for may wait for a transaction of somebody else's. */
const idleMs = 20

/**
 * Everything the sandbox knows, in one SQLite database: tables of JSON rows, and relations between their ids.
 *
 * What one turn of the event loop read and changed is one unit of work. It is written in one transaction when the turn
 * ends, and `written` tells when: no answer and no webhook leaves before. All requests of a turn share that transaction.
 */
export class Store {
  readonly #database: DatabaseSync
  readonly #tables = new Map<string, Touched>()
  readonly #relations = new Map<string, Relation>()
  readonly #touched = new Set<Touched>()
  #turn: Promise<void> | undefined
  #idle: NodeJS.Timeout | undefined
  #inTransaction = false

  /** Opens the database of that file, or one in memory that ends with the store. */
  constructor(file = ':memory:') {
    // A second sandbox on the same file waits for the first to end, and then gives up.
    this.#database = new DatabaseSync(file, { timeout: 5_000 })
    // One process owns the file, so the log needs no index that others could see. A commit hands its pages to the
    // operating system, where they outlive a killed process; to outlive a power cut they would have to be synced,
    // which costs half as much again per order and stands still for as long as the disk takes.
    this.#database.exec('PRAGMA locking_mode = EXCLUSIVE')
    this.#database.exec('PRAGMA journal_mode = WAL')
    this.#database.exec('PRAGMA synchronous = OFF')
    this.#database.exec('PRAGMA cache_size = -16000')
    if (file !== ':memory:') chmodSync(file, 0o600)
  }

  /**
   * The table of that name; the caller names the row type, and one name always holds one type. Throws when options
   * come after somebody has the table already.
   */
  table<Row>(name: string, options?: TableOptions<Row>): Table<Row> {
    const known = this.#tables.get(name)
    if (known && options) throw new Error(`The table ${name} is in use without its options`)
    if (known) return known as Table<Row>
    const fresh = new Table<Row>(this, name, options ?? {})
    this.#tables.set(name, fresh)
    return fresh
  }

  /** The relation of that name: the ids that belong to a key. */
  relation(name: string): Relation {
    const known = this.#relations.get(name)
    if (known) return known
    const fresh = new Relation(this, name)
    this.#relations.set(name, fresh)
    return fresh
  }

  /** Creates what a part of the sandbox needs beside tables and relations. */
  define(sql: string): void {
    this.#database.exec(sql)
  }

  /** A statement, which must be preceded by `begin` at every run if it writes. */
  prepare(sql: string): StatementSync {
    return this.#database.prepare(sql)
  }

  /** Opens the transaction that ends with this turn. */
  begin(): void {
    if (this.#inTransaction) return
    this.#database.exec('BEGIN IMMEDIATE')
    this.#inTransaction = true
    this.#endTurn()
  }

  /** Says that rows of a table were handed out, which may change until the turn ends. */
  touch(table: Touched): void {
    this.#touched.add(table)
    this.#endTurn()
  }

  /** Says that a table has something to write that nobody waits for: it goes with the next transaction, or soon. */
  touchIdly(table: Touched): void {
    this.#touched.add(table)
    this.#idle ??= setTimeout(() => {
      this.#idle = undefined
      this.#endTurn()
    }, idleMs)
  }

  /** Resolves when everything that was done until now is in the database. Rejects when it could not be written. */
  written(): Promise<void> {
    return this.#turn ?? Promise.resolve()
  }

  /** Writes everything now. Throws when it cannot be written; nothing of it has happened then. */
  write(): void {
    const written = new Set<Touched>()
    try {
      // Writing one table may touch another, even one that was written before: the loop meets it again.
      for (const table of this.#touched) {
        this.#touched.delete(table)
        written.add(table)
        table.write()
      }
      if (this.#inTransaction) this.#database.exec('COMMIT')
      for (const table of written) table.release()
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      this.#forget()
      throw error
    } finally {
      this.#inTransaction = false
    }
  }

  /** Forgets every row. */
  clear(): void {
    this.#forget()
    this.begin()
    const names = this.#database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    for (const { name } of names) this.#database.exec(`DELETE FROM "${name}"`)
  }

  /** Writes what is left and closes the file. */
  close(): void {
    clearTimeout(this.#idle)
    this.write()
    this.#database.close()
  }

  #endTurn(): void {
    if (this.#turn) return
    this.#turn = new Promise<void>((resolve, reject) => {
      setImmediate(() => {
        this.#turn = undefined
        try {
          this.write()
          resolve()
        } catch (error) {
          reject(error)
        }
      })
    })
    // The answers that wait for it fail, too; work that nobody waits for would fail unheard.
    this.#turn.catch((error: unknown) => process.stderr.write(`sandbox: nothing was written: ${String(error)}\n`))
  }

  #forget(): void {
    for (const table of [...this.#touched, ...this.#tables.values()]) table.forget()
    this.#touched.clear()
  }
}
