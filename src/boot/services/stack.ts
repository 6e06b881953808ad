import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { checkDatabaseUrl, checkRedisUrl } from './external-services.ts'
import { type NodeProcess, startNodeProcess } from './node-process.ts'
import { choosePort } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { endLeftover, removeProcessRecord, writeProcessRecord } from './process-record.ts'
import { startRedis } from './redis.ts'
import { ensureRedisBinary } from './redis-binary.ts'
import {
  chooseProviders,
  missingCompanions,
  sandboxEventTypes,
  sandboxSecrets,
  sandboxSettings,
} from './sandbox-providers.ts'
import { SetupError } from './setup-error.ts'
import type { Supervised, Supervisor } from './supervisor.ts'
import { waitFor } from './wait-for.ts'

/** The credentials of the demo merchant; the application refuses them in production. */
export const DEMO = {
  BOOTSTRAP_SECRET_KEY: 'sk_test_demo',
  BOOTSTRAP_PUBLISHABLE_KEY: 'pk_test_demo',
  BOOTSTRAP_ADMIN_EMAIL: 'admin@example.com',
  BOOTSTRAP_ADMIN_PASSWORD: 'ordermill-demo',
  BOOTSTRAP_SELLER_EMAIL: 'seller@example.com',
  BOOTSTRAP_SELLER_PASSWORD: 'ordermill-demo',
} as const

export interface StackOptions {
  /** The project's folder, which holds the programs. */
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  readonly supervisor: Supervisor
  readonly print: (line: string) => void
}

export interface Stack {
  readonly url: string
  readonly sandboxUrl: string | undefined
  readonly dataDir: string
  readonly env: NodeJS.ProcessEnv
}

/** Starts everything in order, each part when what it needs answers, and hands each process to the supervisor. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { root, print, supervisor } = options
  const dataDir = path.resolve(root, options.env.DATA_DIR || '.ordermill')
  await claim(dataDir, supervisor)
  const host = options.env.HOST || '127.0.0.1'
  const port = await choosePort(options.env, { name: 'PORT', preferred: 3000, host })
  const providers = chooseProviders(options.env)
  const sandboxPort = await choosePort(options.env, { name: 'SANDBOX_PORT', preferred: 4010 })
  const sandboxUrl = providers.sandboxed.length > 0 ? `http://127.0.0.1:${sandboxPort}` : undefined
  // Redis may have to be installed, or be missing: better known before anything runs.
  if (!options.env.REDIS_URL) ensureRedisBinary(print)
  const databaseStarted = database(options, dataDir)
  const [databaseUrl, redisUrl] = await Promise.all([databaseStarted, redis(options, dataDir, databaseStarted)])

  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'info',
    ...DEMO,
    PUBLIC_URL: `http://localhost:${port}`,
    // Nobody balances load over a machine of one's own.
    SHUTDOWN_DELAY_MS: '0',
    ...withoutEmpty(options.env),
    HOST: host,
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    ...(sandboxUrl ? { SANDBOX_URL: sandboxUrl, ...sandboxSettings(options.env, sandboxUrl) } : {}),
  }
  const place: Place = { root, print, supervisor, dataDir, env, loopback: `http://${addressOf(host)}:${port}` }
  const program = (name: string, entry: string): Program => ({ name, entry, root, dataDir, print, env })

  const migrated = runOnce(program('migrate', 'src/boot/migrate.ts'))
  await Promise.all([migrated, ...(sandboxUrl ? [startSandbox(place, sandboxUrl, sandboxPort)] : [])])
  print('Database migrated')
  const api = await keep(supervisor, 3_000, program('api', 'src/main.ts'))
  await keep(supervisor, 4_500, program('workers', 'workers/all.ts'))
  await healthy('api', `${place.loopback}/readyz`, supervisor, () => api().lastLines())
  print(`API and workers started${sandboxUrl ? `; the sandbox plays ${providers.sandboxed.join(', ')}` : ''}`)
  if (providers.real.length > 0) print(`Real provider keys are set and used: ${providers.real.join(', ')}`)
  for (const sentence of missingCompanions(options.env)) print(sentence)
  await runDemo(place)
  return { url: `http://localhost:${port}`, sandboxUrl, dataDir, env }
}

/** Where the programs of a stack run, and where its API is reached from here. */
type Place = StackOptions & { readonly dataDir: string; readonly loopback: string }

