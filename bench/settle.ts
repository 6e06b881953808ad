import { setTimeout as pause } from 'node:timers/promises'
import { control } from './shop.ts'
import type { Stage } from './stage.ts'

export type Open = { tasks: number; events: number; webhooks: number; operations: number }

/** What is still under way; failed tasks are not, they wait for a person. */
export async function openWork(stage: Stage): Promise<Open> {
  const { rows } = await stage.sql.query<Omit<Open, 'webhooks'>>(
    `select (select count(*)::int from tasks where state in ('pending', 'enqueued')) as tasks,
       (select count(*)::int from inbox_events where handled_at is null and outcome is distinct from 'orphaned') as events,
       (select count(*)::int from operations o where state in ('pending', 'unknown')
          and exists (select 1 from tasks t where t.order_id = o.order_id and t.state in ('pending', 'enqueued'))) as operations`,
  )
  const { pending } = await control(stage, 'GET', '/sandbox/webhooks')
  return { tasks: 0, events: 0, operations: 0, ...rows[0], webhooks: Number(pending) }
}

/** Waits until nothing is under way, looking twice; returns the moment of the first look, or undefined at the deadline. */
export async function settled(stage: Stage, deadline: number): Promise<number | undefined> {
  let quietSince: number | undefined
  while (Date.now() < deadline) {
    const open = await openWork(stage).catch(() => undefined)
    const quiet = open !== undefined && Object.values(open).every((count) => count === 0)
    if (quiet && quietSince !== undefined && Date.now() - quietSince > 1_000) return quietSince
    quietSince = quiet ? (quietSince ?? Date.now()) : undefined
    await pause(200)
  }
  return undefined
}
