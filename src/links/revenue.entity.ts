import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/**
 * What orders of one UTC day brought, in minor units, of whole orders, of one product, or by one link: `subject` says which. Orders that
 * have changed since the mark are not in it as they are now, see count-revenue.ts.
 */
export const RevenueSumEntity = defineEntity({
  name: 'RevenueSum',
  tableName: 'revenue_sums',
  properties: {
    merchantId: p.text().primary(),
    subject: p.text().primary(),
    day: p.date().primary(),
    currency: p.text().primary(),
    /** The product's. */
    name: p.text().nullable(),
    kept: p.bigint('number'),
    orderCount: p.bigint('number'),
    paidCount: p.bigint('number'),
  },
})

/** What of an order is in the sums, and whether its digital item was handed over by then: lists look for orders by that. */
export const CountedOrderEntity = defineEntity({
  name: 'CountedOrder',
  tableName: 'counted_orders',
  properties: {
    orderId: p.text().primary(),
    merchantId: p.text(),
    kept: p.bigint('number'),
    paid: p.boolean(),
    handedOver: p.boolean(),
  },
  indexes: [
    {
      name: 'counted_orders_paid',
      expression: 'create index counted_orders_paid on counted_orders (merchant_id, handed_over, order_id) where paid',
    },
  ],
})

/** The line of the timelines up to which the sums know every order; one row. */
export const RevenueMarkEntity = defineEntity({
  name: 'RevenueMark',
  tableName: 'revenue_marks',
  properties: {
    id: p.text().primary(),
    lineId: p.bigint('number'),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof RevenueSumEntity | typeof CountedOrderEntity | typeof RevenueMarkEntity> {}
}
