import { z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { shipmentStates } from '../../../goods/shipment.state-machine.ts'
import { toMajor } from '../../../platform/money.ts'
import type { RefundView } from '../../../refunds/read-refunds.ts'
import { refundOrigins, refundTypes } from '../../../refunds/refund.entity.ts'
import { refundStates } from '../../../refunds/refund.state-machine.ts'
import { metadataSchema } from '../../schemas.ts'

const amount = z.number()

export const refundSchema = z
  .object({
    id: z.string(),
    createdTime: z.iso.datetime(),
    orderId: z.string(),
    returnId: z.string().optional(),
    currency: z.string(),
    type: z.enum(refundTypes).optional(),
    amount,
    percent: z.number().optional(),
    refundedAmount: amount,
    creditAmount: amount
      .optional()
      .openapi({ description: 'What of `amount` goes back to the credit, which no provider pays.' }),
    items: z.array(
      z.object({
        itemId: z.string(),
        skuId: z.string().optional(),
        type: z.enum(['shipping', 'fees', 'duty']).optional(),
        quantity: z.number().int().optional(),
        percent: z.number().optional(),
        amount,
        creditAmount: amount.optional(),
        refundedAmount: amount,
      }),
    ),
    shipping: z.array(z.object({ sellerId: z.string(), amount, refundedAmount: amount })).optional(),
    origin: z.enum(refundOrigins),
    goodsOnTheirWay: z
      .array(
        z.object({
          shipmentId: z.string(),
          path: z.enum(['shipping', 'pod']),
          state: z.enum(shipmentStates),
          trackingNumber: z.string().nullable(),
        }),
      )
      .optional()
      .openapi({ description: 'What could not be called off any more.' }),
    costs: z
      .array(
        z.object({
          kind: z.enum(['provider_fee', 'fulfilment']),
          merchantId: z.string(),
          amount,
          bearer: z.enum(['merchant', 'platform']),
        }),
      )
      .optional()
      .openapi({ description: 'What does not come back, and who bears it.' }),
    reason: z.string().optional(),
    state: z.enum(refundStates),
    stateTransitions: z.record(z.string(), z.string()),
    failureReason: z.string().optional(),
    charges: z.array(
      z.object({
        id: z.string(),
        captured: z.boolean(),
        refunded: z.boolean(),
        sourceId: z.string().optional(),
        refunds: z.array(
          z.object({
            createdTime: z.iso.datetime(),
            amount,
            state: z.string(),
            claimUrl: z.string().optional().openapi({
              description: 'Where the buyer fetches it. Whoever has the address has the money.',
            }),
          }),
        ),
      }),
    ),
    metadata: metadataSchema,
    liveMode: z.boolean(),
  })
  .openapi('Refund')

/** A refund as callers see it, without what is empty. */
export function toRefundJson(refund: RefundView): z.infer<typeof refundSchema> {
  const { id, orderId, returnId, currency, type, percent, reason, failureReason } = refund
  const major = (minor: number) => toMajor(minor, currency)
  const succeeded = refund.state === 'succeeded'
  const costs = refund.charges.flatMap(({ refunds }) => refunds.flatMap((entry) => entry.costs ?? []))
  return {
    id,
    createdTime: iso(refund.createdAt),
    orderId,
    ...(returnId === null ? {} : { returnId }),
    currency,
    ...(type === null ? {} : { type }),
    amount: major(refund.amount),
    ...(percent === null ? {} : { percent }),
    refundedAmount: major(refund.refundedAmount),
    ...(refund.creditAmount > 0 ? { creditAmount: major(refund.creditAmount) } : {}),
    items: refund.items.map(({ credit, ...item }) => ({
      ...item,
      amount: major(item.amount),
      ...(credit ? { creditAmount: major(credit) } : {}),
      refundedAmount: major(succeeded ? item.amount : 0),
    })),
    ...(refund.shipping.length === 0
      ? {}
      : {
          shipping: refund.shipping.map(({ sellerId, amount }) => ({
            sellerId,
            amount: major(amount),
            refundedAmount: major(succeeded ? amount : 0),
          })),
        }),
    origin: refund.origin,
    ...(refund.goods.length === 0 ? {} : { goodsOnTheirWay: refund.goods }),
    ...(costs.length === 0 ? {} : { costs: costs.map((cost) => ({ ...cost, amount: major(cost.amount) })) }),
    ...(reason === null ? {} : { reason }),
    state: refund.state,
    stateTransitions: refund.stateTransitions,
    ...(failureReason === null ? {} : { failureReason }),
    charges: refund.charges.map(({ sourceId, refunds, ...charge }) => ({
      ...charge,
      ...(sourceId === null ? {} : { sourceId }),
      refunds: refunds.map((entry) => ({
        createdTime: iso(entry.createdAt),
        amount: major(entry.amount),
        state: entry.state === 'pending_information' ? 'pending' : entry.state,
        ...(entry.claimUrl ? { claimUrl: entry.claimUrl } : {}),
      })),
    })),
    metadata: refund.metadata,
    liveMode: refund.liveMode,
  }
}
