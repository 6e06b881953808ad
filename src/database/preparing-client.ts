import { createHash } from 'node:crypto'
import pg from 'pg'
import { toDatabaseError } from '../platform/database-unavailable.ts'

const statementNames = new Map<string, string>()

/** A stable name per statement text: each connection parses and plans a hot statement once instead of every time. */
function statementName(text: string): string {
  let name = statementNames.get(text)
  if (!name) {
    name = createHash('sha1').update(text).digest('base64url')
    statementNames.set(text, name)
  }
  return name
}

/** A server that does not answer is unreachable; how long one waits for a free connection is the pool's to say. */
const connectTimeoutMs = 2_000

/** A copy that keeps what does not show, as a pool hides passwords. */
const withinTime = (config: pg.ClientConfig = {}): pg.ClientConfig =>
  Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(config),
      connectionTimeoutMillis: { value: connectTimeoutMs, enumerable: true },
    },
  )

const throwDatabaseError = (error: unknown): never => {
  throw toDatabaseError(error)
}

/** A connection on which a statement with values is prepared once, and whose failures are those of `database-unavailable.ts`. */
export class PreparingClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(withinTime(config))
    // Amounts and counts are below 2^53, so a bigint column reads as a number. (20 = int8, 1700 = numeric of sum().)
    this.setTypeParser(20, Number)
    this.setTypeParser(1700, Number)
  }

  // pg's own overloads cannot be satisfied by one implementation, hence the cast.
  override query = ((text: unknown, values?: unknown, ...rest: unknown[]) => {
    const parent = super.query as unknown as (...args: unknown[]) => unknown
    const asked =
      typeof text === 'string' && Array.isArray(values) && values.length > 0
        ? parent.call(this, { name: statementName(text), text, values }, ...rest)
        : parent.call(this, text, values, ...rest)
    return asked instanceof Promise ? asked.catch(throwDatabaseError) : asked
  }) as typeof pg.Client.prototype.query

  override connect = ((callback?: (error: unknown, ...rest: unknown[]) => void) => {
    const parent = super.connect as unknown as (...args: unknown[]) => unknown
    if (!callback) return (parent.call(this) as Promise<unknown>).catch(throwDatabaseError)
    return parent.call(this, (error: unknown, ...rest: unknown[]) => callback(toDatabaseError(error), ...rest))
  }) as typeof pg.Client.prototype.connect
}
