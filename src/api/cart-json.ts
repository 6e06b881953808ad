import { z } from '@hono/zod-openapi'
import { skuKinds } from '../catalog/sku.entity.ts'
import { type Cart, cartTotals, maxCartLines, maxQuantity } from '../checkouts/cart.ts'
import { iso } from '../database/database.ts'
import type { KeyOwner } from '../merchants/api-keys.ts'
import { addressSchema } from '../parties/address.ts'
import { toMajor } from '../platform/money.ts'
import { shippingChoiceSchema, toShippingChoiceJson } from './order-json.ts'
import { amountSchema, idParam, metadataSchema } from './schemas.ts'

export const itemInputSchema = z.object({
  skuId: idParam,
  quantity: z.number().int().min(1).max(maxQuantity).default(1),
})

export const cartChangesSchema = z.object({
  email: z.email().max(254).optional(),
  shipTo: addressSchema.optional(),
  billTo: addressSchema.optional(),
  shippingChoice: z
    .object({
      id: idParam.optional(),
      amount: amountSchema
        .optional()
        .openapi({ description: 'Secret key only; a storefront chooses a rate by its id.' }),
      description: z.string().max(200).optional(),
      serviceLevel: z.string().max(100).optional(),
    })
    .optional(),
  attribution: z.object({ affiliateId: idParam.optional(), referrerId: idParam.optional() }).optional().openapi({
    description: 'Secret key only: recipients who earn by this sale. A buyer earns nothing by the own order.',
  }),
  metadata: metadataSchema.optional(),
})

export const cartInputSchema = cartChangesSchema.extend({
  currency: z.string().length(3),
  items: z.array(itemInputSchema).max(maxCartLines).default([]),
})

const amount = z.number()

export const cartSchema = z
  .object({
    id: z.uuid(),
    createdTime: z.string(),
    updatedTime: z.string(),
    currency: z.string(),
    email: z.string().nullable(),
    items: z.array(
      z.object({
        id: z.string(),
        skuId: z.string(),
        merchantId: z.string(),
        name: z.string(),
        kind: z.enum(skuKinds),
        physical: z.boolean(),
        quantity: z.number().int(),
        price: amount,
        amount,
      }),
    ),
    shipTo: addressSchema.nullable(),
    billTo: addressSchema.nullable(),
    shippingChoice: shippingChoiceSchema.nullable(),
    attribution: z.object({ affiliateId: z.string().optional(), referrerId: z.string().optional() }).nullable(),
    subtotal: amount,
    totalShipping: amount,
    totalTax: amount,
    totalDiscount: amount,
    totalAmount: amount,
    locked: z.boolean(),
    metadata: metadataSchema,
  })
  .openapi('Cart')

/** A cart as callers see it; who earns by it only the merchant's server does. */
export function toCartJson(cart: Cart, { kind }: Pick<KeyOwner, 'kind'>): z.infer<typeof cartSchema> {
  const { currency } = cart
  const totals = cartTotals(cart)
  return {
    id: cart.id,
    createdTime: iso(cart.createdAt),
    updatedTime: iso(cart.updatedAt),
    currency,
    email: cart.email,
    items: cart.items.map(({ sellerId, unitPrice, ...item }) => ({
      ...item,
      merchantId: sellerId,
      physical: item.kind !== 'digital',
      price: toMajor(unitPrice, currency),
      amount: toMajor(unitPrice * item.quantity, currency),
    })),
    shipTo: cart.shipTo,
    billTo: cart.billTo,
    shippingChoice: toShippingChoiceJson(cart.shippingChoice, currency),
    attribution:
      kind === 'secret' && cart.attribution
        ? { affiliateId: cart.attribution.affiliateId, referrerId: cart.attribution.referrerId }
        : null,
    subtotal: toMajor(totals.subtotal, currency),
    totalShipping: toMajor(totals.shipping, currency),
    totalTax: 0,
    totalDiscount: 0,
    totalAmount: toMajor(totals.total, currency),
    locked: cart.lockedAt !== null,
    metadata: cart.metadata,
  }
}
