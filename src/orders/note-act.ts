import type { Transaction } from '../tasks/transaction.ts'

/** What people do to orders by hand, as the timeline calls it. */
export type Act =
  | 'note changed'
  | 'tags changed'
  | 'address changed'
  | 'refund asked for'
  | 'goods handed over'
  | 'label called off'
  | 'print job called off'
  | 'sent again'
  | 'printed again'
  | 'delivery repeated'
  | 'delivery replaced'
  | 'called delivered'
  | 'task repeated'

/** Writes down who has done something to an order by hand. */
export function noteAct(
  tx: Pick<Transaction, 'note'>,
  { orderId, by, act }: { orderId: string; by: string; act: Act },
) {
  tx.note({ orderId, kind: 'note', subject: 'order', subjectId: orderId, cause: `${act} by ${by}`, detail: { by } })
}
