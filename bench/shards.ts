import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { whenParentEnds } from '../src/boot/services/parent-watch.ts'
import type { Acknowledged } from './books.ts'
import { compareBooks } from './compare-books.ts'
import { machineFacts } from './machine.ts'
import { loadOrders } from './order-load.ts'
import { readOurBooks, readProviderBooks } from './read-books.ts'
import { settled } from './settle.ts'
import { openShardedStage, type Shard, type ShardedStage } from './shard-stage.ts'
import { foreignRows } from './shards-apart.ts'
import { table } from './table.ts'

// `npm run bench:shards`: merchants split over two databases, each with an API and workers of its own, behind one address.

const usage = `npm run bench:shards -- [options]
  --orders N        orders of each of the four merchants, in each of the two rounds (default: 100)
  --concurrency N   orders of each merchant under way at once (default: 8)`

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '100' },
    concurrency: { type: 'string', default: '8' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const orders = Number(values.orders)
const settleMs = 120_000

let on: ShardedStage | undefined
let interrupted = false
const stop = () => {
  if (interrupted) process.exit(130)
  interrupted = true
  const close = on?.close() ?? Promise.resolve()
  close.finally(() => process.exit(130))
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
if (process.env.npm_lifecycle_event) whenParentEnds(stop)

type Placed = Map<Shard, string[]>
type Round = { name: string; placed: Placed; seconds: number }

/** Every order that a buyer was told of, those of the warm-up too. */
const told: Placed = new Map()

try {
  on = await openShardedStage()
  const problems = await run(on)
  process.exitCode = problems.length > 0 ? 1 : 0
} catch (error) {
  if (!interrupted) console.error(error)
  process.exitCode = 1
} finally {
  if (!interrupted) await on?.close()
}

async function run(on: ShardedStage): Promise<string[]> {
  for (const [name, value] of Object.entries(await machineFacts(on.stage))) console.log(`  ${name}: ${value}`)
  await round(on, 'warm-up')
  const rounds = [
    await round(on, 'nothing happens'),
    await round(on, 'a worker is killed', (over) => killInTheMiddle(on, over)),
  ]
  const rows = rounds.map(({ name, placed, seconds }) => {
    const counts = [...placed.values()].map((ids) => ids.length)
    const all = counts.reduce((sum, count) => sum + count, 0)
    return [name, ...counts, seconds, all / seconds]
  })
  console.log(`\n${table(['round', ...on.shards.map(({ name }) => `orders in ${name}`), 'seconds', 'orders/s'], rows)}`)

  const { byKey, byOrder, toAll, refused } = on.router.routed
  console.log(
    `\n  routed by key ${byKey}, by a webhook's order ${byOrder}, to every shard ${toAll}, refused ${refused}`,
  )
  const problems = await check(on)
  console.log(problems.length === 0 ? '  the books of both shards agree, and neither has a row of the other' : '')
  for (const problem of problems) console.log(`  WRONG: ${problem}`)
  return problems
}

/** Every merchant's buyers at the same time, and what happens meanwhile. */
async function round(
  on: ShardedStage,
  name: string,
  meanwhile: (over: AbortSignal) => Promise<void> = async () => {},
): Promise<Round> {
  console.log(`${name} …`)
  const over = new AbortController()
  const disturbed = meanwhile(over.signal)
  const results = await Promise.all(on.shards.flatMap(placeOrders)).finally(() => over.abort())
  await disturbed
  const placed: Placed = new Map()
  for (const { shard, result } of results)
    for (const list of [placed, told]) list.set(shard, [...(list.get(shard) ?? []), ...result.orderIds])
  const startedAt = Math.min(...results.map(({ result }) => result.startedAt))
  const endedAt = Math.max(...results.map(({ result }) => result.endedAt))
  return { name, placed, seconds: (endedAt - startedAt) / 1_000 }
}

function placeOrders(shard: Shard) {
  return shard.merchants.map(async (by) => {
    const load = { orders, seconds: 300, concurrency: Number(values.concurrency), by }
    return { shard, result: await loadOrders(shard.stage, { ...load, lines: ['digital'] }) }
  })
}

/** One worker of the first shard gets SIGKILL when a third of its orders are confirmed, and is started again. */
async function killInTheMiddle({ shards }: ShardedStage, over: AbortSignal): Promise<void> {
  const [shard] = shards
  const [worker] = shard?.workers ?? []
  if (!shard || !worker) throw new Error('there is no worker to kill')
  const third = (await confirmed(shard)) + (orders * shard.merchants.length) / 3
  while ((await confirmed(shard)) < third) {
    if (over.aborted) throw new Error('the round was over before a worker was killed')
    await pause(20)
  }
  await worker.running.stop({ signals: ['SIGKILL'] })
  worker.running = await worker.program.start()
}

async function confirmed({ stage }: Shard): Promise<number> {
  const { rows } = await stage.sql.query<{ count: number }>(
    `select count(*)::int as count from orders where state_transitions ? 'confirmed'`,
  )
  return rows[0]?.count ?? 0
}

/** What is wrong once everything has come to rest: in the books of a shard, or because a shard has something of the other. */
async function check({ stage, shards }: ShardedStage): Promise<string[]> {
  const problems: string[] = []
  for (const { name, stage: of } of shards)
    if ((await settled(of, Date.now() + settleMs)) === undefined) problems.push(`shard ${name} does not come to rest`)
  const theirs = await readProviderBooks(stage)
  const books = await Promise.all(
    shards.map(async (shard) => ({ shard, ours: await readOurBooks(shard.stage.sql), told: told.get(shard) ?? [] })),
  )
  for (const { shard, ours, told: ids } of books) {
    const elsewhere = new Set(books.flatMap((other) => (other.shard === shard ? [] : other.told)))
    const ofShard = ({ orderId }: { orderId: string | null }) => !elsewhere.has(orderId ?? '')
    const seen = { ...theirs, intents: theirs.intents.filter(ofShard), transfers: theirs.transfers.filter(ofShard) }
    const acknowledged = ids.map(
      (orderId): Acknowledged => ({ orderId, lines: ['digital'], wish: 'pay', paid: true, cancelled: false }),
    )
    for (const { verdict, what, orderId, detail } of compareBooks(acknowledged, ours, seen))
      problems.push(`${shard.name}: ${verdict} ${what} of ${orderId ?? 'nobody'}: ${detail}`)
  }
  return [
    ...problems,
    ...foreignRows(books.map(({ shard, ours, told: ids }) => ({ name: shard.name, ours, told: ids }))),
  ]
}
