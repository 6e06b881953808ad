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

/**
 * What a refund has given back, in minor units, with a public link to its credit memo where there is one.
 * @throws TaskBusy while the credit memo is being made
 */
export async function readRefundedAmount(
  { database: { sql }, config, files }: Parts,
  order: Pick<OrderView, 'id' | 'liveMode'>,
  refundId: string,
): Promise<MailCause['refund']> {
  const [refund] = await sql<{ amount: number; merchantId: string; fileId: string | null; memoDue: boolean }>(
    `select r.refunded_amount as amount, r.merchant_id as "merchantId", f.id as "fileId",
       r.updated_at > now() - interval '${memoMinutes} minutes' and (
         exists (select 1 from order_timeline l where l.order_id = $1 and l.subject_id = r.id and l.published_at is null)
         or exists (select 1 from tasks t where t.order_id = $1 and t.job = 'create-credit-memo' and t.payload ->> 'refundId' = r.id
           and t.state in ('pending', 'enqueued'))) as "memoDue"
     from refunds r
       left join order_documents d on d.order_id = r.order_id and d.refund_id = r.id and d.kind = 'credit_memo'
       left join files f on f.id = d.file_id and f.state = 'stored'
     where r.id = $2 and r.order_id = $1`,
    [order.id, refundId],
  )
  if (!refund) return undefined
  const { amount, merchantId, fileId } = refund
  if (fileId === null) {
    if (refund.memoDue) throw new TaskBusy('credit_memo_due')
    return { amount }
  }
  const link = await createFileLink({ sql }, { merchantId, fileId, liveMode: order.liveMode })
  return { amount, creditMemoUrl: fileLinkUrl({ config, files }, link.id) }
}
