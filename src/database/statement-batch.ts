import { randomUUID } from 'node:crypto'
import type { ClientBase, Connection, Submittable } from 'pg'
import { prepareValue } from 'pg/lib/utils.js'

/** What one connection knows about a statement's text: its name there, and how to read its rows once they were described. */
type Prepared = { name: string; columns: Column[] | undefined }
type Column = { name: string; read: (text: string) => unknown }
export type Statement = { text: string; params: readonly unknown[] }

/** The statements that one connection has prepared, by their text. */
export type PreparedStatements = Map<string, Prepared>

export type BatchResult<Row> = {
  /** The rows of each statement. */
  rows: Row[][]
  /** The command tag of the last statement: a COMMIT after a failure answers ROLLBACK. */
  command: string
}

/**
 * Statements that travel to Postgres together and are answered together: the first that fails keeps the rest from being executed.
 * Each is parsed and described once per connection, where the driver's own query asks for a description every time.
 */
export function runBatch<Row>(
  client: ClientBase,
  prepared: PreparedStatements,
  statements: readonly Statement[],
): Promise<BatchResult<Row>> {
  return new Promise((resolve, reject) => {
    client.query(new Batch<Row>(client, prepared, statements, resolve, reject))
  })
}

/** Speaks the extended query protocol through the driver's connection; the driver calls the handlers. */
class Batch<Row> implements Submittable {
  private readonly rows: Row[][]
  private readonly client: ClientBase
  private readonly prepared: PreparedStatements
  private readonly statements: readonly Statement[]
  private readonly resolve: (result: BatchResult<Row>) => void
  private readonly reject: (error: unknown) => void
  private done = 0
  private command = ''

  constructor(
    client: ClientBase,
    prepared: PreparedStatements,
    statements: readonly Statement[],
    resolve: (result: BatchResult<Row>) => void,
    reject: (error: unknown) => void,
  ) {
    this.client = client
    this.prepared = prepared
    this.statements = statements
    this.rows = statements.map(() => [])
    this.resolve = resolve
    this.reject = reject
  }

  submit(connection: Connection): void {
    connection.stream.cork()
    try {
      for (const { text, params } of this.statements) this.send(connection, text, params.map(prepareValue))
    } finally {
      connection.sync()
      connection.stream.uncork()
    }
  }

  private send(connection: Connection, text: string, values: (string | Buffer | null)[]): void {
    let known = this.prepared.get(text)
    if (!known) {
      // A name of its own for each attempt: one that failed may have left its name taken. The verb is for whoever reads a log.
      known = { name: `${/\w+/.exec(text)?.[0]}-${randomUUID()}`, columns: undefined }
      this.prepared.set(text, known)
      connection.parse({ name: known.name, text, types: [] }, true)
    }
    connection.bind({ statement: known.name, values }, true)
    if (!known.columns) connection.describe({ type: 'P' }, true)
    connection.execute({}, true)
  }

  private get current(): Prepared | undefined {
    return this.prepared.get(this.statements[this.done]?.text ?? '')
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    const { current, client } = this
    if (!current) return
    current.columns = fields.map(({ name, dataTypeID }) => ({ name, read: client.getTypeParser(dataTypeID, 'text') }))
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const row: Record<string, unknown> = {}
    this.current?.columns?.forEach(({ name, read }, index) => {
      const text = fields[index] ?? null
      row[name] = text === null ? null : read(text)
    })
    this.rows[this.done]?.push(row as Row)
  }

  handleCommandComplete({ text }: { text: string }): void {
    const { current } = this
    if (current) current.columns ??= []
    this.command = text
    this.done += 1
  }

  handleReadyForQuery(): void {
    this.resolve({ rows: this.rows, command: this.command })
  }

  handleError(error: unknown): void {
    // What was not carried out was perhaps not prepared either.
    for (const { text } of this.statements.slice(this.done)) {
      if (!this.prepared.get(text)?.columns) this.prepared.delete(text)
    }
    this.reject(error)
  }
}
