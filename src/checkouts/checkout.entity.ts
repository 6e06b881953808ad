import { defineEntity, p } from '@mikro-orm/postgresql'
import type { Address } from './address.ts'
import type { ShippingPart } from './shipping-rates.ts'

export type Attribution = {
  affiliateId?: string | undefined
  referrerId?: string | undefined
  referrerBps?: number | undefined
}
export type ShippingChoice = {
  id?: string | undefined
  /** Minor units. */
  amount: number
  description: string
  serviceLevel: string
  /** What the parcels and print jobs behind this choice will cost the platform, per seller. */
  parts: ShippingPart[]
}

/** The mutable basket; a cart is the same thing seen by a storefront. Locked once an order was made of it. */
export const CheckoutEntity = defineEntity({
  name: 'Checkout',
  tableName: 'checkouts',
  properties: {
    id: p.uuid().primary(),
    merchantId: p.text().index(),
    currency: p.text(),
    email: p.text().nullable(),
    shipTo: p.json<Address>().nullable(),
    billTo: p.json<Address>().nullable(),
    shippingChoice: p.json<ShippingChoice>().nullable(),
    attribution: p.json<Attribution>().nullable(),
    metadata: p.json<Record<string, string | number | boolean>>(),
    lockedAt: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
})

/** A line of a basket. Price and rates are those of the moment it was added, so that the buyer pays what the basket showed. */
export const CheckoutItemEntity = defineEntity({
  name: 'CheckoutItem',
  tableName: 'checkout_items',
  properties: {
    id: p.text().primary(),
    checkoutId: p.uuid().index(),
    skuId: p.text(),
    quantity: p.integer(),
    unitPrice: p.bigint('number'),
    affiliateBps: p.integer().nullable(),
    commissionBps: p.integer().nullable(),
    position: p.integer(),
  },
})

/** A shipping offer made to a basket; choosing it by id is the only way a storefront sets a shipping amount. */
export const ShippingRateEntity = defineEntity({
  name: 'ShippingRate',
  tableName: 'shipping_rates',
  properties: {
    id: p.text().primary(),
    checkoutId: p.uuid().index(),
    amount: p.bigint('number'),
    description: p.text(),
    serviceLevel: p.text(),
    carrier: p.text(),
    deliveryDays: p.integer().nullable(),
    parts: p.json<ShippingPart[]>(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
})
