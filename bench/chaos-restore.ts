import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Supervisor } from '../src/boot/services/supervisor.ts'
import type { Acknowledged, Discrepancy, OurBooks } from './books.ts'
import type { PlannedOrder } from './chaos-plan.ts'
import type { ChaosRun } from './chaos-run.ts'
import { control } from './shop.ts'
import type { Stage } from './stage.ts'

export type Backup = { at: Date; orders: Set<string> }

/** `orders` are those that the backup holds; what was lost with the others was given back. */
export type Restored = { orders: ReadonlySet<string>; lost: string[]; discrepancies: Discrepancy[] }

const dataOf = (stage: Stage) => path.join(stage.folder, 'postgres')
const copyOf = (stage: Stage) => path.join(stage.folder, 'postgres-backup')
const copy = (from: string, to: string) => {
  execFileSync('rm', ['-rf', to])
  execFileSync('cp', ['-a', from, to])
}

/** Backs Postgres up, cold and in the middle of everything, once every order of goods that travel is acknowledged. */
export async function backUpAmid(
  { stage, print }: ChaosRun,
  orders: readonly PlannedOrder[],
  told: readonly Acknowledged[],
  signal: AbortSignal,
): Promise<Backup> {
  const travels = ({ lines }: { lines: readonly string[] }) => lines.some((line) => line !== 'digital')
  const awaited = orders.filter(travels).length
  while (told.filter(travels).length < awaited && !signal.aborted) await pause(50)
  const at = new Date()
  await stage.postgres.stop()
  copy(dataOf(stage), copyOf(stage))
  await stage.postgres.start()
  const { rows } = await stage.sql.query<{ id: string }>('select id from orders where created_at < $1', [at])
  print(`Backed up with ${rows.length} orders …`)
  return { at, orders: new Set(rows.map(({ id }) => id)) }
}

/**
 * What the runbook says: everything is stopped, Postgres is restored and Redis emptied, what the providers did meanwhile is adopted, payments
 * of lost orders are given back, and everything starts again. The provider has forgotten its keys for every other seed.
 */
export async function restoreAmid(
  run: ChaosRun,
  backup: Backup,
  hire: (supervisor: Supervisor) => Promise<unknown>,
): Promise<Restored> {
  const { stage, print, seed } = run
  await run.supervisor.stop()
  await stage.postgres.stop()
  copy(copyOf(stage), dataOf(stage))
  await stage.postgres.start()
  await stage.redis.flushAll()
  if (seed % 2 === 0) await control(stage, 'POST', '/sandbox/stripe/forget-idempotency-keys')
  const adopted = await adopt(stage, backup.at)
  print(adopted.trim())
  await hire(run.renewSupervisor())
  const lost = [...adopted.matchAll(/^lost order (\w+)/gm)].map(([, orderId = '']) => orderId)
  const open = [...adopted.matchAll(/^not adopted (\w+): (.*)$/gm)]
  return {
    orders: backup.orders,
    lost,
    discrepancies: open.map(([, orderId = '', detail = '']) => ({
      verdict: 'attention' as const,
      what: 'adoption',
      orderId,
      detail,
    })),
  }
}

async function adopt(stage: Stage, at: Date): Promise<string> {
  const command = ['src/boot/adopt-command.ts', '--restored-to', at.toISOString(), '--give-back']
  const child = spawn(process.execPath, command, { env: stage.env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const [code] = await once(child, 'exit')
  if (code === 0 || said.includes('events stored')) return said
  throw new Error(`npm run adopt ended with ${code}`)
}

/** Webhooks about orders that are lost are orphans for good reason: their payments were given back. */
export async function leaveOutLost(stage: Stage, ours: OurBooks, { lost }: Restored): Promise<void> {
  const { rows } = await stage.sql.query<{ id: string }>(
    `select e.id from inbox_events e where e.order_id is null and e.charge_id is null
       and (e.body -> 'metadata' ->> 'orderId' = any($1) or e.body ->> 'transfer_group' = any($1)
         or exists (select 1 from unnest($2::text[]) intent where intent = e.reference))`,
    [lost, await lostPayments(stage, lost)],
  )
  const theirs = new Set(rows.map(({ id }) => id))
  const tasks = await stage.sql.query<{ id: string }>(
    `select id from tasks where payload ->> 'inboxEventId' = any($1)`,
    [[...theirs]],
  )
  const left = new Set(tasks.rows.map(({ id }) => id))
  ours.events = ours.events.filter(({ id }) => !theirs.has(id))
  ours.tasks = ours.tasks.filter(({ id }) => !left.has(id))
}

async function lostPayments(stage: Stage, lost: readonly string[]): Promise<string[]> {
  const books = (await control(stage, 'GET', '/sandbox/books')) as {
    stripe: { paymentIntents: { id: string; orderId: string | null }[] }
  }
  return books.stripe.paymentIntents.flatMap(({ id, orderId }) => (lost.includes(orderId ?? '') ? [id] : []))
}
