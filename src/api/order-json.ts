import { z } from '@hono/zod-openapi'
import { skuKinds } from '../catalog/sku.entity.ts'
import { sessionOfOrder } from '../charges/payment-session.ts'
import type { CheckoutDetails, SellerSnapshot, ShippingChoice } from '../checkouts/checkout.entity.ts'
import type { ItemDiscount } from '../checkouts/discount.ts'
import { iso } from '../database/database.ts'
import { eInvoiceUrl, fileContentUrl } from '../files/files.ts'
import type { OrderView } from '../order-view/read-order.ts'
import { creditOf, openToRefund, refundableShipping } from '../order-view/refundable.ts'
import { fraudStates, itemStates, orderStates, orderStatus } from '../orders/order.state-machine.ts'
import { partySchema } from '../parties/address.ts'
import { toMajor } from '../platform/money.ts'
import { taxExemptionSchema } from '../tax/tax-certificate.ts'
import { toBuyerView } from './buyer-view.ts'
import { chargeSchema, sessionSchema, sourceSchema, toChargeJson, toSessionJson, toSourceJson } from './payment-json.ts'
import { metadataSchema } from './schemas.ts'
import { taxIdentifierSchema, toTaxIdentifierJson } from './tax-identifier-json.ts'

const amount = z.number()
const time = z.iso.datetime()
const transitions = z.record(z.string(), z.string())

export const shippingChoiceSchema = z.object({
  id: z.string().optional(),
  amount,
  description: z.string(),
  serviceLevel: z.string(),
  taxAmount: amount,
  shippingTerms: z.string().optional(),
})

const itemSchema = z.object({
  id: z.string(),
  skuId: z.string().nullable(),
  merchantId: z.string(),
  kind: z.enum(skuKinds),
  productDetails: z.looseObject({ name: z.string(), physical: z.boolean() }),
  amount,
  quantity: z.number().int(),
  fulfilledQuantity: z.number().int(),
  cancelledQuantity: z.number().int(),
  returnedQuantity: z.number().int(),
  state: z.enum(itemStates),
  stateTransitions: transitions,
  tax: z.object({ rate: z.number(), amount }),
  availableToRefundAmount: amount,
  discount: z.looseObject({}).optional(),
  shipping: z.object({ amount, taxAmount: amount }),
  duties: z.object({ amount }),
  importerTax: z.object({ amount }),
  fees: z.looseObject({ amount, taxAmount: amount }),
  subscriptionInfo: z.looseObject({}).optional(),
  shipFrom: partySchema.optional(),
  metadata: metadataSchema.optional(),
  delivery: z.object({ contentType: z.string(), content: z.string() }).optional(),
})

const pdfSchema = z.object({ id: z.string(), url: z.string() })
const eInvoiceSchema = pdfSchema.openapi({ description: 'The same document by EN 16931; `id` is its PDF’s.' })

