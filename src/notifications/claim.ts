import { statement } from '../database/statement.ts'
import type { MailCause } from './mail-order.ts'

const readOpen = statement<{ orderId: string; entryId: string }>()((db, $) =>
  db
    .selectFrom('charge_entries')
    .select((e) => ['amount', e.ref('claim_url').$notNull().as('url')])
    .where('id', '=', $.entryId)
    .where('order_id', '=', $.orderId)
    .where('claim_url', 'is not', null)
    .where('state', 'in', ['pending', 'pending_information']),
)

/** Money that waits for a buyer to fetch it, in minor units, and where; undefined once it was fetched or withdrawn. */
export async function readClaim(
  on: Parameters<typeof readOpen>[0],
  { orderId, causeId }: { orderId: string; causeId: string | undefined },
): Promise<MailCause['claim']> {
  const [claim] = await readOpen(on, { orderId, entryId: causeId ?? '' })
  return claim
}
