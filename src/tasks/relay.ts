import { sql } from 'kysely'
import { catalog } from '../../queues/catalog.ts'
import { now, rowsOf, statement } from '../database/statement.ts'
import type { UnitOfWork } from './transaction.ts'

const batch = 500
const knownJobs = Object.keys(catalog)

const claimDue = statement<{ leaseSeconds: number; jobs: readonly string[] }>()((db, $) =>
  db
    .selectFrom('tasks')
    .select((task) => [
      'id',
      'job',
      'queue',
      'payload',
      'trace',
      task
        .case()
        .when(sql<boolean>`${task.ref('rings')} % 4 = 3`)
        .then(task('epoch', '+', 1))
        .else(task.ref('epoch'))
        .end()
        .as('epoch'),
    ])
    .where('state', 'in', ['pending', 'enqueued'])
    .where('run_at', '<=', now)
    .where((task) => sql<boolean>`${task.ref('job')} = any(${$.jobs.typed('text[]')})`)
    .where((task) =>
      task.or([
        task('enqueued_at', 'is', null),
        task('enqueued_at', '<', sql<Date>`now() - make_interval(secs => ${$.leaseSeconds})`),
      ]),
    )
    .orderBy('run_at')
    .limit(sql.lit(batch))
    .forUpdate()
    .skipLocked(),
)

const noteRings = statement<{ rung: readonly { id: string; epoch: number }[] }>()((db, $) =>
  db
    .updateTable('tasks')
    .from(rowsOf($.rung, 'd', { id: 'text', epoch: 'integer' }))
    .set((task) => ({
      state: 'enqueued',
      enqueued_at: now,
      rings: task('rings', '+', 1),
      epoch: task.ref('d.epoch'),
    }))
    .whereRef('tasks.id', '=', 'd.id')
    .where('tasks.state', 'in', ['pending', 'enqueued']),
)

/**
 * Rings for every due task that nobody rang for or whose lease has run out (I1): after a crash, a lost Redis, a FLUSHALL.
 * A task whose job still waits in Redis is not doubled, because it is rung under the same job id; one that waits in a ring is called once
 * more, by itself, and found done by whoever comes second. The fourth ring in vain takes a new id, in case BullMQ has lost the job but kept its
 * name. Several processes may do this at once.
 * A job that this version does not know, as after a rollback, waits for one that does and holds no other up.
 * Returns how many tasks were rung for. @throws when Redis does not take them; then they stay due.
 */
export async function ringDueTasks({ database, bell }: UnitOfWork, leaseSeconds: number): Promise<number> {
  return database.transaction(async (step) => {
    const due = await claimDue(step, { leaseSeconds, jobs: knownJobs })
    if (due.length === 0) return 0
    await bell.ringNow(due)
    await noteRings(step, { rung: due.map(({ id, epoch }) => ({ id, epoch })) })
    return due.length
  })
}
