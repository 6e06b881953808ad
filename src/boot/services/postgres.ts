import { closeSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { lastLogLines, openLog } from './log-file.ts'
import { type OwnedProcess, startOwnedProcess } from './owned-process.ts'
import { freePort } from './ports.ts'
import { type PostgresCluster, postgresEnv, prepareCluster } from './postgres-cluster.ts'
import { endLeftover } from './process-record.ts'
import { SetupError } from './setup-error.ts'
import { fitsSocket, forgetSockets } from './unix-socket.ts'
import { waitFor } from './wait-for.ts'

export interface PostgresOptions {
  /** The folder of this database: holds `data`, `password` and, unless `logFile` says otherwise, `postgres.log`. */
  readonly dataDir: string
  /** A port to insist on; a free one when left out. */
  readonly port?: number
  readonly user?: string
  /** The database that `url` names; created when it is missing. */
  readonly database?: string
  /** False trades safety for speed (no fsync): for tests only. */
  readonly durable?: boolean
  /** Delete everything when stopped, or when this process dies. */
  readonly temporary?: boolean
  readonly logFile?: string
  /** The folder with the programs of another Postgres than the one that npm installed. */
  readonly programs?: string | undefined
  readonly settings?: Readonly<Record<string, string>>
  /** Told, one line each, what a person should know: where the database went and why. */
  readonly say?: (line: string) => void
}

export interface Postgres {
  /** Connection string of the superuser for the application's database. */
  readonly url: string
  /** The same by a socket in the database's folder, which takes less work than TCP; `url` where the folder's path is too long for one. */
  readonly socketUrl: string
  readonly port: number
  /** The postmaster's process id, or undefined while it does not run. */
  readonly pid: number | undefined
  /** Resolves when the server that runs now ends, for whatever reason. */
  readonly exited: Promise<unknown>
  /** Starts it again on the same port after stop() or kill(). */
  start(): Promise<void>
  /** Fast shutdown: clients are disconnected, everything committed is on disk. */
  stop(graceMs?: number): Promise<void>
  /** `immediate` and `kill` are crashes: the next start recovers from the write-ahead log. */
  restart(mode: 'fast' | 'immediate' | 'kill'): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
}

/** Runs a real Postgres server that listens on 127.0.0.1 and on a socket in its folder only, and ends with this process. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  try {
    return await serve(options)
  } catch (error) {
    if (options.temporary) rmSync(options.dataDir, { recursive: true, force: true })
    throw error
  }
}

async function serve(options: PostgresOptions): Promise<Postgres> {
  const user = options.user ?? 'ordermill'
  const database = options.database ?? 'ordermill'
  const durable = options.durable ?? true
  const record = path.join(path.resolve(options.dataDir), 'process.json')
  await endLeftover(record, 'Postgres', 'SIGINT')
  const cluster = await prepareCluster({
    dataDir: options.dataDir,
    user,
    durable,
    programs: options.programs,
    say: options.say ?? (() => {}),
  })
  const server: Server = { cluster, record, options, user, durable }

  let port = options.port ?? (await freePort())
  let running = await launch(server, port).catch(async (error: unknown) => {
    // Between our look at a free port and Postgres' bind another process may have taken it.
    if (options.port !== undefined || !(error instanceof PortTakenError)) throw error
    port = await freePort()
    return await launch(server, port)
  })
  const urlOf = (name: string) => `postgres://${user}:${cluster.password}@127.0.0.1:${port}/${name}`
  await createDatabase(urlOf('postgres'), database).catch(async (error: unknown) => {
    await running.stop({ signals: ['SIGINT'] })
    throw error
  })

  const start = async () => {
    if (!running.running()) running = await launch(server, port)
  }
  const end = async (signals: readonly NodeJS.Signals[], graceMs: number) => {
    await running.stop({ signals, graceMs })
  }
  const removeIfTemporary = () => {
    if (!options.temporary) return
    rmSync(cluster.folder, { recursive: true, force: true })
    rmSync(options.dataDir, { recursive: true, force: true })
  }
  const socket = socketFolder(cluster)
  return {
    url: urlOf(database),
    get socketUrl() {
      return socket ? `${urlOf(database)}?host=${encodeURIComponent(socket)}` : urlOf(database)
    },
    port,
    get pid() {
      return running.running() ? running.pid : undefined
    },
    get exited() {
      return running.exited
    },
    start,
    stop: async (graceMs = 10_000) => {
      await end(['SIGINT', 'SIGQUIT'], graceMs)
      removeIfTemporary()
    },
    restart: async (mode) => {
      await end([mode === 'fast' ? 'SIGINT' : mode === 'immediate' ? 'SIGQUIT' : 'SIGKILL'], 10_000)
      await start()
    },
    kill: async () => end(['SIGKILL'], 10_000),
  }
}

interface Server {
  readonly cluster: PostgresCluster
  readonly record: string
  readonly options: PostgresOptions
  readonly user: string
  readonly durable: boolean
}

/** Only who may read the database's folder finds the socket. Postgres takes a list there, hence no comma. */
const socketFolder = ({ folder }: PostgresCluster): string | undefined =>
  fitsSocket(path.join(folder, '.s.PGSQL.65535.lock')) && !/[,"]/.test(folder) ? folder : undefined

class PortTakenError extends SetupError {}

async function launch(server: Server, port: number): Promise<OwnedProcess> {
  const deadline = performance.now() + 20_000
  for (;;) {
    const result = await launchOnce(server, port)
    if (!Array.isArray(result)) return result
    const reason = result.join('\n')
    if (/Address already in use|could not bind/.test(reason)) {
      throw new PortTakenError(`Port ${port} for Postgres is taken: stop what listens there, or set POSTGRES_PORT.`)
    }
    // After a SIGKILL of the postmaster its backends need a moment to notice and let go of the shared memory.
    const stillHeld = /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(reason)
    if (!stillHeld || performance.now() > deadline) {
      throw new SetupError(`Postgres did not start. The end of its log says:\n${reason || '(nothing)'}`)
    }
    await delay(100)
  }
}

/** One attempt: the running server once it answers, or the last lines of its log when it ended instead. */
async function launchOnce(server: Server, port: number): Promise<OwnedProcess | string[]> {
  const { cluster, options } = server
  const logFile = options.logFile ?? path.join(path.resolve(options.dataDir), 'postgres.log')
  const log = openLog(logFile)
  const logged = statSync(logFile).size
  forgetSockets(cluster.folder, /^\.s\.PGSQL\.\d+/)
  const owned = await startOwnedProcess({
    name: 'Postgres',
    command: cluster.binaries.postgres,
    args: ['-D', cluster.data, ...settingsOf(server, port)],
    cwd: cluster.folder,
    env: postgresEnv(),
    stdout: log,
    stderr: log,
    stopSignal: 'SIGINT',
    record: server.record,
    ...cluster.account,
    ...(options.temporary ? { removeWhenOrphaned: cluster.folder } : {}),
  }).finally(() => closeSync(log))
  const url = `postgres://${server.user}:${cluster.password}@127.0.0.1:${port}/postgres`
  const answered = await waitFor(
    'The start of Postgres',
    async () => (owned.running() ? await answers(url) : 'ended'),
    {
      timeoutMs: 60_000,
    },
  ).catch(async (error: unknown) => {
    await owned.stop({ signals: ['SIGQUIT'] })
    throw error
  })
  return answered === 'ended' ? lastLogLines(logFile, 12, logged) : owned
}

function settingsOf({ cluster, options, durable }: Server, port: number): string[] {
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder(cluster) ?? '',
    max_connections: '200',
    logging_collector: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    // A failed statement, its error and the row it failed at hold what somebody has typed; the application notes which one it was.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...options.settings,
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function answers(url: string): Promise<'yes' | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return 'yes'
  } catch {
    return undefined
  } finally {
    // Not awaited: the end of a connection that the server has closed already may never resolve.
    client.end().catch(() => {})
  }
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl })
  await client.connect()
  try {
    // Raw: a database is made before anything is in it.
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}
