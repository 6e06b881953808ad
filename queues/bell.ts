import type { Queue } from 'bullmq'
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
  /** Rings at once and rejects when Redis does not take it. */
  ringNow(tasks: readonly DueTask[]): Promise<void>
  /** Resolves when every ring asked for so far has been sent or given up. */
  flush(): Promise<void>
  close(): Promise<void>
}

const gatherMs = 2

/** The id under which BullMQ knows a task. A person's "again" raises the epoch, so the old job cannot swallow the new. */
export const jobIdOf = (task: { id: string; epoch: number }) => `task-${task.id}-${task.epoch}`

export function createBell(queues: Record<QueueName, Queue>, onError: (error: unknown) => void): Bell {
  let waiting: DueTask[] = []
  let timer: NodeJS.Timeout | undefined
  const sending = new Set<Promise<void>>()

  const ringNow = async (tasks: readonly DueTask[]) => {
    const perQueue = Map.groupBy(tasks, (task) => catalog[task.job].queue)
    await Promise.all(
      [...perQueue].map(([queue, list]) =>
        queues[queue].addBulk(
          list.map((task) => ({
            name: task.job,
            data: { taskId: task.id, payload: task.payload },
            opts: {
              jobId: jobIdOf(task),
              // Postgres counts the attempts; BullMQ only waits between them and shows them.
              attempts: 1_000_000,
              backoff: { type: 'custom' },
              removeOnComplete: true,
              removeOnFail: { age: 7 * 86_400, count: 10_000 },
              stackTraceLimit: 1,
            },
          })),
        ),
      ),
    )
  }

  const send = () => {
    timer = undefined
    const batch = waiting
    waiting = []
    const sent: Promise<void> = ringNow(batch)
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
    ringNow,
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
