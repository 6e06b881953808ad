import { erasePerson } from '../src/erasure/erase-person.ts'
import { runQueue } from '../src/tasks/task-runner.ts'
import { runProcess, type StartWorker } from './run.ts'

/** Forgets who asked to be forgotten. */
export const erasure: StartWorker = (parts) =>
  runQueue(parts, 'erasure', {
    'erase-person': ({ taskId, payload }) => erasePerson(parts, payload.erasureId, taskId),
  })

if (import.meta.main) await runProcess('erasure', erasure)
