import type { JobName, Payload, QueueName } from './catalog.ts'

/** A task to be stored: one unit of background work, unique by its dedupe key. */
export type NewTask = {
  [J in JobName]: {
    job: J
    payload: Payload<J>
    dedupeKey: string
    orderId?: string | null
    runAt?: Date
    trace?: string
  }
}[JobName]

/** A stored task that is due now: what the bell needs to ring a worker. */
export type DueTask = {
  id: string
  job: JobName
  queue: QueueName
  payload: object
  epoch: number
  trace?: string | null
}
