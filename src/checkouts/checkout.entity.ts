import { defineEntity, p } from '@mikro-orm/postgresql'
import type { CouponTerms } from '../coupons/take-off.ts'
import type { TablesOf } from '../database/tables.ts'
import type { Party } from '../parties/address.ts'
import { customerTypes } from '../parties/customer-type.ts'
import type { TaxExemption } from '../tax/tax-certificate.ts'
import type { TaxQuote } from './cart-tax.ts'
import type { Discount, ItemDiscount } from './discount.ts'
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
  shippingTerms?: 'DDP' | 'DAP' | undefined
  /** Before the shipping discount; absent where there is none. */
  listAmount?: number | undefined
  taxAmount?: number | undefined
  /** What the parcels and print jobs behind this choice will cost the platform, per seller. */
  parts: ShippingPart[]
}

/** What a subscription line carries; `billingAgreementId` is ours, `subscriptionId` the client's. */
export type SubscriptionInfo = {
  freeTrial?: boolean | undefined
  autoRenewal?: boolean | undefined
  terms?: string | undefined
  planId?: string | undefined
  subscriptionId?: string | undefined
  billingAgreementId?: string | undefined
  startTime?: string | undefined
  endTime?: string | undefined
}

export const chargeTypes = ['customer_initiated', 'merchant_initiated', 'moto'] as const
export type ChargeType = (typeof chargeTypes)[number]

/** What a Digital River checkout holds beside the basket, copied to its order as it is. */
export type CheckoutDetails = {
  upstreamId?: string | undefined
  browserIp?: string | undefined
  applicationId?: string | undefined
  shipFrom?: Party | undefined
  organization?: { id?: string | undefined } | undefined
  discount?: Discount | undefined
  shippingDiscount?: Discount | undefined
  purchaseLocation?: { country: string; state?: string | undefined; postalCode?: string | undefined } | undefined
  chargeType?: ChargeType | undefined
  /** The order whose goods this one replaces. */
  exchangeOf?: string | undefined
  taxTreatment?: string | undefined
  /** Fractions; of shipping absent where each line's own rate is its shipping's, too. */
  shippingTaxRate?: number | undefined
  feeTaxRate?: number | undefined
  taxReference?: string | undefined
  /** The certificates that freed it from tax, as they were. */
  taxExemption?: TaxExemption[] | undefined
  /** Hash of the `Idempotency-Key` of the request that made the order. */
  submissionKey?: string | undefined
}

/** Whoever sells: the entity whose name and disclosures the buyer is shown. */
export type SellerSnapshot = {
  id: string
  /** The merchant it belongs to, which owes its taxes; null where that is the platform. */
  ownerId?: string | null | undefined
  name: string
  country: string
  address?: Record<string, unknown> | undefined
  taxIdentifiers?: { type: string; value: string }[] | undefined
  disclosures: { type: string; localizedText: string; url?: string | undefined }[]
}

/** The mutable basket; a cart is the same thing seen by a storefront. Locked once an order was made of it. */
export const CheckoutEntity = defineEntity({
  name: 'Checkout',
  tableName: 'checkouts',
  properties: {
    id: p.uuid().primary(),
    merchantId: p.text().index(),
    /** The key a cart was made with; a publishable key sees and touches only its own. */
    apiKeyId: p.text().nullable(),
    currency: p.text(),
    email: p.text().nullable(),
    /** `cart`: priced by its items alone. `checkout`: taxed, with a selling entity and perhaps a source. */
    kind: p.enum(['cart', 'checkout'] as const).default('cart'),
    customerId: p.text().nullable(),
    locale: p.text().default('en_US'),
    shipTo: p.json<Party>().nullable(),
    billTo: p.json<Party>().nullable(),
    shippingChoice: p.json<ShippingChoice>().nullable(),
    attribution: p.json<Attribution>().nullable(),
    metadata: p.json<Record<string, string | number | boolean>>(),
    details: p.json<CheckoutDetails>().nullable(),
    /** What a cart's coupon takes off: as it was when the cart took it, so that the buyer pays what the basket showed. */
    coupon: p.json<CouponTerms>().nullable(),
    taxInclusive: p.boolean().default(false),
    customerType: p.enum(customerTypes).default('individual'),
    taxIdentifierIds: p.json<string[]>().nullable(),
    sellingEntity: p.json<SellerSnapshot>().nullable(),
    /** The tax of a cart, for as long as it is the one that was asked about. */
    taxQuote: p.json<TaxQuote>().nullable(),
    sourceId: p.uuid().nullable(),
    /** The credit of the buyer's that pays beside the source. */
    creditSourceId: p.uuid().nullable(),
    subtotal: p.bigint('number').default(0),
    totalTax: p.bigint('number').default(0),
    totalDuty: p.bigint('number').default(0),
    totalFees: p.bigint('number').default(0),
    totalDiscount: p.bigint('number').default(0),
    totalShipping: p.bigint('number').default(0),
    totalAmount: p.bigint('number').default(0),
    lockedAt: p.datetime().nullable(),
    deletedAt: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    // Carts are in no list.
    {
      name: 'checkouts_listed',
      expression: `create index checkouts_listed on checkouts (merchant_id, id) where kind = 'checkout'`,
    },
    {
      name: 'checkouts_of_email',
      expression: `create index checkouts_of_email on checkouts (merchant_id, email, id) where kind = 'checkout'`,
    },
    {
      name: 'checkouts_of_customer',
      expression: `create index checkouts_of_customer on checkouts (merchant_id, customer_id, id) where kind = 'checkout'`,
    },
  ],
})

/** A line of a basket. Price and rates are those of the moment it was added, so that the buyer pays what the basket showed. */
export const CheckoutItemEntity = defineEntity({
  name: 'CheckoutItem',
  tableName: 'checkout_items',
  properties: {
    id: p.text().primary(),
    checkoutId: p.uuid().index(),
    /** Null for a product that is described inline. */
    skuId: p.text().nullable(),
    product: p.json<Record<string, unknown>>().nullable(),
    quantity: p.integer(),
    unitPrice: p.bigint('number'),
    affiliateBps: p.integer().nullable(),
    commissionBps: p.integer().nullable(),
    position: p.integer(),
    discount: p.json<ItemDiscount>().nullable(),
    subscription: p.json<SubscriptionInfo>().nullable(),
    shipFrom: p.json<Party>().nullable(),
    metadata: p.json<Record<string, string | number | boolean>>().nullable(),
    /** The price of all pieces together, where that was given. */
    aggregatePrice: p.bigint('number').nullable(),
    /** Net of discounts and tax; null on a cart, whose lines are price × quantity before any discount. */
    amount: p.bigint('number').nullable(),
    taxRate: p.double().$type<number>().default(0),
    taxAmount: p.bigint('number').default(0),
    shippingAmount: p.bigint('number').default(0),
    shippingTaxAmount: p.bigint('number').default(0),
    dutyAmount: p.bigint('number').default(0),
    feeAmount: p.bigint('number').default(0),
    feeTaxAmount: p.bigint('number').default(0),
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

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof CheckoutEntity | typeof CheckoutItemEntity | typeof ShippingRateEntity> {}
}
