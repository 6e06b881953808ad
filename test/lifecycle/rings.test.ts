import { Queue } from 'bullmq'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisOptions } from '../../queues/connection.ts'
import { ringDueTasks } from '../../src/tasks/relay.ts'
import { TaskBusy, TaskError } from '../../src/tasks/task-error.ts'
import { runQueue } from '../../src/tasks/task-runner.ts'
import { inTransaction } from '../../src/tasks/transaction.ts'
import { runningShop } from '../running-shop.ts'
import { eventually, storefront } from '../storefront.ts'

// Removes the risk that tasks which are rung for together end together.
describe('a ring of several tasks', () => {
  const { system } = runningShop(storefront, { workers: false })
  let queue: Queue

  beforeAll(async () => {
    const { redisUrl, queuePrefix } = system.config
    queue = new Queue('erasure', { prefix: queuePrefix, connection: redisOptions(redisUrl) })
    await queue.waitUntilReady()
  })
  afterAll(() => queue.close())

  it('is one job, and each of its tasks ends, waits, fails and is tried again by itself', async () => {
    const { parts, database } = system
    const wishes = ['done', 'later', 'refused', 'busy'] as const
    await inTransaction(parts, async (tx) => {
      for (const wish of wishes)
        tx.enqueue({ job: 'erase-person', payload: { erasureId: wish }, dedupeKey: `ring-${wish}` })
    })
    await parts.bell.flush()
    const waiting = await queue.getJobs(['waiting'])
    expect(waiting.map(({ name, data }) => [name, data.tasks.length])).toEqual([['erase-person', 4]])

    const runs: Record<string, number> = {}
    const worker = runQueue({ ...parts, onTaskFailed: async () => {} }, 'erasure', {
      'erase-person': async ({ taskId, payload: { erasureId: wish } }) => {
        const run = (runs[wish] ?? 0) + 1
        runs[wish] = run
        if (wish === 'refused') throw new TaskError('not_wanted', { retry: false })
        if (wish === 'later' && run === 1) throw new TaskError('not_yet', { retry: true })
        if (wish === 'busy' && run === 1) throw new TaskBusy()
        await inTransaction(parts, async (tx) => tx.finish(taskId))
      },
    })
    try {
      const rows = await eventually(async () => {
        const found = await database.sql<{ key: string; state: string; attempts: number; id: string; epoch: number }>(
          `select dedupe_key as key, state, attempts, id, epoch from tasks where dedupe_key like 'ring-%' order by id`,
        )
        return found.every(({ state }) => state === 'done' || state === 'failed') ? found : undefined
      }, 'all tasks to end')
      expect(rows.map(({ key, state, attempts }) => [key, state, attempts])).toEqual([
        ['ring-done', 'done', 0],
        ['ring-later', 'done', 1],
        ['ring-refused', 'failed', 1],
        ['ring-busy', 'done', 0],
      ])
      expect(runs).toEqual({ done: 1, later: 2, refused: 1, busy: 2 })
      // The board shows what failed under its own name, with its own error and attempts.
      const failed = await eventually(async () => {
        const jobs = await queue.getJobs(['failed'])
        return jobs.length > 0 ? jobs : undefined
      }, 'the board to show what failed')
      expect(
        failed.map(({ name, data, failedReason, attemptsMade }) => [name, data, failedReason, attemptsMade]),
      ).toEqual([
        [
          'erase-person',
          { taskId: rows[2]?.id, payload: { erasureId: 'refused' }, epoch: rows[2]?.epoch },
          'not_wanted',
          1,
        ],
      ])
      const open = await queue.getJobCounts('waiting', 'active', 'delayed')
      expect(Object.values(open)).toEqual([0, 0, 0])
    } finally {
      await worker.close()
    }
  })

  it('is made by those who store tasks; the relay rings for each by itself, and doubles none however often it rings', async () => {
    const { parts } = system
    await queue.obliterate({ force: true })
    const due = ['a', 'b', 'c'].map((name) => ({
      id: `tsk_${name}`,
      job: 'erase-person' as const,
      queue: 'erasure' as const,
      payload: { erasureId: name },
      epoch: 0,
    }))
    for (let count = 0; count < 3; count += 1) await parts.bell.ringNow(due)
    const waiting = await queue.getJobs(['waiting'])
    expect(waiting.map(({ data }) => data.taskId).toSorted()).toEqual(['tsk_a', 'tsk_b', 'tsk_c'])
  })

  it('that Redis has lost is rung for again, and each of its tasks is done once', async () => {
    const { parts, database } = system
    await inTransaction(parts, async (tx) => {
      for (const name of ['x', 'y', 'z'])
        tx.enqueue({ job: 'erase-person', payload: { erasureId: name }, dedupeKey: `lost-${name}` })
    })
    await parts.bell.flush()
    await queue.obliterate({ force: true })
    const done: string[] = []
    const worker = runQueue({ ...parts, onTaskFailed: async () => {} }, 'erasure', {
      'erase-person': async ({ taskId, payload }) => {
        await inTransaction(parts, async (tx) => tx.finish(taskId))
        done.push(payload.erasureId)
      },
    })
    try {
      await eventually(async () => {
        await ringDueTasks(parts, 1)
        const open = await database.sql(`select id from tasks where dedupe_key like 'lost-%' and state <> 'done'`)
        return open.length === 0 ? open : undefined
      }, 'what was lost to be done')
      expect(done.toSorted()).toEqual(['x', 'y', 'z'])
    } finally {
      await worker.close()
    }
  })
})