export const orderSchema = z
  .object({
    id: z.string(),
    checkoutId: z.string(),
    createdTime: time,
    updatedTime: time,
    upstreamId: z.string().nullable(),
    customerId: z.string().nullable(),
    email: z.string(),
    currency: z.string(),
    locale: z.string(),
    status: z.enum(['PENDING', 'CONFIRMED', 'FAILED', 'BLOCKED', 'CANCELLED', 'REFUNDED']),
    state: z.enum(orderStates),
    stateTransitions: transitions,
    fraudState: z.enum(fraudStates).optional(),
    fraudStateTransitions: transitions,
    disputeState: z.string().optional(),
    totalAmount: amount,
    creditAmount: amount.optional(),
    subtotal: amount,
    totalFees: amount,
    totalTax: amount,
    totalDuty: amount,
    totalDiscount: amount,
    totalShipping: amount,
    capturedAmount: amount,
    cancelledAmount: amount,
    refundedAmount: amount,
    availableToRefundAmount: amount,
    shipTo: partySchema.nullable(),
    billTo: partySchema.nullable(),
    shippingChoice: shippingChoiceSchema.nullable(),
    items: z.array(itemSchema),
    shippingLines: z.array(z.object({ sellerId: z.string(), amount, availableToRefundAmount: amount })).optional(),
    charges: z.array(chargeSchema),
    payment: z.object({
      sources: z.array(sourceSchema),
      charges: z.array(chargeSchema),
      session: sessionSchema,
    }),
    shipments: z.array(
      z.object({
        id: z.string(),
        path: z.string(),
        state: z.string(),
        carrier: z.string().nullable(),
        service: z.string().nullable(),
        trackingNumber: z.string().nullable(),
        trackingUrl: z.string().nullable(),
        labelUrl: z.string().nullable().optional(),
        itemIds: z.array(z.string()),
      }),
    ),
    attention: z.object({ reason: z.string(), taskId: z.string().optional(), since: z.string() }).optional(),
    cancelReason: z.string().optional(),
    expiresTime: time.optional(),
    taxIdentifiers: z.array(taxIdentifierSchema).optional(),
    sellingEntity: z.looseObject({ id: z.string(), name: z.string() }).optional(),
    customerType: z.string(),
    taxInclusive: z.boolean(),
    browserIp: z.string().optional(),
    applicationId: z.string().optional(),
    shipFrom: partySchema.optional(),
    organization: z.looseObject({}).optional(),
    discount: z.looseObject({}).optional(),
    couponCode: z.string().optional(),
    purchaseLocation: z.looseObject({}).optional(),
    taxExemption: z.array(taxExemptionSchema).optional(),
    invoicePDFs: z.array(pdfSchema).optional(),
    creditMemoPDFs: z.array(pdfSchema).optional(),
    eInvoices: z.array(eInvoiceSchema).optional(),
    requestToBeForgotten: z.boolean(),
    metadata: metadataSchema,
    liveMode: z.boolean(),
  })
  .openapi('Order')

/** A shipping choice as callers see it: what the parcels cost the platform is nobody's business but the platform's. */
export const toShippingChoiceJson = (choice: ShippingChoice | null, currency: string) =>
  choice && {
    ...(choice.id ? { id: choice.id } : {}),
    amount: toMajor(choice.amount, currency),
    description: choice.description,
    serviceLevel: choice.serviceLevel,
    taxAmount: toMajor(choice.taxAmount ?? 0, currency),
    ...(choice.shippingTerms ? { shippingTerms: choice.shippingTerms } : {}),
  }

/** Who an order is shown to, and where the API is reached. */
export type OrderReader = { secret: boolean; publicUrl: string }

/** An order as its caller may see it: the merchant's server all of it, a browser what a buyer may know. */
export const toOrderJson = (order: OrderView, { secret, publicUrl }: OrderReader): z.infer<typeof orderSchema> =>
  secret ? toMerchantJson(order, publicUrl) : toBuyerView(toMerchantJson(order, publicUrl))

