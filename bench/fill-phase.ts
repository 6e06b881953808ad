import { waitFor } from '../src/boot/services/wait-for.ts'
import { type Filled, fillOrders } from './fill.ts'
import { difference, type Pids, quiet, readMeters } from './meter.ts'
import { loadOrders } from './order-load.ts'
import { type Spread, spread } from './percentiles.ts'
import { type ReadTimes, readEverything } from './read-load.ts'
import type { Stage } from './stage.ts'
import { makeTemplates } from './templates.ts'

export type OrderCost = {
  ordersPerSecond: number
  steps: Record<string, Spread>
  paidToConfirmed: Spread
  cpuMs: Record<string, number>
}

export type TableSize = { table: string; rows: number; bytes: number; indexBytes: number }

/** A filled database: what its lists and pages take, what it weighs, and what an order costs in it beside in a small one. */
export type FillPhase = {
  filled: Filled
  reads: ReadTimes
  sizes: TableSize[]
  databaseBytes: number
  few: OrderCost
  many: OrderCost
}

const fewOrders = 1_000
const measuredOrders = 300
const countTimeoutMs = 3_600_000

/** Measures an order at a thousand orders, fills the database, and measures everything that is read, and an order again. */
export async function fillPhase(stage: Stage, pids: Pids, orders: number): Promise<FillPhase> {
  await loadOrders(stage, { lines: ['digital'], orders: fewOrders, seconds: 120, concurrency: 32 })
  await quiet(stage)
  await stage.sql.query('vacuum analyze')
  const few = await orderCost(stage, pids)
  const templates = await makeTemplates(stage)
  console.log(`Filling with ${orders} orders …`)
  const filled = await fillOrders(stage, orders, templates)
  await revenueCounted(stage)
  const { sizes, databaseBytes } = await readSizes(stage)
  console.log('Reading …')
  const reads = await readEverything(stage, filled.merchantId)
  return { filled, reads, sizes, databaseBytes, few, many: await orderCost(stage, pids) }
}

/** Of orders of one digital line, eight under way; the first hundred make the plans. */
async function orderCost(stage: Stage, pids: Pids): Promise<OrderCost> {
  const load = { lines: ['digital'] as const, seconds: 60, concurrency: 8 }
  await loadOrders(stage, { ...load, orders: 100 })
  await quiet(stage)
  const before = await readMeters(stage, pids)
  const { orderIds, startedAt, endedAt, steps, paidAt } = await loadOrders(stage, { ...load, orders: measuredOrders })
  await quiet(stage)
  const { cpuMs } = difference(await readMeters(stage, pids), before)
  const { rows } = await stage.sql.query<{ id: string; at: Date }>(
    `select id, (state_transitions ->> 'confirmed')::timestamptz as at from orders where id = any($1)`,
    [orderIds],
  )
  return {
    ordersPerSecond: (1_000 * orderIds.length) / (endedAt - startedAt),
    steps,
    paidToConfirmed: spread(rows.map(({ id, at }) => at.getTime() - (paidAt.get(id) ?? 0))),
    cpuMs: Object.fromEntries(Object.entries(cpuMs).map(([name, { all }]) => [name, all / orderIds.length])),
  }
}

/** Waits until the sums of revenue know every copy, as a shop's do that has run for a year. @throws Error when that does not end */
async function revenueCounted({ sql }: Stage): Promise<void> {
  const counted = async () => {
    const { rows } = await sql.query<{ done: boolean }>(
      `select m.line_id >= (select max(id) from order_timeline where at < now() - interval '1 minute') as done from revenue_marks m`,
    )
    return rows[0]?.done === true
  }
  await waitFor('The count of revenue', counted, { timeoutMs: countTimeoutMs })
  await sql.query('vacuum analyze counted_orders, revenue_sums')
}

async function readSizes({ sql }: Stage): Promise<{ sizes: TableSize[]; databaseBytes: number }> {
  const { rows: sizes } = await sql.query<TableSize>(
    `select relname as "table", reltuples::float8 as rows, pg_total_relation_size(oid)::float8 as bytes,
       pg_indexes_size(oid)::float8 as "indexBytes"
     from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > 1000
     order by pg_total_relation_size(oid) desc`,
  )
  const { rows } = await sql.query<{ bytes: number }>('select pg_database_size(current_database())::float8 as bytes')
  return { sizes, databaseBytes: rows[0]?.bytes ?? 0 }
}
