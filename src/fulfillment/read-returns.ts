import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { type db, jsonList, statement } from '../database/statement.ts'
import type { ReturnItem } from './fulfillment.entity.ts'

export type ReturnView = {
  id: string
  orderId: string
  currency: string
  items: ReturnItem[]
  reason: string | null
  location: Record<string, unknown> | null
  state: 'created' | 'accepted'
  metadata: Record<string, string | number | boolean>
  liveMode: boolean
  createdAt: Date
  updatedAt: Date
  refunds: { id: string; items: { itemId: string; amount: number }[] }[]
}

const selectReturns = (from: typeof db) =>
  from
    .selectFrom('returns as r')
    .innerJoin('orders as o', 'o.id', 'r.order_id')
    .select((r) => [
      'r.id',
      'r.order_id as orderId',
      'o.currency',
      'r.items',
      'r.reason',
      'r.location',
      'r.state',
      'r.metadata',
      'r.live_mode as liveMode',
      'r.created_at as createdAt',
      'r.updated_at as updatedAt',
      r
        .selectFrom('refunds as f')
        .select((f) =>
          jsonList(jsonBuildObject({ id: f.ref('f.id'), items: f.ref('f.items') }), f.ref('f.id')).as('list'),
        )
        .whereRef('f.order_id', '=', 'r.order_id')
        .whereRef('f.return_id', '=', 'r.id')
        .$asScalar()
        .$notNull()
        .as('refunds'),
    ])

const readOne = statement<{ merchantId: string; id: string }>()((db, $) =>
  selectReturns(db).where('r.merchant_id', '=', $.merchantId).where('r.id', '=', $.id),
)

/** One return, or undefined when it is not the merchant's. */
export async function readReturn(sql: Sql, merchantId: string, id: string): Promise<ReturnView | undefined> {
  const [row] = await readOne(sql, { merchantId, id })
  return row
}

/** A merchant's returns, newest first. */
export async function listReturns(
  sql: Sql,
  merchantId: string,
  filter: { orderId?: string | undefined; state?: 'created' | 'accepted' | undefined; created?: Period | undefined },
  page: Page,
): Promise<{ hasMore: boolean; rows: ReturnView[] }> {
  return readPage(sql, page, 'r.id', (from) =>
    selectReturns(from)
      .where('r.merchant_id', '=', merchantId)
      .where((r) =>
        r.and([
          ...ifGiven(filter.orderId, (orderId) => r('r.order_id', '=', orderId)),
          ...ifGiven(filter.state, (state) => r('r.state', '=', state)),
          ...madeWithin('r', 'return', filter.created),
        ]),
      ),
  )
}
