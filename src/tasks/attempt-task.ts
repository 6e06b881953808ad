import { UnrecoverableError } from 'bullmq'
import { sql } from 'kysely'
import type { RungTask } from '../../queues/bell.ts'
import { catalog, type JobName, type Payload } from '../../queues/catalog.ts'
import { statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { isDatabaseDown } from '../platform/database-unavailable.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { markFailed, traced } from '../platform/tracing.ts'
import { TaskBusy, TaskMoot, toTaskError } from './task-error.ts'
import { inTransaction, TaskAlreadyDone, type Transaction, type UnitOfWork } from './transaction.ts'

/** Carries out one task. It must finish the task in the transaction that stores its effects. */
export type Handler<J extends JobName> = (task: { taskId: string; payload: Payload<J> }) => Promise<void>

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

/** After how long a task is tried again that could not be tried at all. */
export const databaseDownDelayMs = 2_000

/** How an attempt ended: for good, because another worker holds what it needs, or with an error that says when the next one comes. */
export type AttemptEnd = 'ended' | 'busy' | AttemptFailed | UnrecoverableError

/**
 * Makes one attempt of a task, and counts it where it failed. Postgres counts the attempts and decides about the next one.
 */
export async function attemptTask(
  parts: RunnerParts,
  handler: Handler<JobName> | undefined,
  job: JobName,
  rung: RungTask,
): Promise<AttemptEnd> {
  const attributes = { 'ordermill.task': rung.taskId }
  return traced(`task ${job}`, { kind: 'task', attributes, from: rung.trace }, async (span) => {
    const end = await attempt(parts, handler, job, rung)
    if (typeof end === 'string') span.setAttribute('ordermill.end', end)
    else markFailed(span, end.message)
    return end
  })
}

async function attempt(
  parts: RunnerParts,
  handler: Handler<JobName> | undefined,
  job: JobName,
  { taskId, payload: given }: RungTask,
): Promise<AttemptEnd> {
  if (!handler) return new UnrecoverableError(`no handler for ${job}`)
  const read = catalog[job].payload.safeParse(given)
  if (!read.success) return new UnrecoverableError(`payload of ${job} unreadable`)
  const payload = read.data
  const stop = parts.metrics.taskDuration.startTimer({ job })
  try {
    const done = await doneOrMoot(parts, taskId, () => handler({ taskId, payload }))
    stop({ outcome: done })
    return 'ended'
  } catch (error) {
    if (error instanceof TaskAlreadyDone) {
      stop({ outcome: 'already_done' })
      return 'ended'
    }
    if (error instanceof TaskBusy) {
      stop({ outcome: 'busy' })
      return 'busy'
    }
    stop({ outcome: 'failed' })
    return afterFailure(parts, { taskId, job, payload, error })
  }
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
export class AttemptFailed extends Error {
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

type FailedTask = { taskId: string; job: JobName; payload: object; error: unknown }

/** Counts a failed attempt in Postgres and decides what BullMQ does next. */
async function afterFailure(
  parts: RunnerParts,
  { taskId, job, payload, error }: FailedTask,
): Promise<AttemptFailed | UnrecoverableError> {
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