/** Everything about an order. `charges` stands at both places. */
function toMerchantJson(order: OrderView, publicUrl: string): z.infer<typeof orderSchema> {
  const { currency } = order
  const refundable = refundableOf(order)
  const charges = order.charges.map((charge) => toChargeJson(charge, order))
  return {
    id: order.id,
    checkoutId: order.checkoutId,
    createdTime: iso(order.createdAt),
    updatedTime: iso(order.updatedAt),
    upstreamId: order.upstreamId,
    customerId: order.customerId,
    email: order.email,
    currency,
    locale: order.locale,
    status: orderStatus(order.state),
    state: order.state,
    stateTransitions: order.stateTransitions,
    ...(order.fraudState && order.fraudState !== 'none' ? { fraudState: order.fraudState } : {}),
    fraudStateTransitions: order.fraudStateTransitions,
    ...(order.disputeState ? { disputeState: order.disputeState } : {}),
    ...toTotalsJson(order, refundable),
    shipTo: order.shipTo,
    billTo: order.billTo,
    shippingChoice: toShippingChoiceJson(order.shippingChoice, currency),
    items: order.items.map((item) => toItemJson(item, currency, refundable.ofItem(item.id))),
    ...toShippingLinesJson(refundable.shipping, currency),
    charges,
    payment: toPaymentJson(order, charges),
    shipments: order.shipments,
    ...(order.attention ? { attention: order.attention } : {}),
    ...(order.cancelReason ? { cancelReason: order.cancelReason } : {}),
    ...(order.expiresAt ? { expiresTime: iso(order.expiresAt) } : {}),
    ...(order.taxIdentifiers.length > 0 ? { taxIdentifiers: order.taxIdentifiers.map(toTaxIdentifierJson) } : {}),
    ...(order.sellingEntity ? { sellingEntity: toSellingEntityJson(order.sellingEntity) } : {}),
    customerType: order.customerType,
    taxInclusive: order.taxInclusive,
    ...toDetailsJson(order.details, currency),
    ...(order.coupon ? { couponCode: order.coupon.code } : {}),
    ...pdfsOf(order, publicUrl),
    requestToBeForgotten: order.requestToBeForgotten,
    metadata: order.metadata,
    liveMode: order.liveMode,
  }
}

/** What of an order may still go back to its buyer, in minor units. */
function refundableOf(order: OrderView) {
  const open = openToRefund(order)
  return {
    ofItem: (itemId: string) => open.lines.get(itemId) ?? 0,
    shipping: refundableShipping(order).map(({ sellerId, captured }) => ({
      sellerId,
      amount: captured,
      available: open.shipping.get(sellerId) ?? 0,
    })),
  }
}

type Refundable = ReturnType<typeof refundableOf>

/** The goods of a cart's order; those of a checkout stand there with their shipping, as Digital River has it. */
const subtotalOf = ({ fulfilledBy, items, subtotal }: OrderView): number =>
  fulfilledBy === 'engine' ? items.reduce((sum, { amount }) => sum + amount, 0) : subtotal

function toTotalsJson(order: OrderView, refundable: Refundable) {
  const major = (minor: number) => toMajor(minor, order.currency)
  const sum = (pick: (charge: OrderView['charges'][number]) => number) =>
    order.charges.reduce((total, charge) => total + pick(charge), 0)
  const credit = creditOf(order)
  return {
    totalAmount: major(order.totalAmount),
    subtotal: major(subtotalOf(order)),
    totalFees: major(order.totalFees),
    totalTax: major(order.totalTax),
    totalDuty: major(order.totalDuty),
    totalDiscount: major(order.totalDiscount),
    totalShipping: major(order.totalShipping),
    ...(order.creditAmount > 0 ? { creditAmount: major(order.creditAmount) } : {}),
    capturedAmount: major(sum((charge) => charge.capturedAmount) + credit.used),
    cancelledAmount: major(sum((charge) => charge.cancelledAmount - heldAnew(charge)) + credit.released),
    refundedAmount: major(sum((charge) => charge.refundedAmount) + order.creditReturned),
    availableToRefundAmount: major(
      order.items.reduce((total, item) => total + refundable.ofItem(item.id), 0) +
        refundable.shipping.reduce((total, { available }) => total + available, 0),
    ),
  }
}

const toShippingLinesJson = (shipping: Refundable['shipping'], currency: string) =>
  shipping.length === 0
    ? {}
    : {
        shippingLines: shipping.map(({ sellerId, amount, available }) => ({
          sellerId,
          amount: toMajor(amount, currency),
          availableToRefundAmount: toMajor(available, currency),
        })),
      }

function toPaymentJson(order: OrderView, charges: ReturnType<typeof toChargeJson>[]) {
  const { currency } = order
  const sources = order.sources.map((source) =>
    toSourceJson(
      { ...source, currency: source.currency ?? currency },
      order.charges.find((charge) => charge.sourceId === source.id),
    ),
  )
  const [primary] = order.sources
  return { sources, charges, session: toSessionJson(sessionOfOrder(order), currency, primary) }
}

