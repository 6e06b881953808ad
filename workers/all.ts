import { confirmation } from './confirmation.ts'
import { digital } from './digital.ts'
import { distribution } from './distribution.ts'
import { documents } from './documents.ts'
import { erasure } from './erasure.ts'
import { notifications } from './notifications.ts'
import { paymentEvents } from './payment-events.ts'
import { pod } from './pod.ts'
import { retries } from './retries.ts'
import { runProcess, type StartWorker } from './run.ts'
import { shipping } from './shipping.ts'

/** Every worker in one process: for `npm start`, tests and small installations. */
export const allWorkers: StartWorker = (parts) =>
  [
    paymentEvents,
    confirmation,
    distribution,
    pod,
    shipping,
    digital,
    documents,
    notifications,
    erasure,
    retries,
  ].flatMap((start) => start(parts))

if (import.meta.main) await runProcess('workers', allWorkers)
