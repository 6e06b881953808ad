import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq'
import pLimit from 'p-limit'
import type { FailedAttempt, Rung, RungTask } from '../../queues/bell.ts'
import type { JobName, JobOf, QueueName } from '../../queues/catalog.ts'
import { redisOptions } from '../../queues/connection.ts'
import { AttemptFailed, attemptTask, databaseDownDelayMs, type Handler, type RunnerParts } from './attempt-task.ts'

/** One handler for every job of a queue; a missing one does not compile. */
export type Handlers<Q extends QueueName> = { [J in JobOf<Q>]: Handler<J> }

export type RunningWorker = { queue: QueueName; close(): Promise<void> }

const busyDelayMs = 1_000

/** BullMQ's own waits grow to twenty seconds; a worker hears a Redis that is back within two. */
const hearAgain = (attempt: number) => Math.min(attempt * 100, 1_500)

/**
 * Runs the handlers of one queue. Postgres counts the attempts and decides about retries; BullMQ carries the calls,
 * waits between attempts and shows what failed, without personal data (I10).
 */
export function runQueue<Q extends QueueName>(parts: RunnerParts, queue: Q, handlers: Handlers<Q>): RunningWorker {
  const { config, log } = parts
  const byName = handlers as unknown as Record<string, Handler<JobName> | undefined>

  const limit = pLimit(config.tasks.concurrency)

  /** One task of a ring; what is not at its end goes on as a job of its own, on which the board shows how it failed. */
  const attemptInRing = async (name: JobName, task: RungTask): Promise<void> => {
    const end = await attemptTask(parts, byName[name], name, task)
    if (end === 'ended') return
    const { taskId: id, payload, epoch = 0, trace = null } = task
    const due = { id, job: name, queue, payload: payload as object, epoch, trace }
    await parts.bell.ringAlone(due, end === 'busy' ? { delayMs: busyDelayMs } : { failedWith: toFailedAttempt(end) })
  }

  const process = async (job: Job<Rung>, token?: string) => {
    const name = job.name as JobName
    const { data } = job
    if ('tasks' in data) {
      await Promise.all(data.tasks.map((task) => limit(() => attemptInRing(name, task))))
      return
    }
    const { failedWith, ...task } = data
    if (failedWith) {
      await job.updateData(task)
      throw fromFailedAttempt(failedWith)
    }
    const end = await limit(() => attemptTask(parts, byName[name], name, task))
    if (end === 'ended') return
    if (end !== 'busy') throw end
    await job.moveToDelayed(Date.now() + busyDelayMs, token)
    throw new DelayedError()
  }

  const worker = new Worker(queue, process, {
    prefix: config.queuePrefix,
    connection: { ...redisOptions(config.redisUrl), maxRetriesPerRequest: null, retryStrategy: hearAgain },
    concurrency: config.tasks.concurrency,
    lockDuration: config.tasks.lockMs,
    stalledInterval: config.tasks.lockMs / 2,
    // Postgres decides what is lost; BullMQ must never give a task up because its workers died.
    maxStalledCount: 1_000,
    skipVersionCheck: true,
    settings: {
      backoffStrategy: (_attempts, _type, error) =>
        error instanceof AttemptFailed ? error.delayMs : databaseDownDelayMs,
    },
  })
  worker.on('error', (error) => log.warn({ queue, err: error }, 'queue connection'))
  worker.on('stalled', (jobId) => log.warn({ queue, jobId }, 'job was left by a worker and starts again'))

  return { queue, close: () => worker.close() }
}

const toFailedAttempt = (error: AttemptFailed | UnrecoverableError): FailedAttempt => ({
  message: error.message,
  delayMs: error instanceof AttemptFailed ? error.delayMs : null,
})

const fromFailedAttempt = ({ message, delayMs }: FailedAttempt): Error =>
  delayMs === null ? new UnrecoverableError(message) : new AttemptFailed(message, delayMs)
