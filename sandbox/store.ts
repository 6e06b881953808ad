import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

type Snapshot = { version: 1; tables: Record<string, [string, unknown][]> }

/** How much longer than one save the sandbox must leave the event loop alone before the next one. */
const restPerSave = 20

/**
 * Everything the sandbox knows: named tables of plain JSON values. One place for it makes the snapshot trivial,
 * and a table handed out once stays the same Map through `clear` and `load`.
 */
export class Store {
  readonly #tables = new Map<string, Map<string, unknown>>()
  readonly #file: string | undefined
  #timer: NodeJS.Timeout | undefined
  #lastSaveMs = 0

  constructor(file?: string) {
    this.#file = file
    if (!file || !existsSync(file)) return
    const snapshot = JSON.parse(readFileSync(file, 'utf8')) as Snapshot
    for (const [name, rows] of Object.entries(snapshot.tables)) this.#tables.set(name, new Map(rows))
  }

  /** The table of that name; the caller names the row type, and one name always holds one type. */
  table<Row>(name: string): Map<string, Row> {
    const known = this.#tables.get(name)
    if (known) return known as Map<string, Row>
    const fresh = new Map<string, Row>()
    this.#tables.set(name, fresh as Map<string, unknown>)
    return fresh
  }

  /** Says that something changed: a snapshot follows within a second, later when the last one was expensive. */
  touch(): void {
    if (!this.#file || this.#timer) return
    this.#timer = setTimeout(() => this.save(), Math.max(1_000, this.#lastSaveMs * restPerSave))
    this.#timer.unref()
  }

  /** Writes the snapshot now. The rename makes it whole or absent, never half. */
  save(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (!this.#file) return
    const startedAt = performance.now()
    const tables = Object.fromEntries([...this.#tables].map(([name, rows]) => [name, [...rows]]))
    writeFileSync(`${this.#file}.tmp`, JSON.stringify({ version: 1, tables } satisfies Snapshot), { mode: 0o600 })
    renameSync(`${this.#file}.tmp`, this.#file)
    this.#lastSaveMs = performance.now() - startedAt
  }

  /** Forgets every row. */
  clear(): void {
    for (const rows of this.#tables.values()) rows.clear()
    this.touch()
  }
}

/** Appends to the list kept under a key: the index of a one-to-many relation. */
export function append(index: Map<string, string[]>, key: string, id: string): void {
  const list = index.get(key)
  if (list) list.push(id)
  else index.set(key, [id])
}
