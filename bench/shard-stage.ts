import path from 'node:path'
import pg from 'pg'
import type { NodeProcess } from '../src/boot/services/node-process.ts'
import { freePort } from '../src/boot/services/ports.ts'
import { type Postgres, startPostgres } from '../src/boot/services/postgres.ts'
import { waitFor } from '../src/boot/services/wait-for.ts'
import { httpClient } from './http-client.ts'
import { type Router, startRouter } from './shard-router.ts'
import { type ShopKeys, shop } from './shop.ts'
import { keys, openStage, type Program, type Stage } from './stage.ts'

/** Some merchants with a database server, an API and workers of their own; `stage` is the whole, asked for this shard's rows. */
export type Shard = {
  name: string
  stage: Stage
  merchants: readonly ShopKeys[]
  workers: { program: Program; running: NodeProcess }[]
}

export type ShardedStage = { stage: Stage; shards: readonly Shard[]; router: Router; close(): Promise<void> }

type Plan = { name: string; merchants: readonly ShopKeys[]; workers: number }

const keysOf = (name: string): ShopKeys => ({ secret: `sk_test_bench_${name}`, publishable: `pk_test_bench_${name}` })

const plans: readonly Plan[] = [
  { name: 'a', merchants: [keys, keysOf('a2')], workers: 2 },
  { name: 'b', merchants: [keysOf('b1'), keysOf('b2')], workers: 1 },
]

/**
 * Two shards behind a router that stands where the API of other stages does: a Postgres server, an API and a prefix in Redis for each, one
 * Redis and one sandbox, whose webhooks all come to the router. Every merchant has its goods.
 */
export async function openShardedStage(): Promise<ShardedStage> {
  const ends: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    const stage = await openStage()
    let second: Postgres | undefined
    // The programs end before their databases.
    ends.push(
      async () => stage.remove(),
      async () => second?.stop(),
      stage.close,
    )
    second = await startPostgres({ dataDir: path.join(stage.folder, 'postgres-b') })
    const databases = [stage.postgres, second]
    const started = []
    for (const [index, plan] of plans.entries()) {
      const { socketUrl, url } = databases[index] ?? second
      const sql = new pg.Pool({ connectionString: url, max: 4, application_name: 'bench' })
      sql.on('error', () => {})
      ends.push(() => sql.end())
      started.push(await startShard({ ...stage, sql }, plan, socketUrl))
    }
    const router = await startRouter(
      Number(new URL(stage.urls.api).port),
      started.map(({ api, shard }) => ({
        api,
        keys: shard.merchants.flatMap(({ secret, publishable }) => [secret, publishable]),
      })),
    )
    ends.push(router.close)
    for (const { shard } of started) for (const merchant of shard.merchants) await shop(stage, merchant).stock()
    return { stage, shards: started.map(({ shard }) => shard), router, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function startShard(stage: Stage, plan: Plan, databaseUrl: string): Promise<{ shard: Shard; api: string }> {
  const { name, merchants } = plan
  const port = await freePort()
  const env = { ...stage.env, DATABASE_URL: databaseUrl, QUEUE_PREFIX: `shard-${name}`, PORT: String(port) }
  for (const { secret, publishable } of merchants) {
    const first = { BOOTSTRAP_SECRET_KEY: secret, BOOTSTRAP_PUBLISHABLE_KEY: publishable }
    const migration = await stage.program(`migrate-${name}`, 'src/boot/migrate.ts', { ...env, ...first }).start()
    const { code } = await migration.exited
    if (code !== 0) throw new Error(`the migration failed:\n${migration.lastLines().join('\n')}`)
  }
  const api = `http://127.0.0.1:${port}`
  const running = await stage.program(`api-${name}`, 'src/main.ts', env).start()
  const workers = []
  for (let index = 1; index <= plan.workers; index += 1) {
    const program = stage.program(`workers-${name}${index}`, 'workers/all.ts', env)
    workers.push({ program, running: await program.start() })
  }
  await answers(api, running)
  return { shard: { name, stage, merchants, workers }, api }
}

async function answers(api: string, running: NodeProcess): Promise<void> {
  const client = httpClient(api)
  const probe = async () => {
    if (!running.running()) throw new Error(`an API ended at its start:\n${running.lastLines().join('\n')}`)
    return (await client.call('GET', '/readyz').catch(() => undefined))?.status === 200
  }
  await waitFor(`An answer of ${api}`, probe, { timeoutMs: 45_000 }).finally(() => client.close())
}
