import { ApiError } from '../platform/errors.ts'
import { ProviderError } from '../platform/provider-error.ts'

/**
 * Ends one attempt of a task. Its message is a code without personal data, because BullMQ keeps it in Redis (I10).
 * `retry: false` ends the task at once; the order then waits for a person.
 */
export class TaskError extends Error {
  readonly retry: boolean

  constructor(code: string, options: { retry: boolean; cause?: unknown }) {
    super(code, { cause: options.cause })
    this.retry = options.retry
  }
}

/**
 * What the task was for is not to be done any more, as a step of an order that was closed meanwhile. Nobody has to decide about that: the
 * task ends as done.
 */
export class TaskMoot extends TaskError {
  constructor(code: string) {
    super(code, { retry: false })
  }
}

/** Another worker holds the operation or the row; this attempt waits without being counted. */
export class TaskBusy extends Error {}

/** What a worker does about an error: unknown ones are retried, definite refusals are not. */
export function toTaskError(error: unknown): TaskError {
  if (error instanceof TaskError) return error
  if (error instanceof ProviderError) {
    return new TaskError(error.message, { retry: error.outcome !== 'refused' && !error.forAPerson, cause: error })
  }
  if (error instanceof ApiError) return new TaskError(error.code, { retry: error.status >= 500, cause: error })
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : ''
  return new TaskError(`${error instanceof Error ? error.name : 'error'}${code}`, { retry: true, cause: error })
}
