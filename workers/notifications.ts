import { createEventObjects } from '../src/api/event-objects.ts'
import { createTaxRegisters } from '../src/customers/tax-registers.ts'
import { verifyTaxIdentifier } from '../src/customers/verify-tax-identifier.ts'
import { documentTasks } from '../src/documents/document-tasks.ts'
import { createMailer } from '../src/notifications/mailer.ts'
import { sendMail } from '../src/notifications/send-mail.ts'
import { sendPasswordReset } from '../src/notifications/send-password-reset.ts'
import { deliverEvent } from '../src/outgoing/deliver-event.ts'
import { createEndpointSecrets } from '../src/outgoing/endpoint-secret.ts'
import { createSlots } from '../src/outgoing/endpoint-slots.ts'
import { type PublishedLine, publishEvents } from '../src/outgoing/publish-events.ts'
import { runQueue } from '../src/tasks/task-runner.ts'
import { every } from './every.ts'
import { runProcess, type StartWorker } from './run.ts'

const requestsPerEndpoint = 4

/** Tells the outside what happened: makes events of the timelines, delivers them to merchants' endpoints, and mails buyers. */
export const notifications: StartWorker = (parts) => {
  const mailer = createMailer(parts.config)
  const taxRegisters = createTaxRegisters(parts.config, parts.database, parts.breakers)
  const objects = createEventObjects(parts.config)
  const tasksOf = (line: PublishedLine) => documentTasks(line, parts.config)
  const delivery = {
    ...parts,
    objects,
    secrets: createEndpointSecrets(parts.config),
    slots: createSlots(requestsPerEndpoint),
  }
  const queue = runQueue(parts, 'notifications', {
    'deliver-event': ({ taskId, payload }) => deliverEvent(delivery, { taskId, ...payload }),
    'verify-tax-identifier': async ({ taskId, payload }) => {
      await verifyTaxIdentifier({ ...parts, taxRegisters }, payload, taskId)
    },
    'send-password-reset': ({ taskId, payload }) => sendPasswordReset({ ...parts, mailer }, payload, taskId),
    'send-mail': ({ taskId, payload }) => sendMail({ ...parts, mailer }, payload, taskId),
  })
  return [
    {
      close: async () => {
        await queue.close()
        mailer.close()
      },
    },
    every(parts, 'events', parts.config.tasks.relayIntervalMs, async (stopped) => {
      // What was written meanwhile waits for the next round: under load a batch is then of many orders and not of two or three.
      while (!stopped.aborted && (await publishEvents(parts, objects, tasksOf)).full);
    }),
  ]
}

if (import.meta.main) await runProcess('notifications', notifications)
