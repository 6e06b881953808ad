import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import type { GoodsOnTheirWay } from '../goods/call-off-goods.ts'
import type { LinePrice } from '../orders/line-price.ts'
import type { ItemBefore } from '../orders/move-items.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import { refundStates } from './refund.state-machine.ts'

export const refundTypes = ['shipping', 'tax', 'duty', 'importer_tax'] as const
export type RefundType = (typeof refundTypes)[number]

/** What is given back of one line. Minor units. */
export type RefundItem = {
  itemId: string
  skuId?: string | undefined
  quantity?: number | undefined
  percent?: number | undefined
  type?: 'shipping' | 'fees' | 'duty' | undefined
  amount: number
  /** What of it goes back to the buyer's credit, and is not paid by a provider. */
  credit?: number | undefined
  /** What of the line's price it is, fixed when the refund was asked for. Refunds from before have none. */
  parts?: LinePrice | undefined
}

/** What of an item's share is paid back by a provider. */
export const moneyOf = ({ amount, credit = 0 }: Pick<RefundItem, 'amount' | 'credit'>): number => amount - credit

/** What is given back of the shipping that a seller's buyer paid beside the lines. Minor units. */
export type RefundShipping = { sellerId: string; amount: number }

/** An order and its items as they were before a refund closed them: so they are again should the bank send the money back. */
export type ClosedByRefund = {
  /** Null where only items were closed. */
  from: OrderState | null
  items: ItemBefore[]
}

export const refundOrigins = ['ordermill', 'provider'] as const
/** `provider`: made there by somebody else than us, such as in its dashboard. */
export type RefundOrigin = (typeof refundOrigins)[number]

/** Money of an order that goes back to its buyer, wholly or in part. `amount` in minor units of `currency`. */
export const RefundEntity = defineEntity({
  name: 'Refund',
  tableName: 'refunds',
  properties: {
    id: p.text().primary(),
    orderId: p.text().index(),
    merchantId: p.text(),
    returnId: p.text().nullable(),
    type: p.enum(refundTypes).nullable(),
    currency: p.text(),
    amount: p.bigint('number'),
    refundedAmount: p.bigint('number').default(0),
    /** Of `amount`: goes back to the buyer's credit, and counts in `refundedAmount` as soon as the refund has succeeded. */
    creditAmount: p.bigint('number').default(0),
    percent: p.double().$type<number>().nullable(),
    items: p.json<RefundItem[]>().default('[]'),
    shipping: p.json<RefundShipping[]>().default('[]'),
    origin: p.enum(refundOrigins).default('ordermill'),
    closed: p.json<ClosedByRefund>().nullable(),
    /** Paid back although some of its goods are on their way. */
    forced: p.boolean().default(false),
    goods: p.json<GoodsOnTheirWay[]>().default('[]'),
    reason: p.text().nullable(),
    state: p.enum(refundStates).default('pending'),
    stateTransitions: p.json<Record<string, string>>(),
    failureReason: p.text().nullable(),
    metadata: p.json<Record<string, string | number | boolean>>(),
    liveMode: p.boolean(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [{ properties: ['merchantId', 'id'] }, { properties: ['merchantId', 'state', 'id'] }],
  checks: [{ name: 'refunds_within', expression: 'amount > 0 and refunded_amount <= amount' }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof RefundEntity> {}
}
