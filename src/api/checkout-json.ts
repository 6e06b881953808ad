import { z } from '@hono/zod-openapi'
import { creditIn, sessionOfCheckout } from '../charges/payment-session.ts'
import type { CheckoutChanges, CheckoutItemChanges } from '../checkouts/change-checkout.ts'
import { chargeTypes } from '../checkouts/checkout.entity.ts'
import type { Checkout } from '../checkouts/checkout.ts'
import type { CheckoutItemInput } from '../checkouts/checkout-lines.ts'
import type { Discount } from '../checkouts/discount.ts'
import { iso } from '../database/database.ts'
import { partySchema } from '../parties/address.ts'
import { customerTypes } from '../parties/customer-type.ts'
import { toMajor } from '../platform/money.ts'
import { creditType } from '../providers/source-types.ts'
import {
  shippingChoiceSchema,
  toDetailsJson,
  toDiscountJson,
  toSellingEntityJson,
  toShippingChoiceJson,
} from './order-json.ts'
import { sessionSchema, sourceSchema, toSessionJson, toSourceJson } from './payment-json.ts'
import { amountSchema, currencySchema, idParam, metadataSchema, minorUnits } from './schemas.ts'
import { taxIdentifierSchema, toTaxIdentifierJson } from './tax-identifier-json.ts'

const maxLines = 100
const localeSchema = z
  .string()
  .regex(/^[a-z]{2,3}([_-][A-Z][a-z]{3})?([_-][A-Z]{2})?$/, 'must be a locale such as en_US')

/** Some shops have a locale of this name, which says nothing of a language. */
const unsaid = 'default'

export const optionalLocaleSchema = z
  .union([localeSchema, z.literal(unsaid)])
  .transform((locale) => (locale === unsaid ? undefined : locale.replace('-', '_')))
  .optional()

export const discountSchema = z
  .object({ amountOff: amountSchema.optional(), percentOff: z.number().min(0.01).max(100).optional() })
  .refine(
    (discount) => (discount.amountOff === undefined) !== (discount.percentOff === undefined),
    'give amountOff or percentOff',
  )

const subscriptionSchema = z.object({
  freeTrial: z.boolean().optional(),
  autoRenewal: z.boolean().optional(),
  terms: z.string().max(5000).optional(),
  planId: z.string().max(255).optional(),
  subscriptionId: z.string().max(255).optional(),
  billingAgreementId: z.string().max(255).optional(),
  startTime: z.iso.datetime().optional(),
  endTime: z.iso.datetime().optional(),
})

const productSchema = z.looseObject({
  id: z.string().max(255).optional(),
  name: z.string().trim().min(1).max(500),
  description: z.string().max(4000).optional(),
  url: z.string().max(2000).optional(),
  image: z.string().max(2000).optional(),
  partNumber: z.string().max(255).optional(),
  countryOfOrigin: z.string().length(2).optional(),
  weight: z.number().min(0).optional(),
  weightUnit: z.enum(['oz', 'lb', 'g', 'kg']).optional(),
  skuGroupId: z.string().max(255).optional(),
  taxCode: z.string().max(100).optional(),
  /** Whether it is shipped; a product with a weight is, unless this says otherwise. */
  physical: z.boolean().optional(),
})

const lineSchema = z.object({
  skuId: idParam.optional(),
  productDetails: productSchema.optional(),
  quantity: z.number().int().min(1).max(10_000).default(1),
  price: amountSchema.optional(),
  aggregatePrice: amountSchema.optional(),
  discount: z
    .object({
      amountOff: amountSchema.optional(),
      percentOff: z.number().min(0.01).max(100).optional(),
      quantity: z.number().int().min(1).optional(),
    })
    .optional(),
  subscriptionInfo: subscriptionSchema.optional(),
  shipFrom: partySchema.optional(),
  fees: z
    .object({ amount: amountSchema })
    .optional()
    .openapi({ description: 'Charged beside the price, such as a battery fee.' }),
  duties: z.object({ amount: amountSchema }).optional().openapi({ description: 'Import duties; they bear no tax.' }),
  metadata: metadataSchema.optional(),
})

