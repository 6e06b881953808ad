import type { RungTask } from '../../../../queues/bell.ts'
import type { QueueName } from '../../../../queues/catalog.ts'
import { statement } from '../../../database/statement.ts'
import { acceptCost } from '../../../goods/limit-cost.ts'
import { ApiError } from '../../../platform/errors.ts'
import { retryTask } from '../../../tasks/tasks.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { within } from './within.ts'

const redisTimeoutMs = 1_500
/** Failed jobs are few; those beyond stay on the list for their week. */
const mostLookedAt = 1_000

const readJob = statement<{ taskId: string }>()((db, $) =>
  db.selectFrom('tasks').select('queue').where('id', '=', $.taskId),
)

/**
 * A person's "again" for a failed task, and takes the failed job of its last attempt off Bull Board's list.
 * That second part is cosmetic: it is bounded, and without Redis it is left out.
 * @throws ApiError `not_found`, `task_not_failed`, and `invalid_parameter` where there is no price to accept
 */
export async function retryFailedTask(
  parts: ApiParts,
  taskId: string,
  { operatorId, ...accepts }: { operatorId: string; acceptCost: boolean },
): Promise<void> {
  const [former] = await readJob(parts.database, { taskId })
  if (accepts.acceptCost && !(await acceptCost(parts, taskId))) {
    throw new ApiError('invalid_parameter', {
      message: 'This task has met no price that could be accepted.',
      parameter: 'acceptCost',
    })
  }
  await retryTask(parts, taskId)
  parts.log.info({ operatorId, taskId, ...accepts }, 'task retried by an operator')
  if (!former) return
  try {
    await within(redisTimeoutMs, removeFailedJobs(parts, former.queue, taskId))
  } catch (error) {
    parts.log.warn({ taskId, err: error }, 'the failed job stays on the list of its queue')
  }
}

async function removeFailedJobs({ queues }: ApiParts, queue: QueueName, taskId: string): Promise<void> {
  const failed = await queues[queue].getFailed(0, mostLookedAt)
  const ofTask = failed.filter(({ data }) => (data as Partial<RungTask>).taskId === taskId)
  await Promise.all(ofTask.map((job) => job.remove()))
}
