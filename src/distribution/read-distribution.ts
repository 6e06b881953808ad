import { expressionBuilder, sql as text } from 'kysely'
import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven } from '../database/page.ts'
import { runQuery, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'

const s = expressionBuilder<{ s: Tables['splits'] }, 's'>()

/** What a split is shown by, of `splits as s`. */
const splitView = [
  s.ref('s.id').as('id'),
  s.ref('s.charge_id').as('chargeId'),
  s.ref('s.order_id').as('orderId'),
  s.ref('s.kind').as('kind'),
  s.ref('s.recipient').as('recipient'),
  s.ref('s.destination').as('destination'),
  s.ref('s.seller_id').as('sellerId'),
  s.ref('s.amount').as('amount'),
  s.ref('s.currency').as('currency'),
  s.ref('s.state').as('state'),
  s.ref('s.settlement_reference').as('settlementReference'),
  s.ref('s.created_at').as('createdAt'),
]

const findOrder = statement<{ orderId: string; merchantId: string }>()((db, $) =>
  db.selectFrom('orders').select('id').where('id', '=', $.orderId).where('merchant_id', '=', $.merchantId),
)

const readSplits = statement<{ orderId: string }>()((db, $) =>
  db
    .selectFrom('splits as s')
    .select(splitView)
    .where('s.order_id', '=', $.orderId)
    .orderBy('s.charge_id')
    .orderBy('s.position'),
)

export type SplitView = Awaited<ReturnType<typeof readSplits>>[number]

/** The splits of an order's payments, in the order they were planned; undefined when the order is not the merchant's. */
export async function readDistribution(
  sql: Sql,
  merchantId: string,
  orderId: string,
): Promise<SplitView[] | undefined> {
  const orders = await findOrder(sql, { orderId, merchantId })
  return orders.length === 0 ? undefined : readSplits(sql, { orderId })
}

/** Splits that are settled outside, newest first. */
export async function listSettlements(
  sql: Sql,
  merchantId: string,
  {
    state,
    created,
    limit,
    startingAfter,
  }: {
    state: 'recorded' | 'settled'
    created?: Period | undefined
    limit: number
    startingAfter?: string | undefined
  },
): Promise<{ hasMore: boolean; splits: SplitView[] }> {
  const rows = await runQuery(sql, (db) =>
    db
      .selectFrom('splits as s')
      .innerJoin('orders as o', 'o.id', 's.order_id')
      .select(splitView)
      .where('o.merchant_id', '=', merchantId)
      // Written out, so that the index of those that are settled outside is used.
      .where('s.state', '=', text.lit(state))
      .where((s) =>
        s.and([...madeWithin('s', undefined, created), ...ifGiven(startingAfter, (edge) => s('s.id', '<', edge))]),
      )
      .orderBy('s.id', 'desc')
      .limit(limit + 1),
  )
  return { hasMore: rows.length > limit, splits: rows.slice(0, limit) }
}