const changesShape = {
  customerId: idParam.optional(),
  sourceId: z.uuid().optional(),
  email: z.email().max(254).optional(),
  locale: optionalLocaleSchema,
  applicationId: z.string().max(255).optional(),
  browserIp: z.union([z.ipv4(), z.ipv6()]).optional(),
  upstreamId: z.string().max(255).optional(),
  taxIdentifiers: z
    .array(z.looseObject({ id: z.string().max(64) }))
    .max(10)
    .optional(),
  shipFrom: partySchema.optional(),
  shipTo: partySchema.optional(),
  billTo: partySchema.optional(),
  organization: z.looseObject({ id: z.string().max(255).optional() }).optional(),
  shippingChoice: z
    .object({
      id: z.string().max(64).optional(),
      amount: amountSchema.default(0),
      description: z.string().max(500).optional(),
      serviceLevel: z.string().max(100).optional(),
      shippingTerms: z.enum(['DDP', 'DAP']).optional(),
    })
    .nullable()
    .optional(),
  discount: discountSchema.optional(),
  exchangeOf: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: 'The order whose goods this one replaces; its invoice names it.' }),
  shippingDiscount: discountSchema.optional(),
  chargeType: z.enum(chargeTypes).optional(),
  customerType: z.enum(customerTypes).optional(),
  taxInclusive: z.boolean().optional(),
  purchaseLocation: z
    .object({
      country: z.string().length(2),
      state: z.string().max(100).optional(),
      postalCode: z.string().max(20).optional(),
    })
    .optional(),
  metadata: metadataSchema.optional(),
}

export const checkoutInputSchema = z.object({
  ...changesShape,
  currency: currencySchema,
  items: z.array(lineSchema).min(1).max(maxLines),
})

/** Items cannot be added and quantities not changed once a checkout is made. */
export const checkoutUpdateSchema = z.object({
  ...changesShape,
  items: z
    .array(
      z.object({
        skuId: idParam.optional(),
        subscriptionInfo: subscriptionSchema.optional(),
        shipFrom: partySchema.optional(),
        metadata: metadataSchema.optional(),
      }),
    )
    .max(maxLines)
    .optional(),
})

/** @throws ApiError `invalid_amount` */
export function toCheckoutChanges(
  input: Omit<z.infer<typeof checkoutUpdateSchema>, 'items'>,
  currency: string,
): CheckoutChanges {
  const { shippingChoice, taxIdentifiers, upstreamId, browserIp, applicationId, shipFrom, organization } = input
  const details = {
    upstreamId,
    browserIp,
    applicationId,
    shipFrom,
    organization,
    discount: toDiscount(input.discount, currency, 'discount'),
    exchangeOf: input.exchangeOf,
    shippingDiscount: toDiscount(input.shippingDiscount, currency, 'shippingDiscount'),
    purchaseLocation: input.purchaseLocation,
    chargeType: input.chargeType,
  }
  return {
    customerId: input.customerId,
    sourceId: input.sourceId,
    email: input.email,
    locale: input.locale,
    shipTo: input.shipTo,
    billTo: input.billTo,
    metadata: input.metadata,
    taxInclusive: input.taxInclusive,
    customerType: input.customerType,
    taxIdentifierIds: taxIdentifiers?.map(({ id }) => id),
    details: Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)),
    shippingChoice: shippingChoice && {
      amount: minorUnits(shippingChoice.amount, currency, 'shippingChoice.amount'),
      description: shippingChoice.description ?? '',
      serviceLevel: shippingChoice.serviceLevel ?? '',
      shippingTerms: shippingChoice.shippingTerms,
    },
  }
}

/** @throws ApiError `invalid_amount` */
export function toCheckoutItems(
  items: z.infer<typeof checkoutInputSchema>['items'],
  currency: string,
): CheckoutItemInput[] {
  return items.map(
    ({ productDetails, subscriptionInfo, price, aggregatePrice, discount, fees, duties, ...item }, index) => ({
      ...item,
      fee: minorUnits(fees?.amount ?? 0, currency, `items[${index}].fees.amount`),
      duty: minorUnits(duties?.amount ?? 0, currency, `items[${index}].duties.amount`),
      product: productDetails && {
        ...productDetails,
        physical: productDetails.physical ?? productDetails.weight !== undefined,
      },
      subscription: subscriptionInfo,
      price: price === undefined ? undefined : minorUnits(price, currency, `items[${index}].price`),
      aggregatePrice:
        aggregatePrice === undefined
          ? undefined
          : minorUnits(aggregatePrice, currency, `items[${index}].aggregatePrice`),
      discount: discount && {
        ...toDiscount(discount, currency, `items[${index}].discount`),
        ...(discount.quantity === undefined ? {} : { quantity: discount.quantity }),
      },
    }),
  )
}

export const toItemChanges = (items: z.infer<typeof checkoutUpdateSchema>['items']): CheckoutItemChanges[] =>
  (items ?? []).map(({ subscriptionInfo, ...item }) => ({ ...item, subscription: subscriptionInfo }))

/** @throws ApiError `invalid_amount` naming the parameter */
export function toDiscount(
  discount: { amountOff?: number | undefined; percentOff?: number | undefined } | undefined,
  currency: string,
  parameter: string,
): Discount | undefined {
  if (!discount) return undefined
  if (discount.amountOff === undefined) return { percentOff: discount.percentOff }
  return { amountOff: minorUnits(discount.amountOff, currency, `${parameter}.amountOff`) }
}

