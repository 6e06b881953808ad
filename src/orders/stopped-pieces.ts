import { lineTotalSql } from './line-total.ts'

/**
 * SQL for how many pieces of an item must not leave: those that were cancelled, and those whose money goes back or is about to. A line
 * that is given back entirely keeps none; so does one without a price once all lines that have one are given back.
 */
export const stoppedPiecesSql = (i: string): string => `
  case when ${i}.refunded_amount >= ${lineTotalSql(i)} and (${lineTotalSql(i)} > 0 or not exists (
      select 1 from order_items other where other.order_id = ${i}.order_id and other.refunded_amount < ${lineTotalSql('other')}))
      and exists (select 1 from refunds r where r.order_id = ${i}.order_id and r.state <> 'failed') then ${i}.quantity
    else least(${i}.quantity, greatest(${i}.cancelled_quantity, (select coalesce(sum((p ->> 'quantity')::int), 0)
      from refunds r, jsonb_array_elements(r.items) p where r.order_id = ${i}.order_id and r.state <> 'failed'
        and p ->> 'itemId' = ${i}.id and p ->> 'type' is null))) end`
