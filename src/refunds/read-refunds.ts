import { expressionBuilder, sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { ChargeEntryState } from '../charges/charge-entry.entity.ts'
import type { SunkCost } from '../charges/sunk-cost.ts'
import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { type db, jsonList, merged, now, runQuery, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
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
  creditAmount: number
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
  createdAt: Date
  charges: {
    id: string
    captured: boolean
    refunded: boolean
    sourceId: string | null
    refunds: EntryOfRefund[]
  }[]
}

type EntryOfRefund = {
  id: string
  amount: number
  state: ChargeEntryState
  costs: SunkCost[] | null
  claimUrl: string | null
  createdAt: string
}

const e = expressionBuilder<{ e: Tables['charge_entries'] }, 'e'>()
const entryOfRefund = jsonBuildObject({
  id: e.ref('e.id'),
  amount: e.ref('e.amount'),
  state: e.ref('e.state'),
  costs: e.ref('e.costs'),
  claimUrl: e.ref('e.claim_url'),
  createdAt: e.ref('e.created_at'),
})

const selectRefunds = (from: typeof db) =>
  from.selectFrom('refunds as r').select((r) => [
    'r.id',
    'r.order_id as orderId',
    'r.return_id as returnId',
    'r.type',
    'r.currency',
    'r.amount',
    'r.refunded_amount as refundedAmount',
    'r.credit_amount as creditAmount',
    'r.percent',
    'r.items',
    'r.shipping',
    'r.origin',
    'r.goods',
    'r.reason',
    'r.state',
    'r.state_transitions as stateTransitions',
    'r.failure_reason as failureReason',
    'r.metadata',
    'r.live_mode as liveMode',
    'r.created_at as createdAt',
    r
      .selectFrom('charges as c')
      .select((c) =>
        jsonList(
          jsonBuildObject({
            id: c.ref('c.id'),
            captured: c('c.captured_amount', '>', 0).$castTo<boolean>(),
            refunded: c('c.refunded_amount', '>', 0).$castTo<boolean>(),
            sourceId: c.ref('c.source_id'),
            refunds: c
              .selectFrom('charge_entries as e')
              .select((e) =>
                sql<EntryOfRefund[]>`json_agg(${entryOfRefund} order by ${e.ref('e.created_at')}, ${e.ref('e.id')})`.as(
                  'list',
                ),
              )
              .whereRef('e.charge_id', '=', 'c.id')
              .whereRef('e.refund_id', '=', 'r.id')
              .$asScalar(),
          }),
          c.ref('c.created_at'),
        ).as('list'),
      )
      .whereRef('c.order_id', '=', 'r.order_id')
      .where((c) =>
        c(
          'c.id',
          'in',
          c
            .selectFrom('charge_entries as e')
            .select('e.charge_id')
            .whereRef('e.order_id', '=', 'r.order_id')
            .whereRef('e.refund_id', '=', 'r.id'),
        ),
      )
      .$asScalar()
      .$notNull()
      .as('charges'),
  ])

const readOne = statement<{ merchantId: string; id: string }>()((db, $) =>
  selectRefunds(db).where('r.merchant_id', '=', $.merchantId).where('r.id', '=', $.id),
)

/** One refund, or undefined when it is not the merchant's. */
export async function readRefund(on: Sql, merchantId: string, id: string): Promise<RefundView | undefined> {
  const [row] = await readOne(on, { merchantId, id })
  return row
}

/** All refunds of orders of a merchant's, newest first. */
export const refundsOfOrders = (
  on: Sql,
  { merchantId, orderIds }: { merchantId: string; orderIds: readonly string[] },
): Promise<RefundView[]> =>
  runQuery(on, (from) =>
    selectRefunds(from)
      .where('r.merchant_id', '=', merchantId)
      .where(sql<boolean>`r.order_id = any(${orderIds}::text[])`)
      .orderBy('r.id', 'desc'),
  )

/** A merchant's refunds, newest first. */
export async function listRefunds(
  on: Sql,
  merchantId: string,
  filter: { orderId?: string | undefined; state?: RefundState | undefined; created?: Period | undefined },
  page: Page,
): Promise<{ hasMore: boolean; rows: RefundView[] }> {
  return readPage(on, page, 'r.id', (from) =>
    selectRefunds(from)
      .where('r.merchant_id', '=', merchantId)
      .where((r) =>
        r.and([
          ...ifGiven(filter.orderId, (orderId) => r('r.order_id', '=', orderId)),
          ...ifGiven(filter.state, (state) => r('r.state', '=', state)),
          ...madeWithin('r', 'refund', filter.created),
        ]),
      ),
  )
}

const mergeMetadata = statement<{ merchantId: string; id: string; metadata: RefundView['metadata'] }>()((db, $) =>
  db
    .updateTable('refunds')
    .set((r) => ({ metadata: merged(r.ref('metadata'), $.metadata), updated_at: now }))
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.id)
    .returning((r) => sql<number>`(select count(*) from jsonb_object_keys(${r.ref('metadata')}))`.as('keys')),
)

/** Merges the keys of a refund's metadata, the only thing of it that can change. @throws ApiError `not_found`, `invalid_metadata` */
export async function updateRefund(
  tx: Transaction,
  target: { merchantId: string; id: string },
  metadata: Record<string, string | number | boolean>,
): Promise<void> {
  const [updated] = await mergeMetadata(tx, { ...target, metadata })
  if (!updated) throw new ApiError('not_found')
  if (updated.keys > 20) throw new ApiError('invalid_metadata', { parameter: 'metadata' })
}
