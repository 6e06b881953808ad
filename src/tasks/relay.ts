import { catalog } from '../../queues/catalog.ts'
import type { DueTask } from '../../queues/outbox.ts'
import type { UnitOfWork } from './transaction.ts'

const batch = 500
const knownJobs = Object.keys(catalog)

/**
 * Rings for every due task that nobody rang for or whose lease has run out (I1): after a crash, a lost Redis, a FLUSHALL.
 * A task whose job still waits in Redis is not doubled, because it is rung under the same job id; the fourth ring in vain
 * takes a new one, in case BullMQ has lost the job but kept its name. Several processes may do this at once.
 * A job that this version does not know, as after a rollback, waits for one that does and holds no other up.
 * Returns how many tasks were rung for. @throws when Redis does not take them; then they stay due.
 */
export async function ringDueTasks({ database, bell }: UnitOfWork, leaseSeconds: number): Promise<number> {
  return database.transaction(async ({ sql }) => {
    const due = await sql<DueTask>(
      `select id, job, queue, payload, case when rings % 4 = 3 then epoch + 1 else epoch end as epoch from tasks
       where state in ('pending', 'enqueued') and run_at <= now() and job = any($2::text[])
         and (enqueued_at is null or enqueued_at < now() - make_interval(secs => $1))
       order by run_at limit ${batch} for update skip locked`,
      [leaseSeconds, knownJobs],
    )
    if (due.length === 0) return 0
    await bell.ringNow(due)
    await sql(
      `update tasks set state = 'enqueued', enqueued_at = now(), rings = rings + 1, epoch = d.epoch
       from jsonb_to_recordset($1::jsonb) as d(id text, epoch int) where tasks.id = d.id and tasks.state in ('pending', 'enqueued')`,
      [JSON.stringify(due.map(({ id, epoch }) => ({ id, epoch })))],
    )
    return due.length
  })
}
