import { z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import type { ReturnView } from '../../../fulfillment/read-returns.ts'
import { toMajor } from '../../../platform/money.ts'
import { metadataSchema } from '../../schemas.ts'

const state = z.enum(['created', 'accepted'])

export const returnSchema = z
  .object({
    id: z.string(),
    createdTime: z.iso.datetime(),
    updatedTime: z.iso.datetime(),
    orderId: z.string(),
    currency: z.string(),
    items: z.array(
      z.object({
        itemId: z.string(),
        skuId: z.string().optional(),
        quantity: z.number().int(),
        quantityAccepted: z.number().int(),
        amount: z.number().optional(),
        state,
      }),
    ),
    reason: z.string().optional(),
    location: z.looseObject({}).optional(),
    state,
    refundIds: z.array(z.string()),
    metadata: metadataSchema,
    liveMode: z.boolean(),
  })
  .openapi('Return')

/** A return as callers see it; a line's amount is what was given back for it. */
export function toReturnJson(goods: ReturnView): z.infer<typeof returnSchema> {
  const amountOf = (itemId: string) =>
    goods.refunds
      .flatMap((refund) => refund.items.filter((item) => item.itemId === itemId))
      .reduce((sum, item) => sum + item.amount, 0)
  return {
    id: goods.id,
    createdTime: iso(goods.createdAt),
    updatedTime: iso(goods.updatedAt),
    orderId: goods.orderId,
    currency: goods.currency,
    items: goods.items.map(({ skuId, ...item }) => ({
      ...item,
      ...(skuId === null ? {} : { skuId }),
      ...(goods.refunds.length > 0 ? { amount: toMajor(amountOf(item.itemId), goods.currency) } : {}),
    })),
    ...(goods.reason === null ? {} : { reason: goods.reason }),
    ...(goods.location === null ? {} : { location: goods.location }),
    state: goods.state,
    refundIds: goods.refunds.map(({ id }) => id),
    metadata: goods.metadata,
    liveMode: goods.liveMode,
  }
}
