import { z } from '@hono/zod-openapi'
import type { Coupon } from '../coupons/coupon.entity.ts'
import type { CouponFields } from '../coupons/coupons.ts'
import type { CouponTerms } from '../coupons/take-off.ts'
import { momentSchema } from '../platform/moments.ts'
import { toMajor } from '../platform/money.ts'
import { amountSchema, currencySchema, idParam, minorUnits } from './schemas.ts'

export const codeSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'may have 64 letters, digits, dashes and underscores')

const couponShape = z.object({
  code: codeSchema.optional().openapi({ description: 'Buyers may write it in any case.' }),
  percentOff: z.number().min(0.01).max(100).multipleOf(0.01).optional().openapi({
    description: 'Off the goods it is for. Give this or `amountOff`.',
  }),
  amountOff: amountSchema.optional().openapi({ description: 'Off the goods it is for, once an order.' }),
  currency: currencySchema.nullish().openapi({ description: 'Of its amounts; carts of another have no use for it.' }),
  skuIds: z.array(idParam).min(1).max(500).nullish().openapi({ description: 'The goods it is for; all without.' }),
  minimumAmount: amountSchema.nullish().openapi({ description: 'What all goods cost together before it, at least.' }),
  validFrom: momentSchema.nullish(),
  validUntil: momentSchema.nullish(),
  maxRedemptions: z.number().int().min(1).max(1_000_000_000).nullish(),
  oncePerBuyer: z.boolean().optional().openapi({ description: 'By the address, whatever tag it carries.' }),
  active: z.boolean().optional(),
})

export const couponChangesSchema = couponShape.refine(
  ({ percentOff, amountOff }) => percentOff === undefined || amountOff === undefined,
  'give percentOff or amountOff',
)

export const couponInputSchema = couponShape
  .extend({ code: codeSchema })
  .refine(
    ({ percentOff, amountOff }) => (percentOff === undefined) !== (amountOff === undefined),
    'give percentOff or amountOff',
  )

export const couponSchema = z
  .object({
    id: z.string(),
    code: z.string(),
    percentOff: z.number().optional(),
    amountOff: z.number().optional(),
    currency: z.string().nullable(),
    skuIds: z.array(z.string()).nullable(),
    minimumAmount: z.number().nullable(),
    validFrom: z.string().nullable(),
    validUntil: z.string().nullable(),
    maxRedemptions: z.number().int().nullable(),
    oncePerBuyer: z.boolean(),
    active: z.boolean(),
    redemptions: z.number().int().openapi({ description: 'Orders that have it and were not given up unpaid.' }),
    createdTime: z.string(),
  })
  .openapi('Coupon')

const bpsPerPercent = 100

/** What a coupon is of which nothing is said. */
export const newCoupon: Omit<CouponFields, 'code'> = {
  discountBps: null,
  amountOff: null,
  currency: null,
  skuIds: null,
  minimumAmount: null,
  validFrom: null,
  validUntil: null,
  maxRedemptions: null,
  oncePerBuyer: false,
  active: true,
}

/** A coupon as it becomes, of what its merchant says and what it was before. @throws ApiError `invalid_amount` */
export function toCouponFields<Before extends Omit<CouponFields, 'code'>>(
  input: z.infer<typeof couponChangesSchema>,
  before: Before,
): Before {
  const currency = keep(input.currency, before.currency)
  // Without a currency its amounts are refused for that, whatever their decimals.
  const minor = (amount: number, parameter: string) => minorUnits(amount, currency ?? 'USD', parameter)
  return {
    ...before,
    ...(input.code === undefined ? {} : { code: input.code }),
    ...(input.percentOff === undefined
      ? {}
      : { discountBps: Math.round(input.percentOff * bpsPerPercent), amountOff: null }),
    ...(input.amountOff === undefined ? {} : { amountOff: minor(input.amountOff, 'amountOff'), discountBps: null }),
    currency,
    skuIds: keep(input.skuIds, before.skuIds),
    minimumAmount: keep(
      given(input.minimumAmount, (amount) => minor(amount, 'minimumAmount')),
      before.minimumAmount,
    ),
    validFrom: keep(
      given(input.validFrom, (at) => new Date(at)),
      before.validFrom,
    ),
    validUntil: keep(
      given(input.validUntil, (at) => new Date(at)),
      before.validUntil,
    ),
    maxRedemptions: keep(input.maxRedemptions, before.maxRedemptions),
    oncePerBuyer: keep(input.oncePerBuyer, before.oncePerBuyer),
    active: keep(input.active, before.active),
  }
}

const keep = <T>(said: T | undefined, before: T): T => (said === undefined ? before : said)

/** What a value becomes; null takes away what was there, and nothing said is nothing said. */
const given = <T, U>(value: T | null | undefined, become: (value: T) => U): U | null | undefined =>
  value === null || value === undefined ? (value as null | undefined) : become(value)

/** What a coupon takes off, in the caller's units. */
export const toCouponTermsJson = ({ code, discountBps, amountOff }: CouponTerms, currency: string) => ({
  code,
  ...(discountBps === null ? {} : { percentOff: discountBps / bpsPerPercent }),
  ...(amountOff === null ? {} : { amountOff: toMajor(amountOff, currency) }),
})

/** A coupon as its merchant sees it. */
export function toCouponJson(coupon: Coupon): z.infer<typeof couponSchema> {
  const { currency = null, minimumAmount = null, skuIds = null, maxRedemptions = null } = coupon
  const { discountBps = null, amountOff = null } = coupon
  return {
    id: coupon.id,
    ...toCouponTermsJson({ ...coupon, currency, minimumAmount, skuIds, discountBps, amountOff }, currency ?? 'USD'),
    currency,
    skuIds,
    minimumAmount: minimumAmount === null ? null : toMajor(minimumAmount, currency ?? 'USD'),
    validFrom: coupon.validFrom?.toISOString() ?? null,
    validUntil: coupon.validUntil?.toISOString() ?? null,
    maxRedemptions,
    oncePerBuyer: coupon.oncePerBuyer,
    active: coupon.active,
    redemptions: coupon.redemptions,
    createdTime: coupon.createdAt.toISOString(),
  }
}
