import { z } from '@hono/zod-openapi'
import { skuKinds } from '../catalog/sku.entity.ts'
import { type Cart, maxCartLines, maxQuantity } from '../checkouts/cart.ts'
import { type PricedCart, priceCart } from '../checkouts/price-cart.ts'
import { iso } from '../database/database.ts'
import type { KeyOwner } from '../merchants/api-keys.ts'
import { addressSchema } from '../parties/address.ts'
import { toMajor } from '../platform/money.ts'
import { discountSchema, optionalLocaleSchema } from './checkout-json.ts'
import { codeSchema, toCouponTermsJson } from './coupon-json.ts'
import { shippingChoiceSchema, toDiscountJson, toShippingChoiceJson } from './order-json.ts'
import { amountSchema, idParam, metadataSchema } from './schemas.ts'

export const itemInputSchema = z.object({
  skuId: idParam,
  quantity: z.number().int().min(1).max(maxQuantity).default(1),
  discount: discountSchema.nullish().openapi({ description: 'Secret key only: off this line, an amount once.' }),
})

export const cartChangesSchema = z.object({
  email: z.email().max(254).optional(),
  locale: optionalLocaleSchema,
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
  discount: discountSchema.nullish().openapi({
    description: 'Secret key only: off the whole cart, spread over its lines. Null takes it away.',
  }),
  couponCode: codeSchema.nullish().openapi({
    description:
      'Off what is left then. Null takes it away. Whoever guesses codes with a publishable key is slowed down.',
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
    locale: z.string(),
    items: z.array(
      z.object({
        id: z.string(),
        skuId: z.string(),
        merchantId: z.string(),
        name: z.string(),
        kind: z.enum(skuKinds),
        physical: z.boolean(),
        quantity: z.number().int(),
        price: amount.openapi({ description: 'Of one piece, before any discount.' }),
        discount: z.object({ amountOff: amount }).nullable().openapi({ description: 'All that is off this line.' }),
        amount: amount.openapi({
          description: 'What the line costs after it, without its tax once that is calculated.',
        }),
        tax: z.object({ rate: amount, amount }),
      }),
    ),
    shipTo: addressSchema.nullable(),
    billTo: addressSchema.nullable(),
    shippingChoice: shippingChoiceSchema.nullable(),
    attribution: z.object({ affiliateId: z.string().optional(), referrerId: z.string().optional() }).nullable(),
    discount: z.looseObject({ amountOff: amount.optional(), percentOff: amount.optional() }).nullable(),
    coupon: z
      .object({
        code: z.string(),
        amountOff: amount.optional(),
        percentOff: amount.optional(),
        problem: z
          .enum(['coupon_not_valid', 'coupon_minimum_not_met', 'coupon_not_applicable'])
          .optional()
          .openapi({ description: 'Why it takes nothing off. An order of this cart is refused for it.' }),
      })
      .nullable(),
    subtotal: amount,
    totalShipping: amount,
    totalTax: amount,
    taxState: z.enum(['none', 'needed', 'calculated']).openapi({
      description:
        '`needed`: prices bear tax, and it has to be asked for with `POST /v2/carts/{id}/tax` before an order is made.',
    }),
    totalDiscount: amount,
    totalAmount: amount,
    locked: z.boolean(),
    metadata: metadataSchema,
  })
  .openapi('Cart')

/** A cart as callers see it; who earns by it only the merchant's server does. */
export function toCartJson(cart: Cart, { kind }: Pick<KeyOwner, 'kind'>): z.infer<typeof cartSchema> {
  const { currency } = cart
  // What has become an order costs what it cost then, though its coupon may be used up by it.
  const price = priceCart(cart.lockedAt === null ? cart : { ...cart, couponIsOpen: true })
  return {
    id: cart.id,
    createdTime: iso(cart.createdAt),
    updatedTime: iso(cart.updatedAt),
    currency,
    email: cart.email,
    locale: cart.locale,
    items: cart.items.map(({ sellerId, unitPrice, discount: _given, taxCode: _code, ...item }, index) => ({
      ...item,
      merchantId: sellerId,
      physical: item.kind !== 'digital',
      price: toMajor(unitPrice, currency),
      ...toLineJson(price.lines[index], currency),
    })),
    shipTo: cart.shipTo,
    billTo: cart.billTo,
    shippingChoice: toShippingChoiceJson(cart.shippingChoice, currency),
    attribution:
      kind === 'secret' && cart.attribution
        ? { affiliateId: cart.attribution.affiliateId, referrerId: cart.attribution.referrerId }
        : null,
    discount: cart.discount && toDiscountJson(cart.discount, currency),
    coupon: cart.coupon && {
      ...toCouponTermsJson(cart.coupon, currency),
      ...(price.couponProblem ? { problem: price.couponProblem } : {}),
    },
    subtotal: toMajor(
      price.lines.reduce((sum, { amount }) => sum + amount, 0),
      currency,
    ),
    totalShipping: toMajor(price.totalShipping, currency),
    totalTax: toMajor(price.totalTax, currency),
    taxState: price.taxState,
    totalDiscount: toMajor(price.totalDiscount, currency),
    totalAmount: toMajor(price.totalAmount, currency),
    locked: cart.lockedAt !== null,
    metadata: cart.metadata,
  }
}

/** What a line costs after all that is off it. */
const toLineJson = (line: PricedCart['lines'][number] | undefined, currency: string) => ({
  discount: line && line.off > 0 ? { amountOff: toMajor(line.off, currency) } : null,
  amount: toMajor(line?.amount ?? 0, currency),
  tax: { rate: line?.taxRate ?? 0, amount: toMajor(line?.taxAmount ?? 0, currency) },
})
