import { type Expression, expressionBuilder } from 'kysely'
import type { Tables } from '../database/tables.ts'

const from = expressionBuilder<Tables>()

/** Whether something of an order was handed over or is being bought: a label, a print job, a download. */
export const hasGoodsUnderWay = (orderId: Expression<string>) =>
  from.or([
    from.exists(
      from
        .selectFrom('shipments as s')
        .select('s.id')
        .where('s.order_id', '=', orderId)
        .where('s.state', '<>', 'created'),
    ),
    from.exists(
      from
        .selectFrom('order_items as i')
        .select('i.id')
        .where('i.order_id', '=', orderId)
        .where('i.fulfilled_quantity', '>', 0),
    ),
    from.exists(
      from
        .selectFrom('operations as p')
        .select('p.id')
        .where('p.order_id', '=', orderId)
        .where('p.kind', 'in', ['label', 'pod_order'])
        .where('p.state', '<>', 'failed'),
    ),
  ])