const amount = z.number()

export const checkoutSchema = z
  .looseObject({
    id: z.uuid(),
    createdTime: z.iso.datetime(),
    updatedTime: z.iso.datetime(),
    currency: z.string(),
    customerId: z.string().optional(),
    email: z.string().optional(),
    locale: z.string(),
    items: z.array(
      z.looseObject({ id: z.string(), amount, quantity: z.number(), tax: z.object({ rate: amount, amount }) }),
    ),
    subtotal: amount,
    totalTax: amount,
    totalDuty: amount,
    totalFees: amount,
    totalDiscount: amount,
    totalShipping: amount,
    totalAmount: amount,
    shippingChoice: shippingChoiceSchema.optional(),
    taxIdentifiers: z.array(taxIdentifierSchema),
    sellingEntity: z.looseObject({}),
    payment: z.object({ sources: z.array(sourceSchema), session: sessionSchema }),
    paymentSessionId: z
      .string()
      .openapi({ description: "The session's id, where older clients of Digital River look for it." }),
    metadata: metadataSchema,
    liveMode: z.boolean(),
  })
  .openapi('Checkout')

/** What a source is to pay of a checkout: a credit its own amount, the other one the rest. Minor units. */
const paidBy = ({ type, amount }: Checkout['sources'][number], { sources, totalAmount }: Checkout) => ({
  amount: type === creditType ? amount : totalAmount - creditIn(sources, totalAmount),
})

/** A checkout as callers see it: taxed, with its selling entity and its payment session. */
export function toCheckoutJson(checkout: Checkout, liveMode: boolean): z.infer<typeof checkoutSchema> {
  const { currency, details } = checkout
  const major = (minor: number) => toMajor(minor, currency)
  const choice = toShippingChoiceJson(checkout.shippingChoice, currency)
  const [primary] = checkout.sources
  const session = toSessionJson(sessionOfCheckout(checkout), currency, primary)
  return {
    id: checkout.id,
    createdTime: iso(checkout.createdAt),
    updatedTime: iso(checkout.updatedAt),
    currency,
    ...(checkout.customerId ? { customerId: checkout.customerId } : {}),
    ...(checkout.email ? { email: checkout.email } : {}),
    locale: checkout.locale,
    ...(details.upstreamId ? { upstreamId: details.upstreamId } : {}),
    ...(checkout.shipTo ? { shipTo: checkout.shipTo } : {}),
    ...(checkout.billTo ? { billTo: checkout.billTo } : {}),
    ...toDetailsJson(details, currency),
    items: checkout.items.map((item) => ({
      id: item.id,
      ...(item.skuId ? { skuId: item.skuId } : {}),
      productDetails: item.product,
      quantity: item.quantity,
      amount: major(item.amount),
      tax: { rate: item.taxRate, amount: major(item.taxAmount) },
      shipping: { amount: major(item.shippingAmount), taxAmount: major(item.shippingTaxAmount) },
      duties: { amount: major(item.dutyAmount) },
      importerTax: { amount: 0 },
      fees: { amount: major(item.feeAmount), taxAmount: major(item.feeTaxAmount), details: [] },
      ...(item.discount ? { discount: toDiscountJson(item.discount, currency) } : {}),
      ...(item.subscription ? { subscriptionInfo: item.subscription } : {}),
      ...(item.shipFrom ? { shipFrom: item.shipFrom } : {}),
      ...(item.metadata ? { metadata: item.metadata } : {}),
    })),
    subtotal: major(checkout.subtotal),
    totalTax: major(checkout.totalTax),
    totalImporterTax: 0,
    importerOfRecordTax: false,
    totalDuty: major(checkout.totalDuty),
    totalFees: major(checkout.totalFees),
    totalDiscount: major(checkout.totalDiscount),
    totalShipping: major(checkout.totalShipping),
    totalAmount: major(checkout.totalAmount),
    ...(choice ? { shippingChoice: choice } : {}),
    taxInclusive: checkout.taxInclusive,
    customerType: checkout.customerType,
    taxIdentifiers: checkout.taxIdentifiers.map(toTaxIdentifierJson),
    sellingEntity: checkout.sellingEntity ? toSellingEntityJson(checkout.sellingEntity) : {},
    payment: {
      sources: checkout.sources.map((source) =>
        toSourceJson({ ...source, currency: source.currency ?? currency, ...paidBy(source, checkout) }),
      ),
      session,
    },
    paymentSessionId: session.id,
    metadata: checkout.metadata,
    liveMode,
  }
}