async function startSandbox(place: Place, sandboxUrl: string, sandboxPort: number): Promise<void> {
  const { root, print, supervisor, dataDir, env, loopback } = place
  // The outside world knows neither our database nor anybody's real keys.
  const settings = {
    PATH: env.PATH,
    HOME: env.HOME,
    SANDBOX_PORT: String(sandboxPort),
    SANDBOX_WEBHOOK_TARGET: loopback,
    SANDBOX_DATA_FILE: path.join(dataDir, 'sandbox.db'),
    ...sandboxEventTypes(),
    ...sandboxSecrets(),
  }
  const program = { name: 'sandbox', entry: 'sandbox/main.ts', root, dataDir, print, env: settings }
  const sandbox = await keep(supervisor, 1_000, program)
  await healthy('sandbox', `${sandboxUrl}/healthz`, supervisor, () => sandbox().lastLines())
}

async function runDemo({ root, print, supervisor, dataDir, env, loopback }: Place): Promise<void> {
  const marker = path.join(dataDir, 'initialized')
  if (existsSync(marker)) return
  const keys = {
    ORDERMILL_URL: loopback,
    ORDERMILL_SECRET_KEY: env.BOOTSTRAP_SECRET_KEY,
    ORDERMILL_PUBLISHABLE_KEY: env.BOOTSTRAP_PUBLISHABLE_KEY,
  }
  const demo = { name: 'demo', entry: 'src/demo.ts', root, dataDir, print, talkative: true, env: { ...env, ...keys } }
  try {
    await Promise.race([runOnce(demo), supervisor.failed])
    writeFileSync(marker, `${new Date().toISOString()}\n`)
  } catch (error) {
    // The demo proves nothing about the installation that the readiness check did not: it may fail, and is run again.
    print(
      `The demo orders did not go through; the next start tries again. ${error instanceof Error ? error.message : ''}`,
    )
  }
}

/** Makes the data folder ours until we end; a second start on it is refused. */
async function claim(dataDir: string, supervisor: Supervisor): Promise<void> {
  // Others may pass through but not look: the unprivileged user of Postgres has its folder in here.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const record = path.join(dataDir, 'run', 'start.json')
  await endLeftover(record, 'Ordermill')
  writeProcessRecord(record, process.pid)
  // What a killed predecessor left is ended before ports are chosen: it may still hold them.
  const programs = readdirSync(path.dirname(record)).filter((file) => file.endsWith('.json') && file !== 'start.json')
  await Promise.all([
    ...programs.map((file) => endLeftover(path.join(dataDir, 'run', file), path.basename(file, '.json'))),
    endLeftover(path.join(dataDir, 'redis', 'process.json'), 'Redis'),
    endLeftover(path.join(dataDir, 'postgres', 'process.json'), 'Postgres', 'SIGINT'),
  ])
  const release = async () => removeProcessRecord(record, process.pid)
  const never = new Promise<never>(() => {})
  supervisor.watch({
    name: 'The claim on the data folder',
    stopWithinMs: 0,
    exited: () => never,
    restart: release,
    stop: release,
    kill: release,
    lastLines: () => [],
  })
}

