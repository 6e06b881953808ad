import type { ChargeEntryState } from '../charges/charge-entry.entity.ts'
import type { Sql } from '../database/database.ts'
import { type Page, readPage } from '../database/page.ts'
import type { GoodsOnTheirWay } from '../goods/call-off-goods.ts'
import { ApiError } from '../platform/errors.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { RefundItem, RefundOrigin, RefundShipping, RefundType } from './refund.entity.ts'
import type { RefundState } from './refund.state-machine.ts'

export type RefundView = {
  id: string
  orderId: string
  returnId: string | null
  type: RefundType | null
  currency: string
  amount: number
  refundedAmount: number
  percent: number | null
  items: RefundItem[]
  shipping: RefundShipping[]
  origin: RefundOrigin
  goods: GoodsOnTheirWay[]
  reason: string | null
  state: RefundState
  stateTransitions: Record<string, string>
  failureReason: string | null
  metadata: Record<string, string | number | boolean>
  liveMode: boolean
  createdAt: string
  charges: {
    id: string
    captured: boolean
    refunded: boolean
    sourceId: string | null
    refunds: { id: string; amount: number; state: ChargeEntryState; createdAt: string }[]
  }[]
}

const select = `select r.id, r.order_id as "orderId", r.return_id as "returnId", r.type, r.currency, r.amount,
  r.refunded_amount as "refundedAmount", r.percent, r.items, r.shipping, r.origin, r.goods, r.reason, r.state, r.state_transitions as "stateTransitions",
  r.failure_reason as "failureReason", r.metadata, r.live_mode as "liveMode", r.created_at as "createdAt",
  (select coalesce(json_agg(json_build_object('id', c.id, 'captured', c.captured_amount > 0, 'refunded', c.refunded_amount > 0,
      'sourceId', c.source_id, 'refunds', (select json_agg(json_build_object('id', e.id, 'amount', e.amount, 'state', e.state,
        'createdAt', e.created_at) order by e.created_at, e.id) from charge_entries e where e.charge_id = c.id and e.refund_id = r.id))
      order by c.created_at), '[]')
    from charges c where c.order_id = r.order_id
      and c.id in (select e.charge_id from charge_entries e where e.order_id = r.order_id and e.refund_id = r.id)) as charges
  from refunds r`

/** One refund, or undefined when it is not the merchant's. */
export async function readRefund(sql: Sql, merchantId: string, id: string): Promise<RefundView | undefined> {
  const [row] = await sql<RefundView>(`${select} where r.merchant_id = $1 and r.id = $2`, [merchantId, id])
  return row
}

/** A merchant's refunds, newest first. */
export async function listRefunds(
  sql: Sql,
  merchantId: string,
  filter: { orderId?: string | undefined; state?: RefundState | undefined },
  page: Page,
): Promise<{ hasMore: boolean; rows: RefundView[] }> {
  return readPage<RefundView>(sql, {
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

/** Merges the keys of a refund's metadata, the only thing of it that can change. @throws ApiError `not_found`, `invalid_metadata` */
export async function updateRefund(
  tx: Transaction,
  target: { merchantId: string; id: string },
  metadata: Record<string, string | number | boolean>,
): Promise<void> {
  const [updated] = await tx.sql<{ keys: number }>(
    `update refunds set metadata = metadata || $3::jsonb, updated_at = now() where merchant_id = $1 and id = $2
     returning (select count(*) from jsonb_object_keys(metadata)) as keys`,
    [target.merchantId, target.id, JSON.stringify(metadata)],
  )
  if (!updated) throw new ApiError('not_found')
  if (updated.keys > 20) throw new ApiError('invalid_metadata', { parameter: 'metadata' })
}
