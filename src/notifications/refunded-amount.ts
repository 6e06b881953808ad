import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import { createFileLink, fileLinkUrl } from '../files/file-links.ts'
import type { FileParts } from '../files/files.ts'
import type { OrderView } from '../order-view/read-order.ts'
import type { Config } from '../platform/config.ts'
import { TaskBusy } from '../tasks/task-error.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import type { MailCause } from './mail-order.ts'

type Parts = Pick<UnitOfWork, 'database'> & Pick<FileParts, 'files'> & { config: Config }

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
      'r.refunded_amount as amount',
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
 * What a refund has given back, in minor units, with a public link to its credit memo where there is one.
 * @throws TaskBusy while the credit memo is being made
 */
export async function readRefundedAmount(
  { database, config, files }: Parts,
  order: Pick<OrderView, 'id' | 'liveMode'>,
  refundId: string,
): Promise<MailCause['refund']> {
  const [refund] = await readRefund(database, { orderId: order.id, refundId })
  if (!refund) return undefined
  const { amount, merchantId, fileId } = refund
  if (fileId === null) {
    if (refund.memoDue) throw new TaskBusy('credit_memo_due')
    return { amount }
  }
  const link = await createFileLink(database, { merchantId, fileId, liveMode: order.liveMode })
  return { amount, creditMemoUrl: fileLinkUrl({ config, files }, link.id) }
}