/** Documents that are not there yet leave their list out. */
function pdfsOf({ documents }: OrderView, publicUrl: string) {
  const of = (kind: OrderView['documents'][number]['kind']) =>
    documents
      .filter((document) => document.kind === kind)
      .map(({ fileId }) => ({ id: fileId, url: fileContentUrl(publicUrl, fileId) }))
  const [invoicePDFs, creditMemoPDFs] = [of('invoice'), of('credit_memo')]
  return {
    ...(invoicePDFs.length > 0 ? { invoicePDFs } : {}),
    ...(creditMemoPDFs.length > 0 ? { creditMemoPDFs } : {}),
    ...(documents.length > 0
      ? { eInvoices: documents.map(({ fileId }) => ({ id: fileId, url: eInvoiceUrl(publicUrl, fileId) })) }
      : {}),
  }
}

/** What a charge released because another one holds it since. */
const heldAnew = (charge: OrderView['charges'][number]): number =>
  charge.entries
    .filter((entry) => entry.kind === 'cancel' && entry.orderItemId === null)
    .reduce((total, entry) => total + entry.amount, 0)

function toItemJson(item: OrderView['items'][number], currency: string, refundable: number) {
  const major = (minor: number) => toMajor(minor, currency)
  return {
    id: item.id,
    skuId: item.skuId,
    merchantId: item.sellerId,
    kind: item.kind,
    productDetails: toProductDetails(item.product),
    amount: major(item.amount),
    quantity: item.quantity,
    fulfilledQuantity: item.fulfilledQuantity,
    cancelledQuantity: item.cancelledQuantity,
    returnedQuantity: item.returnedQuantity,
    state: item.state,
    stateTransitions: item.stateTransitions,
    tax: { rate: item.taxRate, amount: major(item.taxAmount) },
    shipping: { amount: major(item.shippingAmount), taxAmount: major(item.shippingTaxAmount) },
    duties: { amount: major(item.dutyAmount) },
    importerTax: { amount: 0 },
    fees: { amount: major(item.feeAmount), taxAmount: major(item.feeTaxAmount), details: [] },
    availableToRefundAmount: major(refundable),
    ...(item.discount ? { discount: toDiscountJson(item.discount, currency) } : {}),
    ...(item.subscription ? { subscriptionInfo: item.subscription } : {}),
    ...(item.shipFrom ? { shipFrom: item.shipFrom } : {}),
    ...(item.metadata ? { metadata: item.metadata } : {}),
    ...(item.delivery ? { delivery: item.delivery } : {}),
  }
}

/** What a checkout holds beside its basket, in the caller's units. */
export function toDetailsJson(details: CheckoutDetails | null, currency: string) {
  const { discount, browserIp, applicationId, shipFrom, organization, purchaseLocation, taxExemption } = details ?? {}
  return {
    ...(browserIp ? { browserIp } : {}),
    ...(applicationId ? { applicationId } : {}),
    ...(shipFrom ? { shipFrom } : {}),
    ...(organization ? { organization } : {}),
    ...(purchaseLocation ? { purchaseLocation } : {}),
    ...(taxExemption ? { taxExemption } : {}),
    ...(discount ? { discount: toDiscountJson(discount, currency) } : {}),
  }
}

export const toDiscountJson = ({ amountOff, ...rest }: ItemDiscount, currency: string) => ({
  ...rest,
  ...(amountOff === undefined ? {} : { amountOff: toMajor(amountOff, currency) }),
})

/** Who sells, and what the buyer must be told about it. */
export const toSellingEntityJson = ({ id, name, disclosures }: SellerSnapshot) => ({ id, name, disclosures })

/** The snapshot without what is handed over only after payment, and without empty fields. */
function toProductDetails({ delivery: _content, ...product }: OrderView['items'][number]['product']) {
  const known = Object.fromEntries(Object.entries(product).filter(([, value]) => value !== null))
  return known as { name: string; physical: boolean }
}
