import { Client } from 'pg'
import { canConnect } from './ports.ts'
import { SetupError } from './setup-error.ts'

/** Makes sure that the Postgres named by DATABASE_URL answers; throws a SetupError, without the password, if not. */
export async function checkDatabaseUrl(url: string): Promise<void> {
  if (!URL.canParse(url))
    throw new SetupError('DATABASE_URL is not a URL like postgres://user:password@host:5432/name.')
  const { hostname, port, pathname } = new URL(url)
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    const reason = error instanceof Error && error.message ? error.message : 'no answer'
    throw new SetupError(
      `The Postgres at ${hostname}:${port || 5432}${pathname} (DATABASE_URL) cannot be used: ${reason}. ` +
        'Leave DATABASE_URL out and Ordermill runs one of its own.',
    )
  } finally {
    // Not awaited: the end of a connection that the server has closed already may never resolve.
    client.end().catch(() => {})
  }
}

/** Makes sure that something listens where REDIS_URL points; the application checks version and policy at boot. */
export async function checkRedisUrl(url: string): Promise<void> {
  if (!URL.canParse(url)) throw new SetupError('REDIS_URL is not a URL like redis://127.0.0.1:6379.')
  const { protocol, hostname, port, pathname } = new URL(url)
  const address =
    protocol === 'unix:' ? { path: decodeURIComponent(pathname) } : { host: hostname, port: Number(port || 6379) }
  if (await canConnect(address)) return
  throw new SetupError(
    `Nothing answers at ${'path' in address ? address.path : `${address.host}:${address.port}`} (REDIS_URL): start that Redis, ` +
      'or leave REDIS_URL out and Ordermill runs one of its own.',
  )
}