async function database({ env, print, supervisor }: StackOptions, dataDir: string): Promise<string> {
  if (env.DATABASE_URL) {
    await checkDatabaseUrl(env.DATABASE_URL)
    print('Using the Postgres of DATABASE_URL')
    return env.DATABASE_URL
  }
  const port = env.POSTGRES_PORT ? await choosePort(env, { name: 'POSTGRES_PORT' }) : undefined
  const server = await startPostgres({
    dataDir: path.join(dataDir, 'postgres'),
    logFile: path.join(dataDir, 'logs', 'postgres.log'),
    say: print,
    ...(port === undefined ? {} : { port }),
  })
  supervisor.watch(service('Postgres', server, 2_000))
  print(`Postgres started on port ${server.port}`)
  return server.socketUrl
}

async function redis(
  { env, print, supervisor }: StackOptions,
  dataDir: string,
  databaseStarted: Promise<unknown>,
): Promise<string> {
  if (env.REDIS_URL) {
    await checkRedisUrl(env.REDIS_URL)
    print('Using the Redis of REDIS_URL')
    return env.REDIS_URL
  }
  const port = env.REDIS_PORT ? await choosePort(env, { name: 'REDIS_PORT' }) : undefined
  const server = await startRedis({
    dir: path.join(dataDir, 'redis'),
    logFile: path.join(dataDir, 'logs', 'redis.log'),
    persistence: 'aof',
    say: print,
    ...(port === undefined ? {} : { port }),
  })
  // What is handed over last is stopped first: Redis before Postgres.
  await databaseStarted
  supervisor.watch(service('Redis', server, 1_500))
  print(`Redis started on port ${server.port}`)
  return server.socketUrl
}

interface Service {
  readonly exited: Promise<unknown>
  start(): Promise<void>
  stop(graceMs: number): Promise<void>
  kill(): Promise<void>
}

function service(name: string, server: Service, stopWithinMs: number): Supervised {
  return {
    name,
    stopWithinMs,
    exited: () => server.exited,
    restart: () => server.start(),
    stop: (graceMs) => server.stop(graceMs),
    kill: () => server.kill(),
    lastLines: () => [],
  }
}

type Program = Parameters<typeof startNodeProcess>[0]

/** Starts a program that the supervisor keeps alive; returns what gives the process that runs at the moment. */
async function keep(supervisor: Supervisor, stopWithinMs: number, program: Program): Promise<() => NodeProcess> {
  let current = await startNodeProcess(program)
  supervisor.watch({
    name: program.name,
    stopWithinMs,
    exited: () => current.exited,
    restart: async () => {
      current = await startNodeProcess(program)
    },
    stop: async (graceMs) => {
      await current.stop({ graceMs })
    },
    kill: async () => {
      await current.stop({ signals: ['SIGKILL'] })
    },
    lastLines: () => current.lastLines(),
  })
  return () => current
}

/** Runs a program to its end; throws a SetupError with its last lines when it does not end well. */
async function runOnce(program: Program): Promise<void> {
  const running = await startNodeProcess(program)
  const { code, signal } = await running.exited
  if (code === 0) return
  const said = program.talkative
    ? ''
    : ` The last it said:\n${running
        .lastLines()
        .map((line) => `  ${line}`)
        .join('\n')}`
  throw new SetupError(`${program.name} ended with ${signal ?? `exit code ${code}`}.${said}`)
}

async function healthy(
  name: string,
  url: string,
  supervisor: Supervisor,
  lastLines: () => readonly string[],
): Promise<void> {
  const probe = async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    await response?.body?.cancel()
    return response?.ok
  }
  const ready = waitFor(`${name} ready`, probe, { timeoutMs: 45_000, everyMs: 100 }).catch(() => {
    const said = lastLines().map((line) => `  ${line}`)
    throw new SetupError([`${name} does not answer at ${url}. The last it said:`, ...said].join('\n'))
  })
  await Promise.race([ready, supervisor.failed])
}

/** Where a server that listens on `host` is reached from this machine, in the form that a URL wants. */
function addressOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** An empty variable, as `.env` files have them, means the same as one that is absent. */
function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
}
