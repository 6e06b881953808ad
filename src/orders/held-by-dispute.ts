import { type Expression, expressionBuilder, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'

const o = expressionBuilder<{ o: Tables['orders'] }, 'o'>()

/** Whether the money of `orders as o` is held or gone by a dispute, so that nothing may be downloaded. An inquiry moves no money. */
export const isHeldByDispute: RawBuilder<boolean> = sql<boolean>`coalesce(${o.ref('o.dispute_state')} in ('needs_response', 'under_review', 'lost'), false)`

/** What a task says that does nothing while a dispute holds the money of its order. */
export const heldByDispute = 'payment_disputed'

/** How a delivery of `orders as o` stands for its buyer: what is delivered is withdrawn while a dispute holds its money. */
export const deliveryState = <State>(state: Expression<State>): RawBuilder<State> =>
  sql<State>`case when ${isHeldByDispute} and ${state} = 'delivered' then 'revoked' else ${state} end`
