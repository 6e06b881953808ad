import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import type { Address } from '../parties/address.ts'

/** Whether prices of carts and links bear tax: not at all, on top of the price, or within it. */
export const cartTaxes = ['none', 'exclusive', 'inclusive'] as const
export type CartTax = (typeof cartTaxes)[number]

/** A merchant account. With a `parent` it is a seller on its parent's marketplace: the parent's keys act for it. */
export const MerchantEntity = defineEntity({
  name: 'Merchant',
  tableName: 'merchants',
  properties: {
    id: p.text().primary(),
    parentId: p.text().nullable().index(),
    name: p.text(),
    email: p.text().nullable(),
    /** Platform commission; null takes the configured default. Basis points of the undiscounted price, plus a fixed amount per order in minor units. */
    commissionBps: p.integer().nullable(),
    commissionFixed: p.bigint('number').nullable(),
    /** Stripe Connect account that receives this merchant's share; without one the share is kept as credit. */
    stripeAccountId: p.text().nullable(),
    /** It may owe the platform something, which is kept back of its next shares. */
    inDebt: p.boolean().default(false),
    shipFrom: p.json<Address>().nullable(),
    cartTax: p.enum(cartTaxes).default('none'),
    createdAt: p.datetime().defaultRaw('now()'),
  },
})

export type Merchant = InferEntity<typeof MerchantEntity>

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof MerchantEntity> {}
}
