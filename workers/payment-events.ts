import { applyPaymentEvent } from '../src/confirmation/apply-payment-event.ts'
import { cancelCharge } from '../src/confirmation/cancel-charge.ts'
import { expireOrder } from '../src/confirmation/cancel-order.ts'
import { concludeOrder } from '../src/confirmation/conclude-order.ts'
import { reconcileCharge } from '../src/confirmation/reconcile-charge.ts'
import { screenOpenOrders } from '../src/confirmation/screen-open-orders.ts'
import { settleCharge } from '../src/confirmation/settle-charge.ts'
import { carryOutRefund, refundCharge } from '../src/refunds/carry-out-refund.ts'
import { checkRefund } from '../src/refunds/check-refund.ts'
import { takeBackDisputed } from '../src/refunds/take-back-disputed.ts'
import { finishSetup } from '../src/sources/finish-setup.ts'
import { inGroup } from '../src/tasks/in-group.ts'
import { runQueue } from '../src/tasks/task-runner.ts'
import { runProcess, type StartWorker } from './run.ts'

/** Applies what payment providers report, and gives payments up or back. */
export const paymentEvents: StartWorker = (parts) => [
  runQueue(parts, 'payment-events', {
    'apply-payment-event': ({ taskId, payload }) =>
      inGroup(parts, { kind: 'apply-payment-event', about: payload.inboxEventId }, async (tx) => {
        await applyPaymentEvent(tx, parts, payload.inboxEventId)
        tx.finish(taskId)
      }),
  }),
  runQueue(parts, 'payment-operations', {
    'reconcile-charge': ({ taskId, payload }) => reconcileCharge(parts, payload, 'sweep', taskId),
    'cancel-charge': async ({ taskId, payload }) => {
      await cancelCharge(parts, payload, taskId)
    },
    'finish-setup': async ({ taskId, payload }) => {
      await finishSetup(parts, payload.sourceId, taskId)
    },
    'conclude-order': async ({ taskId, payload }) => {
      await concludeOrder(parts, payload, taskId)
    },
    'screen-open-orders': ({ taskId }) => screenOpenOrders(parts, taskId),
    'settle-charge': ({ taskId, payload }) => settleCharge(parts, payload, taskId),
    'carry-out-refund': ({ taskId, payload }) => carryOutRefund(parts, payload, taskId),
    'take-back-disputed': ({ taskId, payload }) => takeBackDisputed(parts, payload, taskId),
    'check-refund': ({ taskId, payload }) => checkRefund(parts, payload, taskId),
    'refund-charge': ({ taskId, payload }) => refundCharge(parts, payload, taskId),
    'expire-order': ({ taskId, payload }) => expireOrder(parts, payload, taskId),
  }),
]

if (import.meta.main) await runProcess('payment-events', paymentEvents)
