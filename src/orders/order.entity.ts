import { defineEntity, p } from '@mikro-orm/postgresql'
import { skuKinds } from '../catalog/sku.entity.ts'
import type {
  Attribution,
  CheckoutDetails,
  SellerSnapshot,
  ShippingChoice,
  SubscriptionInfo,
} from '../checkouts/checkout.entity.ts'
import type { ItemDiscount } from '../checkouts/discount.ts'
import type { TablesOf } from '../database/tables.ts'
import type { Party } from '../parties/address.ts'
import { customerTypes } from '../parties/customer-type.ts'
import { fraudStates, itemStates, orderStates } from './order.state-machine.ts'

/** Why an order needs a person, and which task is waiting for one. */
export type Attention = { reason: string; taskId?: string | undefined; since: string }

/** A tax identifier as it stood when the order was made; its state is kept up to date. */
export type TaxIdentifierSnapshot = { id: string; type: string; value: string }

/** The sale as it is recorded with whoever calculated its tax. Minor units. */
export type TaxRecord = {
  /** The tax transaction's id there. */
  transaction: string
  /** What the calculation says too much: never taken, or given back before it was recorded. */
  notTaken: number
  /** The refunds that are in it. */
  refunds: readonly string[]
}

/** The coupon of an order, with its code as it was. */
export type OrderCoupon = { id: string; code: string }

/** The immutable snapshot of a checkout plus the states it goes through. Amounts in minor units of `currency`. */
export const OrderEntity = defineEntity({
  name: 'Order',
  tableName: 'orders',
  properties: {
    id: p.text().primary(),
    merchantId: p.text(),
    checkoutId: p.uuid().unique(),
    apiKeyId: p.text().nullable(),
    state: p.enum(orderStates),
    stateTransitions: p.json<Record<string, string>>(),
    fraudState: p.enum(fraudStates).nullable(),
    fraudStateTransitions: p.json<Record<string, string>>(),
    disputeState: p.text().nullable(),
    refundCount: p.integer().default(0),
    currency: p.text(),
    locale: p.text().default('en_US'),
    email: p.text(),
    customerId: p.text().nullable(),
    upstreamId: p.text().nullable(),
    /** The checkout link that sold it. */
    linkId: p.text().nullable(),
    buyerName: p.text().nullable(),
    /** Hash of what the browser holds that began this order at a checkout link. */
    buyerToken: p.text().nullable(),
    subtotal: p.bigint('number'),
    totalTax: p.bigint('number').default(0),
    totalDuty: p.bigint('number').default(0),
    totalFees: p.bigint('number').default(0),
    totalDiscount: p.bigint('number').default(0),
    totalShipping: p.bigint('number'),
    totalAmount: p.bigint('number'),
    /** The credit that pays a part of it, and how much: the rest is asked of a provider. */
    creditSourceId: p.uuid().nullable(),
    creditAmount: p.bigint('number').default(0),
    shipTo: p.json<Party>().nullable(),
    billTo: p.json<Party>().nullable(),
    shippingChoice: p.json<ShippingChoice>().nullable(),
    attribution: p.json<Attribution>().nullable(),
    attention: p.json<Attention>().nullable(),
    metadata: p.json<Record<string, string | number | boolean>>(),
    requestToBeForgotten: p.boolean().default(false),
    /** When everything that tells who bought was taken out of it. */
    erasedAt: p.datetime().nullable(),
    liveMode: p.boolean(),
    /** `engine`: our workers fulfil it when it is paid. `merchant`: its merchant does, and tells us by fulfillments. */
    fulfilledBy: p.enum(['engine', 'merchant'] as const).default('engine'),
    /** Being authorized by the request that makes it; nobody sees it before the provider has answered. */
    draft: p.boolean().default(false),
    /** Sells pieces of which there are so many: they are taken when it is paid. */
    countsStock: p.boolean().default(false),
    details: p.json<CheckoutDetails>().nullable(),
    taxRecord: p.json<TaxRecord>().nullable(),
    /** Which coupon made it cheaper; it counts as used until the order is given up unpaid. */
    coupon: p.json<OrderCoupon>().nullable(),
    taxInclusive: p.boolean().default(false),
    customerType: p.enum(customerTypes).default('individual'),
    taxIdentifiers: p.json<TaxIdentifierSnapshot[]>().nullable(),
    sellingEntity: p.json<SellerSnapshot>().nullable(),
    cancelReason: p.text().nullable(),
    /** Fulfilment tasks that are not finished yet; the one that brings it to zero starts the distribution. */
    openSteps: p.integer().default(0),
    expiresAt: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    // Lists are read by these, see find-orders.ts; each order is put into the first four, and moves in that of states.
    {
      name: 'orders_listed',
      expression: 'create index orders_listed on orders (merchant_id, id) where not draft',
    },
    {
      name: 'orders_in_state',
      expression: 'create index orders_in_state on orders (merchant_id, state, id) where not draft',
    },
    {
      name: 'orders_in_currency',
      expression: 'create index orders_in_currency on orders (merchant_id, currency, id) where not draft',
    },
    {
      name: 'orders_of_email',
      expression:
        'create index orders_of_email on orders (merchant_id, lower(email) text_pattern_ops, id) where not draft',
    },
    {
      name: 'orders_of_name',
      expression:
        'create index orders_of_name on orders (merchant_id, lower(buyer_name) text_pattern_ops, id) where buyer_name is not null and not draft',
    },
    {
      name: 'orders_of_customer',
      expression:
        'create index orders_of_customer on orders (merchant_id, customer_id, id) where customer_id is not null',
    },
    {
      name: 'orders_upstream',
      expression:
        'create index orders_upstream on orders (merchant_id, upstream_id, id) where upstream_id is not null and not draft',
    },
    {
      name: 'orders_screened',
      expression:
        'create index orders_screened on orders (merchant_id, fraud_state, id) where fraud_state is not null and not draft',
    },
    {
      name: 'orders_of_link',
      expression:
        'create index orders_of_link on orders (merchant_id, link_id, id) where link_id is not null and not draft',
    },
    {
      name: 'orders_of_buyer_token',
      expression: 'create index orders_of_buyer_token on orders (buyer_token) where buyer_token is not null',
    },
    {
      name: 'orders_erased',
      expression: 'create index orders_erased on orders (erased_at) where erased_at is not null',
    },
    {
      name: 'orders_expiring',
      expression: 'create index orders_expiring on orders (expires_at) where expires_at is not null',
    },
    {
      name: 'orders_attention',
      expression: 'create index orders_attention on orders (merchant_id, id) where attention is not null',
    },
  ],
})

