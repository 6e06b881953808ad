import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { type db, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import type { ErasureReport } from './erasure.entity.ts'

export type ErasureView = {
  id: string
  orderId: string | null
  customerId: string | null
  requestedAt: Date
  doneAt: Date | null
  report: ErasureReport | null
}

const selectErasures = (from: typeof db) =>
  from
    .selectFrom('erasures as e')
    .select([
      'e.id',
      'e.order_id as orderId',
      'e.customer_id as customerId',
      'e.requested_at as requestedAt',
      'e.done_at as doneAt',
      'e.report',
    ])

const readOne = statement<{ merchantId: string; id: string }>()((db, $) =>
  selectErasures(db).where('e.merchant_id', '=', $.merchantId).where('e.id', '=', $.id),
)

/** @throws ApiError `not_found`, also for another merchant's */
export async function readErasure(on: Sql, merchantId: string, id: string): Promise<ErasureView> {
  const [erasure] = await readOne(on, { merchantId, id })
  if (!erasure) throw new ApiError('not_found')
  return erasure
}

type ErasureFilter = {
  orderId?: string | undefined
  customerId?: string | undefined
  state?: 'waiting' | 'done' | undefined
  requested?: Period | undefined
}

/** One page of a merchant's requests, newest first, in one statement. */
export async function listErasures(
  on: Sql,
  merchantId: string,
  filter: ErasureFilter,
  page: Page,
): Promise<{ hasMore: boolean; erasures: ErasureView[] }> {
  const { hasMore, rows } = await readPage(on, page, 'e.id', (db) =>
    selectErasures(db)
      .where('e.merchant_id', '=', merchantId)
      .where((e) =>
        e.and([
          ...ifGiven(filter.orderId, (orderId) => e('e.order_id', '=', orderId)),
          ...ifGiven(filter.state, (state) => e('e.done_at', state === 'done' ? 'is not' : 'is', null)),
          ...madeWithin('e', 'erasure', filter.requested, 'requested_at'),
          ...ifGiven(filter.customerId, (customerId) => e('e.customer_id', '=', customerId)),
        ]),
      ),
  )
  return { hasMore, erasures: rows }
}
