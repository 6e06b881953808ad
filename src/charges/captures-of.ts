import { type RawBuilder, sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { db, type Hole, jsonList } from '../database/statement.ts'
import type { SplitLines } from '../splits/calculate-splits.ts'

/** What of a capture, of `operations as p`, was taken for which line. */
// Raw: an object of sums by a key that is a value has no builder.
const linesOfCapture: RawBuilder<SplitLines | null> = sql`(select jsonb_object_agg(taken.item, taken.amount) from (
  select e.order_item_id as item, sum(e.amount)::bigint as amount from charge_entries e
  where e.charge_id = p.charge_id and e.operation_id = p.id and e.kind = 'capture' and e.state = 'complete'
    and e.order_item_id is not null
  group by e.order_item_id) taken)`

/** The captures that were made of a charge, in their order, with what they were made for. Minor units. */
export const capturesOf = (charge: { id: Hole<string>; orderId: Hole<string> }) =>
  db
    .selectFrom('operations as p')
    .select((p) =>
      jsonList(
        jsonBuildObject({ id: p.ref('p.id'), amount: p.ref('p.amount').$notNull(), lines: linesOfCapture }),
        sql`${p.ref('p.completed_at')}, ${p.ref('p.id')}`,
      ).as('list'),
    )
    .where('p.order_id', '=', charge.orderId)
    .where('p.charge_id', '=', charge.id)
    .where('p.kind', '=', 'capture')
    .where('p.state', '=', 'complete')
