import { deliverDigital } from '../src/goods/deliver-digital.ts'
import { inGroup } from '../src/tasks/in-group.ts'
import { runQueue } from '../src/tasks/task-runner.ts'
import { runProcess, type StartWorker } from './run.ts'

/** Hands over digital content. */
export const digital: StartWorker = (parts) =>
  runQueue(parts, 'digital', {
    'deliver-digital': ({ taskId, payload }) =>
      inGroup(parts, { kind: 'deliver-digital', about: payload.orderId }, (tx) =>
        deliverDigital(tx, { ...payload, taskId, mailsCarts: parts.config.mail.forCarts }),
      ),
  })

if (import.meta.main) await runProcess('digital', digital)
