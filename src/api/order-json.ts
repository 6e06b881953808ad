import { z } from '@hono/zod-openapi'
import { skuKinds } from '../catalog/sku.entity.ts'
import { addressSchema } from '../checkouts/address.ts'
import type { ShippingChoice } from '../checkouts/checkout.entity.ts'
import { fraudStates, itemStates, orderStates, orderStatus } from '../orders/order.state-machine.ts'
import type { OrderView } from '../orders/read-order.ts'
import { chargeStates, isAuthorized } from '../payments/charge.state-machine.ts'
import { iso } from '../platform/database.ts'
import { toMajor } from '../platform/money.ts'
import { metadataSchema } from './schemas.ts'

const amount = z.number()
const time = z.iso.datetime()
const transitions = z.record(z.string(), z.string())

export const shippingChoiceSchema = z.object({
  id: z.string().optional(),
  amount,
  description: z.string(),
  serviceLevel: z.string(),
  taxAmount: amount,
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
  delivery: z.object({ contentType: z.string(), content: z.string() }).optional(),
})

const chargeSchema = z.object({
  id: z.string(),
  createdTime: time,
  currency: z.string(),
  amount,
  state: z.enum(chargeStates),
  captured: z.boolean(),
  refunded: z.boolean(),
  sourceId: z.string().nullable(),
  provider: z.string(),
  providerReference: z.string().nullable(),
  capturedAmount: amount,
  cancelledAmount: amount,
  refundedAmount: amount,
  failureMessage: z.string().optional(),
  failureCode: z.string().optional(),
})

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
    shipTo: addressSchema.nullable(),
    billTo: addressSchema.nullable(),
    shippingChoice: shippingChoiceSchema.nullable(),
    items: z.array(itemSchema),
    charges: z.array(chargeSchema),
    payment: z.object({
      sources: z.array(z.object({})),
      charges: z.array(chargeSchema),
      session: z.object({ state: z.string() }),
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
    taxAmount: 0,
  }

/**
 * An order as callers see it. `charges` stands at both places (G4). Failure codes, labels and the reason for attention
 * are for the merchant's server only (R115, R132).
 */
export function toOrderJson(order: OrderView, { secret }: { secret: boolean }): z.infer<typeof orderSchema> {
  const { currency } = order
  const major = (minor: number) => toMajor(minor, currency)
  const sum = (pick: (charge: OrderView['charges'][number]) => number) =>
    order.charges.reduce((total, charge) => total + pick(charge), 0)
  const charges = order.charges.map((charge) => ({
    id: charge.id,
    createdTime: iso(charge.createdAt),
    currency: charge.currency,
    amount: major(charge.amount),
    state: charge.state,
    captured: charge.capturedAmount > 0,
    refunded: charge.refundedAmount > 0,
    sourceId: null,
    provider: charge.provider,
    providerReference: charge.providerReference,
    capturedAmount: major(charge.capturedAmount),
    cancelledAmount: major(charge.cancelledAmount),
    refundedAmount: major(charge.refundedAmount),
    ...(charge.failureMessage ? { failureMessage: charge.failureMessage } : {}),
    ...(charge.failureCode && secret ? { failureCode: charge.failureCode } : {}),
  }))
  const authorized = order.charges.some((charge) => isAuthorized(charge.state))
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
    totalAmount: major(order.totalAmount),
    subtotal: major(order.subtotal),
    totalFees: major(order.totalFees),
    totalTax: major(order.totalTax),
    totalDuty: major(order.totalDuty),
    totalDiscount: major(order.totalDiscount),
    totalShipping: major(order.totalShipping),
    capturedAmount: major(sum((charge) => charge.capturedAmount)),
    cancelledAmount: major(sum((charge) => charge.cancelledAmount)),
    refundedAmount: major(sum((charge) => charge.refundedAmount)),
    availableToRefundAmount: major(sum((charge) => charge.capturedAmount - charge.refundedAmount)),
    shipTo: order.shipTo,
    billTo: order.billTo,
    shippingChoice: toShippingChoiceJson(order.shippingChoice, currency),
    items: order.items.map(({ product, delivery, sellerId, taxRate, taxAmount, amount: itemAmount, ...item }) => ({
      ...item,
      merchantId: sellerId,
      amount: major(itemAmount),
      productDetails: toProductDetails(product),
      tax: { rate: taxRate, amount: major(taxAmount) },
      ...(delivery ? { delivery } : {}),
    })),
    charges,
    payment: { sources: [], charges, session: { state: authorized ? 'complete' : 'requires_source' } },
    shipments: order.shipments.map(({ labelUrl, ...shipment }) => ({ ...shipment, ...(secret ? { labelUrl } : {}) })),
    ...(order.attention && secret ? { attention: order.attention } : {}),
    ...(order.cancelReason ? { cancelReason: order.cancelReason } : {}),
    ...(order.expiresAt ? { expiresTime: iso(order.expiresAt) } : {}),
    requestToBeForgotten: order.requestToBeForgotten,
    metadata: order.metadata,
    liveMode: order.liveMode,
  }
}

/** The snapshot without what is handed over only after payment, and without empty fields. */
function toProductDetails({ delivery: _content, ...product }: OrderView['items'][number]['product']) {
  const known = Object.fromEntries(Object.entries(product).filter(([, value]) => value !== null))
  return known as { name: string; physical: boolean }
}
