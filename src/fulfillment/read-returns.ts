import type { Sql } from '../database/database.ts'
import { type Page, readPage } from '../database/page.ts'
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
  createdAt: string
  updatedAt: string
  refunds: { id: string; items: { itemId: string; amount: number }[] }[]
}

const select = `select r.id, r.order_id as "orderId", o.currency, r.items, r.reason, r.location, r.state, r.metadata,
  r.live_mode as "liveMode", r.created_at as "createdAt", r.updated_at as "updatedAt",
  (select coalesce(json_agg(json_build_object('id', f.id, 'items', f.items) order by f.id), '[]') from refunds f
    where f.order_id = r.order_id and f.return_id = r.id) as refunds
  from returns r join orders o on o.id = r.order_id`

/** One return, or undefined when it is not the merchant's. */
export async function readReturn(sql: Sql, merchantId: string, id: string): Promise<ReturnView | undefined> {
  const [row] = await sql<ReturnView>(`${select} where r.merchant_id = $1 and r.id = $2`, [merchantId, id])
  return row
}

/** A merchant's returns, newest first. */
export async function listReturns(
  sql: Sql,
  merchantId: string,
  filter: { orderId?: string | undefined; state?: 'created' | 'accepted' | undefined },
  page: Page,
): Promise<{ hasMore: boolean; rows: ReturnView[] }> {
  return readPage<ReturnView>(sql, {
    select,
    id: 'r.id',
    conditions: [
      [(value) => `r.merchant_id = ${value}`, merchantId],
      [(value) => `r.order_id = ${value}`, filter.orderId],
      [(value) => `r.state = ${value}`, filter.state],
    ],
    page,
  })
}
