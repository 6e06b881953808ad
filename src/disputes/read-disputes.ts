import { sql } from 'kysely'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { type Runs, runQuery } from '../database/statement.ts'
import type { DisputeState } from './dispute.state-machine.ts'

export type DisputeView = NonNullable<Awaited<ReturnType<typeof readDispute>>>

const columns = [
  'd.id',
  'd.order_id as orderId',
  'd.charge_id as chargeId',
  'd.provider',
  'd.provider_reference as providerReference',
  'd.amount',
  'd.currency',
  'd.reason',
  'd.state',
  'd.state_transitions as stateTransitions',
  'd.evidence_due_at as evidenceDueAt',
  'd.evidence_sent_at as evidenceSentAt',
  'd.created_at as createdAt',
] as const

/** One dispute about an order of a merchant's; undefined for an unknown id. Minor units. */
export async function readDispute(on: Runs, merchantId: string, id: string) {
  const [dispute] = await runQuery(on, (db) =>
    db
      .selectFrom('disputes as d')
      .innerJoin('orders as o', 'o.id', 'd.order_id')
      .select(columns)
      .where('d.id', '=', id)
      .where('o.merchant_id', '=', merchantId),
  )
  return dispute
}

/** All disputes about orders of a merchant's, newest first. Minor units. */
export const disputesOfOrders = (
  on: Runs,
  { merchantId, orderIds }: { merchantId: string; orderIds: readonly string[] },
): Promise<DisputeView[]> =>
  runQuery(on, (db) =>
    db
      .selectFrom('disputes as d')
      .innerJoin('orders as o', 'o.id', 'd.order_id')
      .select(columns)
      .where('o.merchant_id', '=', merchantId)
      .where(sql<boolean>`d.order_id = any(${orderIds}::text[])`)
      .orderBy('d.id', 'desc'),
  )

/** Disputes about orders of a merchant's, newest first. Minor units. */
type DisputeFilter = {
  orderId?: string | undefined
  state?: DisputeState | undefined
  created?: Period | undefined
}

export const listDisputes = (
  on: Runs,
  merchantId: string,
  { orderId, state, created }: DisputeFilter,
  page: Page,
): Promise<{ hasMore: boolean; rows: DisputeView[] }> =>
  readPage(on, page, 'd.id', (db) =>
    db
      .selectFrom('disputes as d')
      .innerJoin('orders as o', 'o.id', 'd.order_id')
      .select(columns)
      .where('o.merchant_id', '=', merchantId)
      .where((d) =>
        d.and([
          ...ifGiven(orderId, (wanted) => d('d.order_id', '=', wanted)),
          ...ifGiven(state, (wanted) => d('d.state', '=', wanted)),
          // Their ids sort like those of their orders.
          ...madeWithin('d', undefined, created),
        ]),
      ),
  )
