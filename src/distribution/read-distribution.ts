import type { Sql } from '../database/database.ts'
import type { SplitState } from '../splits/split.state-machine.ts'

export type SplitView = {
  id: string
  chargeId: string
  orderId: string
  kind: string
  recipient: string
  destination: string | null
  sellerId: string | null
  amount: number
  currency: string
  state: SplitState
  settlementReference: string | null
  createdAt: string
}

const columns = `s.id, s.charge_id as "chargeId", s.order_id as "orderId", s.kind, s.recipient, s.destination, s.seller_id as "sellerId", s.amount, s.currency, s.state,
  s.settlement_reference as "settlementReference", s.created_at as "createdAt"`

/** The splits of an order's payments, in the order they were planned; undefined when the order is not the merchant's. */
export async function readDistribution(
  sql: Sql,
  merchantId: string,
  orderId: string,
): Promise<SplitView[] | undefined> {
  const orders = await sql<{ id: string }>('select id from orders where id = $1 and merchant_id = $2', [
    orderId,
    merchantId,
  ])
  if (orders.length === 0) return undefined
  return sql<SplitView>(`select ${columns} from splits s where s.order_id = $1 order by s.charge_id, s.position`, [
    orderId,
  ])
}

/** Splits that are settled outside, newest first (R31). */
export async function listSettlements(
  sql: Sql,
  merchantId: string,
  filter: { state: 'recorded' | 'settled'; limit: number; startingAfter?: string | undefined },
): Promise<{ hasMore: boolean; splits: SplitView[] }> {
  const rows = await sql<SplitView>(
    `select ${columns} from splits s join orders o on o.id = s.order_id
     where o.merchant_id = $1 and s.state = $2 and ($3::text is null or s.id < $3) order by s.id desc limit $4`,
    [merchantId, filter.state, filter.startingAfter ?? null, filter.limit + 1],
  )
  return { hasMore: rows.length > filter.limit, splits: rows.slice(0, filter.limit) }
}
