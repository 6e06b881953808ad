import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { type NodeProcess, startNodeProcess } from '../src/boot/services/node-process.ts'
import { freePort } from '../src/boot/services/ports.ts'
import { type Postgres, startPostgres } from '../src/boot/services/postgres.ts'
import { type Redis, startRedis } from '../src/boot/services/redis.ts'
import { waitFor } from '../src/boot/services/wait-for.ts'
import { printfulEventTypes } from '../src/carriers/printful-events.ts'
import { providerEntries } from '../src/providers/registry.ts'
import { stripeEventTypes } from '../src/providers/stripe/stripe-events.ts'
import { type HttpClient, httpClient } from './http-client.ts'

const root = path.resolve(import.meta.dirname, '..')

export const keys = {
  secret: 'sk_test_bench',
  publishable: 'pk_test_bench',
  stripeWebhook: 'whsec_bench',
  easypostWebhook: 'easypost_bench',
  printfulWebhook: '7072696e7466756c62656e6368',
  bonumChecksum: 'bonum_sandbox',
} as const

export type StageOptions = {
  /** Added to the environment of API and workers. */
  env?: Readonly<Record<string, string>>
  postgres?: Readonly<Record<string, string>>
  /** Added to the environment of API and workers, and of nothing else: a profile of them is written here. */
  profileDir?: string | undefined
  /** Stripe and Printful send every type of event, and not only those that the runbook says to enable. */
  allEvents?: boolean
}

/** A program of the application that can be started again under the same name and environment. */
export type Program = { name: string; start(): Promise<NodeProcess> }

export type Stage = Awaited<ReturnType<typeof openStage>>

/**
 * The servers on which the application stands, each a process of its own on a free loopback port, Postgres and Redis asked by
 * sockets: Postgres with fsync, Redis with an append-only file, the sandbox that plays the providers; the database is migrated.
 * API and workers are the caller's to start. `close` stops what was started, in the reverse order, and `remove` deletes its folder.
 */
export async function openStage(options: StageOptions = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ordermill-bench-'))
  // The unprivileged user that runs Postgres has to pass through.
  chmodSync(folder, 0o711)
  const started: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const stop of started.splice(0).reverse()) await stop()
  }
  try {
    return await start(folder, started, close, options)
  } catch (error) {
    await close()
    throw error
  }
}

async function start(
  folder: string,
  started: (() => Promise<unknown>)[],
  close: () => Promise<void>,
  { env = {}, postgres: settings = {}, profileDir, allEvents = false }: StageOptions,
) {
  const postgres = await startPostgres({
    dataDir: path.join(folder, 'postgres'),
    // The application's name in each line lets statements be counted per process.
    settings: { log_line_prefix: '%m [%p] %a ', ...settings },
  })
  started.push(() => postgres.stop())
  const redis = await startRedis({ dir: path.join(folder, 'redis'), persistence: 'aof' })
  started.push(() => redis.stop())
  const [apiPort, sandboxPort] = [await freePort(), await freePort()]
  const urls = { api: `http://127.0.0.1:${apiPort}`, sandbox: `http://127.0.0.1:${sandboxPort}` }
  const settingsOfAll = environment(postgres, redis, urls, apiPort, env)

  const program = (name: string, entry: string, env: NodeJS.ProcessEnv): Program => ({
    name,
    start: async () => {
      const running = await startNodeProcess({ name, entry, root, env, dataDir: folder, print: () => {} })
      started.push(() => running.stop({ graceMs: 15_000 }))
      return running
    },
  })
  const profiled = profileDir ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${path.resolve(profileDir)}` } : {}
  const application = (name: string, entry: string) => program(name, entry, { ...settingsOfAll, ...profiled })

  const migration = await program('migrate', 'src/boot/migrate.ts', settingsOfAll).start()
  const { code } = await migration.exited
  if (code !== 0) throw new Error(`the migration failed:\n${migration.lastLines().join('\n')}`)
  const sandbox = await program('sandbox', 'sandbox/main.ts', {
    PATH: process.env.PATH,
    SANDBOX_PORT: String(sandboxPort),
    SANDBOX_WEBHOOK_TARGET: urls.api,
    SANDBOX_DATA_FILE: path.join(folder, 'sandbox.db'),
    ...(allEvents
      ? {}
      : {
          SANDBOX_STRIPE_EVENTS: stripeEventTypes.join(','),
          SANDBOX_PRINTFUL_EVENTS: printfulEventTypes.join(','),
        }),
    STRIPE_WEBHOOK_SECRET: keys.stripeWebhook,
    EASYPOST_WEBHOOK_SECRET: keys.easypostWebhook,
    PRINTFUL_WEBHOOK_SECRET: keys.printfulWebhook,
  }).start()

  const clients = { api: httpClient(urls.api), sandbox: httpClient(urls.sandbox) }
  await answers(clients.sandbox, '/healthz', sandbox)
  const sql = new pg.Pool({ connectionString: postgres.url, max: 2, application_name: 'bench' })
  // A restart of Postgres ends idle connections; the next query opens a new one.
  sql.on('error', () => {})
  started.push(async () => {
    clients.api.close()
    clients.sandbox.close()
    await sql.end()
  })

  return {
    folder,
    postgres,
    redis,
    sandbox,
    urls,
    http: clients,
    sql,
    env: settingsOfAll,
    program,
    application,
    ready: (api: NodeProcess) => answers(clients.api, '/readyz', api),
    close,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The files in `workers/` that are a process of their own, `all.ts` excepted. */
export function workerFiles(): string[] {
  const folder = path.join(root, 'workers')
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'all.ts')
    .filter((file) => readFileSync(path.join(folder, file), 'utf8').includes('import.meta.main'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
}

async function answers(client: HttpClient, url: string, running: NodeProcess): Promise<void> {
  const probe = async () => {
    if (!running.running()) throw new Error(`a process ended at its start:\n${running.lastLines().join('\n')}`)
    const answer = await client.call('GET', url).catch(() => undefined)
    return answer !== undefined && answer.status < 500
  }
  await waitFor(`An answer of ${client.base}${url}`, probe, { timeoutMs: 45_000 })
}

function environment(
  postgres: Postgres,
  redis: Redis,
  urls: { api: string; sandbox: string },
  port: number,
  more: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: urls.api,
    DATABASE_URL: postgres.socketUrl,
    REDIS_URL: redis.socketUrl,
    // Every buyer of the bench calls from this machine.
    RATE_LIMITS: 'carts:100000000/1m,quotes:100000000/1m,payments:100000000/1m,pays:100000000/1m,sources:100000000/1m',
    BOOTSTRAP_SECRET_KEY: keys.secret,
    BOOTSTRAP_PUBLISHABLE_KEY: keys.publishable,
    SANDBOX_URL: urls.sandbox,
    ...Object.fromEntries(
      providerEntries.flatMap((entry) => [
        ...Object.entries(entry.sandbox(urls.sandbox)),
        [entry.webhookSecret, entry.sandboxSecret],
      ]),
    ),
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_WEBHOOK_SECRET: keys.stripeWebhook,
    STRIPE_API_BASE: urls.sandbox,
    EASYPOST_API_KEY: 'EZTKbench',
    EASYPOST_WEBHOOK_SECRET: keys.easypostWebhook,
    EASYPOST_API_BASE: `${urls.sandbox}/easypost/v2`,
    PRINTFUL_API_KEY: 'printful_bench',
    PRINTFUL_WEBHOOK_SECRET: keys.printfulWebhook,
    PRINTFUL_API_BASE: `${urls.sandbox}/printful`,
    ...more,
  }
}
