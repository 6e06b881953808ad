import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import type { PaymentMethod } from '../providers/payment-methods.ts'

/** A checkout link: a public page that sells one digital product. */
export const LinkEntity = defineEntity({
  name: 'Link',
  tableName: 'links',
  properties: {
    id: p.text().primary(),
    merchantId: p.text().index(),
    /** The SKU it sells. */
    productId: p.text(),
    slug: p.text().unique(),
    title: p.text(),
    /** Null offers every method that is configured. */
    paymentMethods: p.json<PaymentMethod[]>().nullable(),
    /** A coupon that its page applies, unless the buyer has another; as long as that may be used. */
    couponCode: p.text().nullable(),
    isActive: p.boolean().default(true),
    /** How many paid orders it sells; zero is unlimited. */
    maxUses: p.integer().default(0),
    /** Paid orders so far; counted under this row's lock when an order is accepted. */
    useCount: p.integer().default(0),
    /** How many pieces a buyer may take in one order; one where its seller has said nothing. */
    minQuantity: p.integer().default(1),
    maxQuantity: p.integer().default(1),
    expiresAt: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  checks: [
    { name: 'links_uses', expression: 'max_uses = 0 or use_count <= max_uses' },
    { name: 'links_quantity', expression: 'min_quantity > 0 and min_quantity <= max_quantity' },
  ],
})

export type Link = InferEntity<typeof LinkEntity>

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof LinkEntity> {}
}
