import type { ByHand, Discrepancy, OurBooks, ProviderBooks } from './books.ts'
import { handOf } from './by-hand.ts'

/** What stands still after everything has come to rest: tasks, webhooks and operations without an end, saga steps without a task. */
export function unfinishedWork(ours: OurBooks, theirs: ProviderBooks, byHand: readonly ByHand[]): Discrepancy[] {
  const found: Discrepancy[] = []
  const report = (what: string, orderId: string | null, detail: string) =>
    found.push({ verdict: 'unfinished', what, orderId, detail })

  for (const task of ours.tasks)
    if (task.state !== 'done')
      report(
        'task',
        task.orderId,
        `${task.job} ${task.id} is ${task.state}${task.lastError ? `: ${task.lastError}` : ''}`,
      )
  for (const event of ours.events)
    if (!event.handled || event.outcome === 'orphaned')
      report(
        'webhook',
        event.orderId,
        `${event.provider} ${event.type} ${event.eventId} is ${event.outcome ?? 'unhandled'}`,
      )
  const { givenBack } = handOf(byHand)
  const refunded = new Set(theirs.intents.flatMap(({ id, orderId }) => (givenBack.has(id) ? [orderId] : [])))
  const standing = new Set(theirs.transfers.flatMap((t) => (t.amount > t.reversed ? [t.orderId] : [])))
  // A cancellation that the payment was faster than has ended, too: there was nothing left to cancel. So has what was called off, and a
  // reversal or a refund that somebody in a dashboard was faster with.
  const ended = ({ kind, failureCode, orderId }: OurBooks['operations'][number]) =>
    kind === 'cancel' ||
    failureCode === 'called_off' ||
    (kind === 'transfer_reversal' && !standing.has(orderId)) ||
    (kind === 'refund' && refunded.has(orderId))
  for (const operation of ours.operations)
    if (operation.state !== 'complete' && !(operation.state === 'failed' && ended(operation)))
      report('operation', operation.orderId, `${operation.kind} ${operation.id} is ${operation.state}`)
  for (const order of ours.orders)
    if (order.state === 'accepted') report('order', order.id, 'it is paid and stays accepted')
  return found
}