/** One line of an order with everything its fulfilment needs. */
export const OrderItemEntity = defineEntity({
  name: 'OrderItem',
  tableName: 'order_items',
  properties: {
    id: p.text().primary(),
    orderId: p.text(),
    position: p.integer(),
    skuId: p.text().nullable(),
    sellerId: p.text(),
    kind: p.enum(skuKinds),
    product: p.json<Record<string, unknown>>(),
    quantity: p.integer(),
    unitPrice: p.bigint('number'),
    amount: p.bigint('number'),
    taxRate: p.double().$type<number>().default(0),
    taxAmount: p.bigint('number').default(0),
    shippingAmount: p.bigint('number').default(0),
    shippingTaxAmount: p.bigint('number').default(0),
    dutyAmount: p.bigint('number').default(0),
    feeAmount: p.bigint('number').default(0),
    feeTaxAmount: p.bigint('number').default(0),
    discount: p.json<ItemDiscount>().nullable(),
    subscription: p.json<SubscriptionInfo>().nullable(),
    shipFrom: p.json<Party>().nullable(),
    metadata: p.json<Record<string, string | number | boolean>>().nullable(),
    commissionBps: p.integer().nullable(),
    affiliateBps: p.integer().nullable(),
    state: p.enum(itemStates).default('created'),
    stateTransitions: p.json<Record<string, string>>(),
    fulfilledQuantity: p.integer().default(0),
    cancelledQuantity: p.integer().default(0),
    returnedQuantity: p.integer().default(0),
    /** Pieces that it has taken from the stock of its SKU and not given back; handed over they stay taken. */
    takenQuantity: p.integer().default(0),
    /** Given back or about to be, of everything this line cost. */
    refundedAmount: p.bigint('number').default(0),
    /** What of its price a credit pays, and what of `refundedAmount` goes back to that. */
    creditAmount: p.bigint('number').default(0),
    creditRefundedAmount: p.bigint('number').default(0),
  },
  indexes: [{ properties: ['orderId', 'position'] }, { properties: ['skuId', 'orderId'] }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof OrderEntity | typeof OrderItemEntity> {}
}
