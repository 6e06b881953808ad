import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import type { OrderView } from '../order-view/read-order.ts'
import { TaskBusy } from '../tasks/task-error.ts'
import type { MailCause } from './mail-order.ts'
import { linkPaper, type PaperParts } from './paper-links.ts'

/** How long a mail about a refund waits for the credit memo that it links to. */
const memoMinutes = 10

const readRefund = statement<{ orderId: string; refundId: string }>()((db, $) =>
  db
    .selectFrom('refunds as r')
    .leftJoin('order_documents as d', (on) =>
      on.onRef('d.order_id', '=', 'r.order_id').onRef('d.refund_id', '=', 'r.id').on('d.kind', '=', 'credit_memo'),
    )
    .leftJoin('files as f', (on) => on.onRef('f.id', '=', 'd.file_id').on('f.state', '=', 'stored'))
    .select((r) => [
      'r.refunded_amount as refunded',
      sql<number>`case when ${r('r.state', '=', 'succeeded')} then ${r.ref('r.credit_amount')} else 0 end`.as('credit'),
      'r.merchant_id as merchantId',
      'f.id as fileId',
      r
        .and([
          r('r.updated_at', '>', sql<Date>`now() - make_interval(mins => ${sql.lit(memoMinutes)})`),
          r.or([
            r.exists(
              r
                .selectFrom('order_timeline as l')
                .select('l.id')
                .where('l.order_id', '=', $.orderId)
                .whereRef('l.subject_id', '=', 'r.id')
                .where('l.published_at', 'is', null),
            ),
            r.exists(
              r
                .selectFrom('tasks as t')
                .select('t.id')
                .where('t.order_id', '=', $.orderId)
                .where('t.job', '=', 'create-credit-memo')
                .where((t) => sql<boolean>`${t.ref('t.payload')} ->> 'refundId' = ${t.ref('r.id')}`)
                .where('t.state', 'in', ['pending', 'enqueued']),
            ),
          ]),
        ])
        .as('memoDue'),
    ])
    .where('r.id', '=', $.refundId)
    .where('r.order_id', '=', $.orderId),
)

/**
 * What a refund has given back, in minor units, with public links to its credit memo where there is one.
 * @throws TaskBusy while the credit memo is being made
 */
export async function readRefundedAmount(
  parts: PaperParts,
  order: Pick<OrderView, 'id' | 'liveMode'>,
  refundId: string,
): Promise<MailCause['refund']> {
  const [refund] = await readRefund(parts.database, { orderId: order.id, refundId })
  if (!refund) return undefined
  const { refunded, credit, merchantId, fileId } = refund
  const amount = refunded - credit
  if (fileId === null) {
    if (refund.memoDue) throw new TaskBusy('credit_memo_due')
    return { amount, credit }
  }
  return { amount, credit, creditMemo: await linkPaper(parts, { merchantId, fileId, liveMode: order.liveMode }) }
}
