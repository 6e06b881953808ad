import { expressionBuilder, type RawBuilder, sql } from 'kysely'
import { db, elementsOf, textAt } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { lineTotalOf } from '../orders/line-total.ts'

const i = expressionBuilder<{ i: Tables['order_items'] }, 'i'>()
const r = expressionBuilder<{ r: Tables['refunds'] }, 'r'>()

const refunds = db
  .selectFrom('refunds as r')
  .where('r.order_id', '=', i.ref('i.order_id'))
  .where('r.state', '<>', 'failed')

const linesLeft = db
  .selectFrom(
    db
      .selectFrom('order_items as i')
      .select(['i.order_id', 'i.refunded_amount', lineTotalOf.as('total')])
      .as('other'),
  )
  .select('other.order_id')
  .where('other.order_id', '=', i.ref('i.order_id'))
  .whereRef('other.refunded_amount', '<', 'other.total')

const refundedPieces = refunds
  .crossJoin(elementsOf(r.ref('r.items'), 'p'))
  .select((eb) => sql<number>`coalesce(sum((${textAt(eb.ref('p.item'), 'quantity')})::int), 0)`.as('pieces'))
  .where((eb) => eb(textAt(eb.ref('p.item'), 'itemId'), '=', i.ref('i.id')))
  .where((eb) => eb(textAt(eb.ref('p.item'), 'type'), 'is', null))

const givenBack = i.and([
  i('i.refunded_amount', '>=', lineTotalOf),
  i.or([i(lineTotalOf, '>', 0), i.not(i.exists(linesLeft))]),
  i.exists(refunds.select('r.id')),
])

/**
 * How many pieces of `order_items as i` must not leave: those that were cancelled, and those whose money goes back or is about to. A line
 * that is given back entirely keeps none; so does one without a price once all lines that have one are given back.
 */
export const stoppedPieces: RawBuilder<number> = sql<number>`case when ${givenBack} then ${i.ref('i.quantity')}
  else least(${i.ref('i.quantity')}, greatest(${i.ref('i.cancelled_quantity')}, ${refundedPieces})) end`
