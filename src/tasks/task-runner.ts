import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq'
import { sql } from 'kysely'
import { catalog, type JobName, type JobOf, type Payload, type QueueName } from '../../queues/catalog.ts'
import { redisOptions } from '../../queues/connection.ts'
import { statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { isDatabaseDown } from '../platform/database-unavailable.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { TaskBusy, TaskMoot, toTaskError } from './task-error.ts'
import { inTransaction, TaskAlreadyDone, type Transaction, type UnitOfWork } from './transaction.ts'

/** Carries out one task. It must finish the task in the transaction that stores its effects. */
export type Handler<J extends JobName> = (task: { taskId: string; payload: Payload<J> }) => Promise<void>

/** One handler for every job of a queue; a missing one does not compile. */
export type Handlers<Q extends QueueName> = { [J in JobOf<Q>]: Handler<J> }

export type RunnerParts = UnitOfWork & {
  config: Config
  log: Log
  metrics: Metrics
  /** What a task's final failure means for the domain, in the transaction that marks it failed. */
  onTaskFailed(
    tx: Transaction,
    task: {
      taskId: string
      job: JobName
      payload: object
      orderId: string | null
      error: string
      explanation: string | undefined
    },
  ): Promise<void>
}

export type RunningWorker = { queue: QueueName; close(): Promise<void> }

const busyDelayMs = 1_000
const databaseDownDelayMs = 2_000

/**
 * Runs the handlers of one queue. Postgres counts the attempts and decides about retries; BullMQ carries the calls,
 * waits between attempts and shows what failed, without personal data (I10).
 */
export function runQueue<Q extends QueueName>(parts: RunnerParts, queue: Q, handlers: Handlers<Q>): RunningWorker {
  const { config, log, metrics } = parts
  const byName = handlers as unknown as Record<string, Handler<JobName> | undefined>

  const process = async (job: Job, token?: string) => {
    const name = job.name as JobName
    const handler = byName[name]
    const entry = catalog[name]
    if (!handler || !entry) throw new UnrecoverableError(`no handler for ${job.name}`)
    const taskId = String(job.data.taskId)
    const payload = entry.payload.parse(job.data.payload)
    const stop = metrics.taskDuration.startTimer({ job: name })
    try {
      const done = await doneOrMoot(parts, taskId, () => handler({ taskId, payload }))
      stop({ outcome: done })
    } catch (error) {
      if (error instanceof TaskAlreadyDone) {
        stop({ outcome: 'already_done' })
        return
      }
      if (error instanceof TaskBusy) {
        stop({ outcome: 'busy' })
        await job.moveToDelayed(Date.now() + busyDelayMs, token)
        throw new DelayedError()
      }
      stop({ outcome: 'failed' })
      throw await afterFailure(parts, { taskId, job: name, payload, error })
    }
  }

  const worker = new Worker(queue, process, {
    prefix: config.queuePrefix,
    connection: { ...redisOptions(config.redisUrl), maxRetriesPerRequest: null },
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

/** Carries a handler out; what is moot is finished in its place. */
async function doneOrMoot(parts: RunnerParts, taskId: string, handle: () => Promise<void>): Promise<'done' | 'moot'> {
  try {
    await handle()
    return 'done'
  } catch (error) {
    if (!(error instanceof TaskMoot)) throw error
    await inTransaction(parts, async (tx) => tx.finish(taskId))
    return 'moot'
  }
}

/** Ends one attempt in BullMQ and says how long to wait for the next. The message is a code, never a value. */
class AttemptFailed extends Error {
  readonly delayMs: number

  constructor(code: string, delayMs: number) {
    super(code)
    this.delayMs = delayMs
  }
}

const countAttempt = statement<{ id: string; error: string }>()((db, $) =>
  db
    .updateTable('tasks')
    .set((task) => ({
      attempts: task
        .case()
        .when('state', '=', 'failed')
        .then(1)
        .else(task('attempts', '+', 1))
        .end(),
      last_error: $.error,
    }))
    .where('id', '=', $.id)
    .where('state', '<>', 'done')
    .returning(['attempts', 'order_id as orderId']),
)

const tryLater = statement<{ id: string; delaySeconds: number }>()((db, $) =>
  db
    .updateTable('tasks')
    .set({ state: 'enqueued', enqueued_at: sql`now() + make_interval(secs => ${$.delaySeconds})` })
    .where('id', '=', $.id),
)

const giveUp = statement<{ id: string }>()((db, $) =>
  db.updateTable('tasks').set({ state: 'failed' }).where('id', '=', $.id),
)

type FailedAttempt = { taskId: string; job: JobName; payload: object; error: unknown }

/** Counts a failed attempt in Postgres and decides what BullMQ does next. */
async function afterFailure(parts: RunnerParts, { taskId, job, payload, error }: FailedAttempt): Promise<Error> {
  const { log, config } = parts
  if (isDatabaseDown(error)) {
    log.warn({ taskId, job }, 'database unavailable, the task waits')
    return new AttemptFailed('database_unavailable', databaseDownDelayMs)
  }
  const failure = toTaskError(error)
  const delays = catalog[job].retryDelaysMs
  log.warn({ taskId, job, reason: failure.message, err: failure.cause ?? failure }, 'task attempt failed')
  try {
    return await inTransaction(parts, async (tx) => {
      const [task] = await countAttempt(tx, { id: taskId, error: failure.message })
      if (!task) return new UnrecoverableError('task_gone')
      const delay = failure.retry ? delays[task.attempts - 1] : undefined
      if (delay !== undefined) {
        const outage = failure.cause instanceof ProviderError && failure.cause.outage ? failure.cause : undefined
        // A provider that is left alone is not asked before its time; its outage uses up the list of delays all the same.
        const delayMs = Math.max(Math.round(delay * config.tasks.retryDelayFactor), outage?.retryAfterMs ?? 0)
        if (outage && task.attempts === 1 && task.orderId) noteOutage(tx, task.orderId, job, outage)
        await tryLater(tx, { id: taskId, delaySeconds: delayMs / 1000 })
        return new AttemptFailed(failure.message, delayMs)
      }
      await giveUp(tx, { id: taskId })
      const explanation = failure.cause instanceof ProviderError ? failure.cause.explanation : undefined
      const { orderId } = task
      await parts.onTaskFailed(tx, { taskId, job, payload, orderId, error: failure.message, explanation })
      return new UnrecoverableError(failure.message)
    })
  } catch (recordError) {
    log.error({ taskId, job, err: recordError }, 'a failed attempt could not be recorded')
    return new AttemptFailed('attempt_not_recorded', databaseDownDelayMs)
  }
}

/** The first failed attempt of a task tells the order what it waits for; the last one calls a person. */
function noteOutage(tx: Transaction, orderId: string, job: JobName, { provider, code }: ProviderError): void {
  tx.note({
    orderId,
    kind: 'note',
    subject: 'order',
    subjectId: orderId,
    cause: `${job} waits for ${provider}`,
    detail: { provider, code },
  })
}
