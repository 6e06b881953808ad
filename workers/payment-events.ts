import { applyPaymentEvent } from '../src/payments/apply-payment-event.ts'
import { cancelCharge } from '../src/payments/cancel-charge.ts'
import { expireOrder } from '../src/payments/cancel-order.ts'
import { reconcileCharge } from '../src/payments/reconcile-charge.ts'
import { refundCharge } from '../src/payments/refund-charge.ts'
import { refundOrder } from '../src/payments/refund-order.ts'
import { runQueue } from '../src/platform/task-runner.ts'
import { inTransaction } from '../src/platform/transaction.ts'
import { runProcess, type StartWorker } from './run.ts'

/** Applies what payment providers report, and gives payments up or back. */
export const paymentEvents: StartWorker = (parts) => [
  runQueue(parts, 'payment-events', {
    'apply-payment-event': ({ taskId, payload }) =>
      inTransaction(parts, async (tx) => {
        await applyPaymentEvent(tx, parts, payload.inboxEventId)
        tx.finish(taskId)
      }),
  }),
  runQueue(parts, 'payment-operations', {
    'reconcile-charge': ({ taskId, payload }) => reconcileCharge(parts, payload, 'sweep', taskId),
    'cancel-charge': ({ taskId, payload }) => cancelCharge(parts, payload, taskId),
    'refund-order': ({ taskId, payload }) => refundOrder(parts, payload.orderId, taskId),
    'refund-charge': ({ taskId, payload }) => refundCharge(parts, payload, taskId),
    'expire-order': ({ taskId, payload }) => expireOrder(parts, payload.orderId, taskId),
  }),
]

if (import.meta.main) await runProcess('payment-events', paymentEvents)
