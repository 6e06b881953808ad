/**
 * Postgres cannot be reached or is restarting: nothing was decided, the same call may be repeated. Made where the connection is, because
 * the errors of a socket look the same whoever is at its other end.
 */
export class DatabaseUnavailable extends Error {
  readonly code = unavailable

  constructor(cause: unknown) {
    super('the database is unavailable', { cause })
  }
}

const unavailable = 'DATABASE_UNAVAILABLE'

/** What a connection to Postgres rejected with, told apart: an end of the connection, or an answer. */
export const toDatabaseError = (error: unknown): unknown =>
  error instanceof DatabaseUnavailable || !isConnectionLost(error) ? error : new DatabaseUnavailable(error)

function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  // 08* connection errors, 57P0* shutdown and start-up, 53300 too many connections.
  if (/^(08...|57P0[1-5]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ENOTFOUND|ETIMEDOUT)$/.test(code)) return true
  if (error instanceof AggregateError && error.errors.some(isConnectionLost)) return true
  return /Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error/i.test(
    error.message,
  )
}

/** True for an error of the database layer that says so, also where the ORM has copied it into one of its own. */
export function isDatabaseDown(error: unknown): boolean {
  const seen = new Set<unknown>()
  for (let e = error; e instanceof Error && !seen.has(e); e = e.cause) {
    seen.add(e)
    if ('code' in e && e.code === unavailable) return true
  }
  return false
}
