import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** A code that makes a basket cheaper. Amounts in minor units of `currency`. */
export const CouponEntity = defineEntity({
  name: 'Coupon',
  tableName: 'coupons',
  properties: {
    id: p.text().primary(),
    merchantId: p.text(),
    /** As its merchant writes it; buyers may write it in any case. */
    code: p.text(),
    /** What it takes off: a share of the goods, or an amount once. One of the two is null. */
    discountBps: p.integer().nullable(),
    amountOff: p.bigint('number').nullable(),
    /** Of its amounts; null where it has none. */
    currency: p.text().nullable(),
    /** The goods that it takes off from; null for all. */
    skuIds: p.json<string[]>().nullable(),
    /** What all goods of a basket have to cost together before it, at least. */
    minimumAmount: p.bigint('number').nullable(),
    validFrom: p.datetime().nullable(),
    validUntil: p.datetime().nullable(),
    /** How many orders it is for; null for any number. */
    maxRedemptions: p.integer().nullable(),
    oncePerBuyer: p.boolean().default(false),
    active: p.boolean().default(true),
    /** Orders so far that have it and were not given up unpaid; counted under this row's lock. */
    redemptions: p.integer().default(0),
    createdAt: p.datetime().defaultRaw('now()'),
    deletedAt: p.datetime().nullable(),
  },
  indexes: [
    {
      name: 'coupons_code',
      expression: 'create unique index coupons_code on coupons (merchant_id, lower(code)) where deleted_at is null',
    },
    {
      name: 'coupons_listed',
      expression: 'create index coupons_listed on coupons (merchant_id, id) where deleted_at is null',
    },
    {
      name: 'coupons_named',
      expression:
        'create index coupons_named on coupons (merchant_id, lower(code) text_pattern_ops) where deleted_at is null',
    },
  ],
  checks: [{ name: 'coupons_take_one_thing_off', expression: '(discount_bps is null) <> (amount_off is null)' }],
})

export type Coupon = InferEntity<typeof CouponEntity>

/** An order that a coupon was used for; gone when the order was given up before it was paid. */
export const CouponRedemptionEntity = defineEntity({
  name: 'CouponRedemption',
  tableName: 'coupon_redemptions',
  properties: {
    couponId: p.text().primary(),
    orderId: p.text().primary(),
    /** Hash of the buyer's address, the same for every tag in it; null once the buyer is forgotten. */
    buyerHash: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [{ properties: ['orderId'] }, { properties: ['couponId', 'buyerHash'] }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof CouponEntity | typeof CouponRedemptionEntity> {}
}
