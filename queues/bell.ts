import type { JobsOptions, Queue } from 'bullmq'
import { catalog, type QueueName } from './catalog.ts'
import { closeQueue } from './connection.ts'
import type { DueTask } from './outbox.ts'

/**
 * The doorbell: tells workers that tasks are due. Ringing is best effort and never awaited by a request;
 * a ring that fails or is lost is repeated by the relay once the task's lease has run out.
 */
export type Bell = {
  /** Queues a ring; rings of the same few milliseconds go to Redis in one round trip per queue. */
  ring(tasks: readonly DueTask[]): void
  /**
   * Rings at once for each task by itself, and rejects when Redis does not take it. A task that waits under its own id already is not
   * doubled by that; a ring's id is nobody's, so that what was rung for in vain must not be rung for in rings again.
   */
  ringNow(tasks: readonly DueTask[]): Promise<void>
  /** Gives a task of a ring a job of its own: it comes when the delay is over, or has failed once already, with what it failed with. */
  ringAlone(task: DueTask, how: { delayMs: number } | { failedWith: FailedAttempt }): Promise<void>
  /** Resolves when every ring asked for so far has been sent or given up. */
  flush(): Promise<void>
  close(): Promise<void>
}

const gatherMs = 2

/** Due tasks of one job go to a worker in one ring of at most so many: one job for BullMQ, and each has an end of its own. */
const ringSize = 16

/** How an attempt failed: a code, and after how long the next one comes, if any does. */
export type FailedAttempt = { message: string; delayMs: number | null }

/** What a job of BullMQ carries: one task, or a ring of several. */
export type RungTask = { taskId: string; payload: unknown; epoch?: number; trace?: string; failedWith?: FailedAttempt }
export type Rung = RungTask | { tasks: readonly RungTask[] }

const ofTask = ({ id, payload, epoch, trace }: DueTask): RungTask => ({
  taskId: id,
  payload,
  epoch,
  ...(trace ? { trace } : {}),
})

const jobOptions = {
  // Postgres counts the attempts; BullMQ only waits between them and shows them.
  attempts: 1_000_000,
  backoff: { type: 'custom' },
  // What was done can be looked at for a day, what failed for a week.
  removeOnComplete: { age: 86_400, count: 1_000 },
  removeOnFail: { age: 7 * 86_400, count: 10_000 },
  // One for each attempt: no task has more.
  stackTraceLimit: 12,
}

/**
 * What a task is known by in its queue, so that it waits there once. A job has an id of its own: one that is kept after its end must
 * not swallow the next ring of a task that a restored database has forgotten. A person's "again" raises the epoch.
 */
const waitsOnce = (task: { id: string; epoch: number }) => ({
  deduplication: { id: `task-${task.id}-${task.epoch}` },
})

export function createBell(queues: Record<QueueName, Queue>, onError: (error: unknown) => void): Bell {
  let waiting: DueTask[] = []
  let timer: NodeJS.Timeout | undefined
  const sending = new Set<Promise<void>>()

  const add = async (tasks: readonly DueTask[], jobsOf: (list: readonly DueTask[]) => RungJob[]) => {
    const perQueue = Map.groupBy(tasks, (task) => catalog[task.job].queue)
    await Promise.all([...perQueue].map(([queue, list]) => queues[queue].addBulk(jobsOf(list))))
  }

  const send = () => {
    timer = undefined
    const batch = waiting
    waiting = []
    const sent: Promise<void> = add(batch, ringsOf)
      .catch(onError)
      .finally(() => sending.delete(sent))
    sending.add(sent)
  }

  return {
    ring(tasks) {
      if (tasks.length === 0) return
      waiting.push(...tasks)
      timer ??= setTimeout(send, gatherMs)
    },
    ringNow: (tasks) => add(tasks, (list) => list.map(aloneJob)),
    async ringAlone(task, how) {
      const { job, queue } = task
      const alone = 'failedWith' in how ? { ...ofTask(task), failedWith: how.failedWith } : ofTask(task)
      const delay = 'delayMs' in how ? { delay: how.delayMs } : {}
      await queues[queue].add(job, alone, { ...jobOptions, ...delay, ...waitsOnce(task) })
    },
    async flush() {
      if (timer) {
        clearTimeout(timer)
        send()
      }
      await Promise.all(sending)
    },
    async close() {
      await this.flush()
      await Promise.all(Object.values(queues).map((queue) => closeQueue(queue)))
    },
  }
}

type RungJob = { name: string; data: Rung; opts: JobsOptions }

const aloneJob = (task: DueTask): RungJob => ({
  name: task.job,
  data: ofTask(task),
  opts: { ...jobOptions, ...waitsOnce(task) },
})

function ringsOf(tasks: readonly DueTask[]): RungJob[] {
  return [...Map.groupBy(tasks, ({ job }) => job)].flatMap(([name, list]) =>
    inRings(list).map((ring) => {
      const [first] = ring
      return first && ring.length === 1
        ? aloneJob(first)
        : { name, data: { tasks: ring.map(ofTask) }, opts: jobOptions }
    }),
  )
}

const inRings = (tasks: readonly DueTask[]): DueTask[][] =>
  Array.from({ length: Math.ceil(tasks.length / ringSize) }, (_, index) =>
    tasks.slice(index * ringSize, (index + 1) * ringSize),
  )
