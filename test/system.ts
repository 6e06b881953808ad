import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startSandbox } from '../sandbox/server.ts'
import { createApi } from '../src/api/app.ts'
import { createApiParts } from '../src/api/connect-api.ts'
import { startServer } from '../src/api/server.ts'
import { bootstrap } from '../src/boot/bootstrap.ts'
import { freePort } from '../src/boot/services/ports.ts'
import { type Config, readConfig } from '../src/platform/config.ts'
import { providerEntries } from '../src/providers/registry.ts'
import { allWorkers } from '../workers/all.ts'
import { createWorkerParts } from '../workers/connect-worker.ts'
import { startProxy } from './proxy.ts'
import { freshDatabase, freshRedis } from './services.ts'

export const secretKey = 'sk_test_system'
export const publishableKey = 'pk_test_system'
export const stripeWebhookSecret = 'whsec_system'

export type SystemOptions = {
  /** Overrides of the environment, such as shorter leases. */
  env?: Record<string, string>
  /** False leaves the workers out; `startWorkers()` brings them later. */
  workers?: boolean
}

export type System = Awaited<ReturnType<typeof startSystem>>

/**
 * The whole product as its users meet it: API, workers, Postgres, Redis and the sandbox on ports of their own, everything real.
 * Close it in `afterAll`; nothing of it outlives the test file.
 */
export async function startSystem(options: SystemOptions = {}) {
  const [database, redis] = await Promise.all([freshDatabase(), freshRedis()])
  const [postgresProxy, redisProxy] = await Promise.all([startProxy(database.url), startProxy(redis.url)])
  const sandbox = await startSandbox({
    secrets: {
      stripe: stripeWebhookSecret,
      easypost: 'easypost_system',
      printful: '7072696e7466756c',
    },
  })
  const port = await freePort()
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'ordermill-test-data-'))
  const env = {
    NODE_ENV: 'test',
    DATA_DIR: dataDir,
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    DATABASE_URL: postgresProxy.url,
    REDIS_URL: redisProxy.url,
    BOOTSTRAP_SECRET_KEY: secretKey,
    BOOTSTRAP_PUBLISHABLE_KEY: publishableKey,
    BOOTSTRAP_ADMIN_EMAIL: 'admin@example.com',
    BOOTSTRAP_ADMIN_PASSWORD: 'correct horse battery',
    ...Object.fromEntries(
      providerEntries.flatMap((entry) => [
        ...Object.entries(entry.sandbox(sandbox.url)),
        [entry.webhookSecret, entry.sandboxSecret],
      ]),
    ),
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_WEBHOOK_SECRET: stripeWebhookSecret,
    STRIPE_API_BASE: sandbox.url,
    EASYPOST_API_KEY: 'EZTKsystem',
    EASYPOST_WEBHOOK_SECRET: 'easypost_system',
    EASYPOST_API_BASE: `${sandbox.url}/easypost/v2`,
    PRINTFUL_API_KEY: 'printful_system',
    PRINTFUL_WEBHOOK_SECRET: '7072696e7466756c',
    PRINTFUL_API_BASE: `${sandbox.url}/printful`,
    VIES_API_BASE: `${sandbox.url}/vies/rest-api`,
    HMRC_CLIENT_ID: 'hmrc_sandbox',
    HMRC_CLIENT_SECRET: 'hmrc_sandbox_secret',
    HMRC_API_BASE: `${sandbox.url}/hmrc`,
    PROVIDER_TIMEOUT_MS: '2000',
    PROVIDER_PAUSE_MS: '200',
    TASK_LEASE_SECONDS: '3',
    RATE_LIMITS:
      'carts:1000000/1m,quotes:1000000/1m,payments:1000000/1m,pays:1000000/1m,sources:1000000/1m,sourcesOfKey:1000000/1m',
    RELAY_INTERVAL_MS: '200',
    WORKER_LOCK_MS: '3000',
    RETRY_DELAY_FACTOR: '0.05',
    WORKER_CONCURRENCY: '8',
    ...options.env,
  }
  const config = readConfig(env, providerEntries)
  const api = await startApi(config)
  await fetch(`${sandbox.url}/sandbox/webhooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      target: api.url,
      retryDelaysMs: [50, 100, 200, 400, 800, 1000, 1000, 1000, 2000, 2000, 2000],
    }),
  })
  await bootstrap(api.parts.database, config)
  let workers = options.workers === false ? undefined : await startWorkers(config)

  return {
    config,
    /** The environment of this system, for processes of its own. */
    env,
    redis,
    /** Outages between the product and its servers. */
    postgresProxy,
    redisProxy,
    sandbox,
    url: api.url,
    /** The API's own parts, to look at its database. */
    database: api.parts.database,
    parts: api.parts,
    /** The API as it is served, to look at its routes. */
    app: api.app,
    async startWorkers() {
      workers ??= await startWorkers(config)
    },
    async stopWorkers() {
      await workers?.close()
      workers = undefined
    },
    async close() {
      await sandbox.close()
      await workers?.close()
      await api.close()
      await postgresProxy.close()
      await redisProxy.close()
      await redis.stop()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function startApi(config: Config) {
  const parts = await createApiParts(config)
  const app = createApi(parts)
  const server = await new Promise<ReturnType<typeof startServer>>((resolve) => {
    const listening = startServer(app, config, () => resolve(listening))
  })
  return {
    parts,
    app,
    url: config.publicUrl,
    async close() {
      await new Promise((resolve) => {
        server.close(resolve)
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
      await parts.close()
    },
  }
}

async function startWorkers(config: Config) {
  const parts = await createWorkerParts(config, 'workers')
  const running = [allWorkers(parts)].flat()
  return {
    async close() {
      await Promise.all(running.map((worker) => worker.close()))
      await parts.close()
    },
  }
}
