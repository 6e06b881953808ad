import type { Sql } from '../database/database.ts'
import { ApiError } from '../platform/errors.ts'
import type { ErasureReport } from './erasure.entity.ts'

export type ErasureView = {
  id: string
  orderId: string | null
  customerId: string | null
  requestedAt: string
  doneAt: string | null
  report: ErasureReport | null
}

const columns = `id, order_id as "orderId", customer_id as "customerId", requested_at as "requestedAt", done_at as "doneAt", report`

/** @throws ApiError `not_found`, also for another merchant's (I11) */
export async function readErasure(sql: Sql, merchantId: string, id: string): Promise<ErasureView> {
  const [erasure] = await sql<ErasureView>(`select ${columns} from erasures where merchant_id = $1 and id = $2`, [
    merchantId,
    id,
  ])
  if (!erasure) throw new ApiError('not_found')
  return erasure
}

/** One page of a merchant's requests, newest first, in one statement. */
export async function listErasures(
  sql: Sql,
  merchantId: string,
  filter: { orderId?: string | undefined; customerId?: string | undefined },
  page: { limit: number; startingAfter?: string | undefined; endingBefore?: string | undefined },
): Promise<{ hasMore: boolean; erasures: ErasureView[] }> {
  const backwards = page.endingBefore !== undefined
  const rows = await sql<ErasureView>(
    `select ${columns} from erasures
     where merchant_id = $1 and ($2::text is null or order_id = $2) and ($3::text is null or customer_id = $3)
       and ($4::text is null or ${backwards ? 'id > $4' : 'id < $4'})
     order by id ${backwards ? 'asc' : 'desc'} limit $5`,
    [
      merchantId,
      filter.orderId ?? null,
      filter.customerId ?? null,
      page.endingBefore ?? page.startingAfter ?? null,
      page.limit + 1,
    ],
  )
  const erasures = rows.slice(0, page.limit)
  return { hasMore: rows.length > page.limit, erasures: backwards ? erasures.toReversed() : erasures }
}
