import { z } from '@hono/zod-openapi'
import type { Sku } from '../../../catalog/sku.entity.ts'
import { maxQuantity } from '../../../checkouts/cart.ts'
import { iso } from '../../../database/database.ts'
import { type DigitalOrder, digitalStatus, digitalStatuses } from '../../../links/digital-orders.ts'
import type { Link } from '../../../links/link.entity.ts'
import type { ProductFields } from '../../../links/products.ts'
import { ApiError } from '../../../platform/errors.ts'
import { paymentMethods } from '../../../providers/payment-methods.ts'
import { codeSchema } from '../../coupon-json.ts'
import { amountSchema, currencySchema, idParam, majorUnits, minorUnits } from '../../schemas.ts'

export const contentTypes = ['file', 'link', 'text'] as const
const httpUrl = z.url({ protocol: /^https?$/ }).max(2000)

/** Digital content of the closed list of types; files and links are addresses. */
export const deliverySchema = z.object({
  content_type: z.enum(contentTypes),
  delivery_content: z.string().min(1).max(20_000),
})

/** @throws ApiError `invalid_parameter` when a file or link is no address */
export function toContent({ content_type: contentType, delivery_content: content }: z.infer<typeof deliverySchema>) {
  if (contentType !== 'text' && !httpUrl.safeParse(content).success) {
    throw new ApiError('invalid_parameter', {
      message: 'delivery_content: must be an http(s) URL for this content type',
      parameter: 'delivery_content',
    })
  }
  return { contentType, content }
}

export const productInputSchema = deliverySchema.extend({
  name: z.string().trim().min(1).max(200),
  price: amountSchema,
  currency: currencySchema,
  description: z.string().max(5000).optional(),
  image_url: httpUrl.optional(),
  licensed: z.boolean().default(false),
  download_limit: z.number().int().min(1).max(100_000).optional(),
})

export const productSchema = productInputSchema
  .extend({ id: z.string(), licensed: z.boolean(), created_at: z.string() })
  .openapi('DigitalProduct')

/** @throws ApiError `invalid_amount`, `invalid_parameter` */
export function toProductFields(input: z.infer<typeof productInputSchema>): ProductFields {
  if (input.licensed && input.content_type !== 'text') {
    throw new ApiError('invalid_parameter', {
      message: 'licensed: licence keys are delivered as text',
      parameter: 'licensed',
    })
  }
  return {
    name: input.name,
    price: minorUnits(input.price, input.currency, 'price'),
    currency: input.currency,
    description: input.description ?? null,
    imageUrl: input.image_url ?? null,
    delivery: toContent(input),
    licensed: input.licensed,
    downloadLimit: input.download_limit ?? null,
  }
}

export const toProductJson = (sku: Sku): z.infer<typeof productSchema> => ({
  id: sku.id,
  name: sku.name,
  price: majorUnits(sku.price, sku.currency),
  currency: sku.currency,
  ...(sku.description ? { description: sku.description } : {}),
  ...(sku.imageUrl ? { image_url: sku.imageUrl } : {}),
  content_type: sku.delivery?.contentType ?? 'text',
  delivery_content: sku.delivery?.content ?? '',
  licensed: sku.licensed,
  ...(sku.downloadLimit ? { download_limit: sku.downloadLimit } : {}),
  created_at: sku.createdAt.toISOString(),
})

const quantitySchema = z.number().int().min(1).max(maxQuantity)

export const linkInputSchema = z.object({
  product_id: idParam,
  slug: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'may have 64 lower-case letters, digits and dashes'),
  title: z.string().trim().min(1).max(200),
  payment_methods: z.array(z.enum(paymentMethods)).min(1).optional(),
  max_uses: z.number().int().min(0).max(1_000_000_000).default(0),
  min_quantity: quantitySchema.default(1),
  max_quantity: quantitySchema.default(1),
  expires_at: z.iso.datetime({ offset: true }).nullish(),
  coupon_code: codeSchema
    .nullish()
    .openapi({ description: 'A coupon that its page applies, as long as it may be used.' }),
})

export const linkChangesSchema = linkInputSchema.partial().extend({
  max_uses: z.number().int().min(0).max(1_000_000_000).optional(),
  min_quantity: quantitySchema.optional(),
  max_quantity: quantitySchema.optional(),
  is_active: z.boolean().optional(),
})

export const linkSchema = z
  .object({
    id: z.string(),
    product_id: z.string(),
    slug: z.string(),
    title: z.string(),
    url: z.string(),
    payment_methods: z.array(z.enum(paymentMethods)).nullable(),
    is_active: z.boolean(),
    max_uses: z.number().int(),
    use_count: z.number().int(),
    min_quantity: z.number().int(),
    max_quantity: z.number().int(),
    expires_at: z.string().nullable(),
    coupon_code: z.string().nullable(),
    created_at: z.string(),
  })
  .openapi('CheckoutLink')

export const toLinkJson = (link: Link, publicUrl: string): z.infer<typeof linkSchema> => ({
  id: link.id,
  product_id: link.productId,
  slug: link.slug,
  title: link.title,
  url: `${publicUrl}/c/${link.slug}`,
  payment_methods: link.paymentMethods ?? null,
  is_active: link.isActive,
  max_uses: link.maxUses,
  use_count: link.useCount,
  min_quantity: link.minQuantity,
  max_quantity: link.maxQuantity,
  expires_at: link.expiresAt?.toISOString() ?? null,
  coupon_code: link.couponCode ?? null,
  created_at: link.createdAt.toISOString(),
})

export const digitalOrderSchema = z
  .object({
    id: z.string(),
    status: z.enum(digitalStatuses),
    buyer_email: z.string(),
    buyer_name: z.string().nullable(),
    amount: z.number(),
    currency: z.string(),
    refunded_amount: z.number(),
    product_name: z.string(),
    link_id: z.string().nullable(),
    slug: z.string().nullable(),
    delivery_content: z.string().nullable(),
    content_type: z.enum(contentTypes).nullable(),
    attention: z.string().nullable(),
    created_at: z.string(),
  })
  .openapi('DigitalOrder')

/** An order as its seller sees it. */
export const toDigitalOrderJson = (order: DigitalOrder): z.infer<typeof digitalOrderSchema> => ({
  id: order.id,
  status: digitalStatus(order),
  buyer_email: order.email,
  buyer_name: order.buyerName,
  amount: majorUnits(order.amount, order.currency),
  currency: order.currency,
  refunded_amount: majorUnits(order.refunded, order.currency),
  product_name: order.productName,
  link_id: order.linkId,
  slug: order.slug,
  delivery_content: order.content,
  content_type: order.contentType,
  attention: order.attention?.reason ?? null,
  created_at: iso(order.createdAt),
})
