import type { Expression } from 'kysely'
import { db, scalar } from '../database/statement.ts'

/** How many items of an order are not handed over yet. */
export const openItems = (orderId: Expression<string>) =>
  scalar(
    db
      .selectFrom('order_items as i')
      .select((i) => i.fn.countAll<number>().as('count'))
      .where('i.order_id', '=', orderId)
      .where('i.state', '=', 'created'),
  )
