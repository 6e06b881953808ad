import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { lastLogLines, openLog } from './log-file.ts'
import { type OwnedProcess, startOwnedProcess } from './owned-process.ts'
import { freePort } from './ports.ts'
import { ensureRedisBinary } from './redis-binary.ts'
import { redisCommand } from './redis-command.ts'
import { SetupError } from './setup-error.ts'
import { fitsSocket } from './unix-socket.ts'
import { waitFor } from './wait-for.ts'

export interface RedisOptions {
  /** The folder of its data and log. */
  readonly dir: string
  /** A port to insist on; a free one when left out. */
  readonly port?: number
  /** `aof` keeps an append-only file that is synced every second; `none` forgets everything. */
  readonly persistence: 'aof' | 'none'
  /** Delete the folder when stopped, or when this process dies. */
  readonly temporary?: boolean
  readonly logFile?: string
  readonly say?: (line: string) => void
}

export interface Redis {
  readonly url: string
  /** The same by a socket in its folder, which takes less work than TCP; `url` where the folder's path is too long for one. */
  readonly socketUrl: string
  readonly port: number
  /** The server's process id, or undefined while it does not run. */
  readonly pid: number | undefined
  /** Resolves when the server that runs now ends, for whatever reason. */
  readonly exited: Promise<unknown>
  /** Starts it again on the same port, with what it had persisted, after stop() or kill(). */
  start(): Promise<void>
  stop(graceMs?: number): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
  /** Erases everything in it. */
  flushAll(): Promise<void>
}

/**
 * Runs a real Redis (or Valkey, KeyDB) that listens on 127.0.0.1 and on a socket in its folder only, never evicts, and ends with this
 * process. Everybody on this machine reaches 127.0.0.1, so it asks for a password, a new one with each start of ours.
 */
export async function startRedis(options: RedisOptions): Promise<Redis> {
  const binary = ensureRedisBinary(options.say ?? (() => {}))
  const dir = path.resolve(options.dir)
  mkdirSync(path.dirname(dir), { recursive: true, mode: 0o711 })
  mkdirSync(dir, { recursive: true, mode: 0o700 })

  const password = randomBytes(24).toString('base64url')
  let port = options.port ?? (await freePort())
  let running = await launch(binary, dir, { port, password }, options).catch(async (error: unknown) => {
    // Between our look at a free port and Redis' bind another process may have taken it.
    if (options.port !== undefined || !(error instanceof PortTakenError)) throw error
    port = await freePort()
    return await launch(binary, dir, { port, password }, options)
  })
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    get socketUrl() {
      const socket = socketIn(dir)
      return socket ? `unix://${encodeURI(socket)}?password=${password}` : `redis://:${password}@127.0.0.1:${port}`
    },
    port,
    get pid() {
      return running.running() ? running.pid : undefined
    },
    get exited() {
      return running.exited
    },
    start: async () => {
      if (!running.running()) running = await launch(binary, dir, { port, password }, options)
    },
    stop: async (graceMs = 5_000) => {
      await running.stop({ graceMs })
      if (options.temporary) rmSync(dir, { recursive: true, force: true })
    },
    kill: async () => {
      await running.stop({ signals: ['SIGKILL'] })
    },
    flushAll: async () => {
      const reply = await redisCommand({ port, password }, 'FLUSHALL')
      if (reply !== '+OK') throw new Error(`FLUSHALL was answered with ${reply ?? 'nothing'}`)
    },
  }
}

/** Only who may read the folder finds the socket. */
function socketIn(dir: string): string | undefined {
  const file = path.join(dir, 'redis.sock')
  return fitsSocket(file) ? file : undefined
}

class PortTakenError extends SetupError {}

async function launch(
  binary: string,
  dir: string,
  { port, password }: { port: number; password: string },
  options: RedisOptions,
): Promise<OwnedProcess> {
  // In a file and not among the arguments, which every user of the machine can list.
  const config = path.join(dir, 'redis.conf')
  writeFileSync(config, `requirepass ${password}\n`, { mode: 0o600 })
  const logFile = options.logFile ?? path.join(dir, 'redis.log')
  const log = openLog(logFile)
  const logged = statSync(logFile).size
  const socket = socketIn(dir)
  const owned = await startOwnedProcess({
    name: 'Redis',
    command: binary,
    args: [
      config,
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--daemonize', 'no', '--save', ''],
      ...['--appendonly', options.persistence === 'aof' ? 'yes' : 'no', '--appendfsync', 'everysec'],
      ...['--maxmemory-policy', 'noeviction'],
      ...(socket ? ['--unixsocket', socket, '--unixsocketperm', '700'] : []),
    ],
    cwd: dir,
    stdout: log,
    stderr: log,
    record: path.join(dir, 'process.json'),
    ...(options.temporary ? { removeWhenOrphaned: dir } : {}),
  }).finally(() => closeSync(log))

  // Redis answers -LOADING while it reads its append-only file. Its own end is watched too: on a taken port the PING
  // may be answered by whoever holds it.
  const ready = async () =>
    owned.running() ? (await redisCommand({ port, password }, 'PING')) === '+PONG' && 'yes' : 'ended'
  const answered = await waitFor('The start of Redis', ready, { timeoutMs: 60_000, everyMs: 20 }).catch(
    async (error: unknown) => {
      await owned.stop()
      throw error
    },
  )
  if (answered === 'yes' && owned.running()) return owned
  const reason = lastLogLines(logFile, 8, logged).join('\n')
  if (/Address already in use|Failed listening/.test(reason)) {
    throw new PortTakenError(`Port ${port} for Redis is taken: stop what listens there, or set REDIS_PORT.`)
  }
  throw new SetupError(`Redis did not start. The end of its log says:\n${reason || '(nothing)'}`)
}
