import { z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import type { FulfillmentView } from '../../../fulfillment/read-fulfillments.ts'
import { metadataSchema } from '../../schemas.ts'

export const fulfillmentSchema = z
  .object({
    id: z.string(),
    createdTime: z.iso.datetime(),
    orderId: z.string(),
    items: z.array(
      z.object({
        itemId: z.string(),
        skuId: z.string().optional(),
        quantity: z.number().int(),
        cancelQuantity: z.number().int(),
      }),
    ),
    shipmentId: z.string().optional(),
    trackingCompany: z.string().optional(),
    trackingNumber: z.string().optional(),
    trackingUrl: z.string().optional(),
    metadata: metadataSchema,
    liveMode: z.boolean(),
  })
  .openapi('Fulfillment')

export function toFulfillmentJson(fulfillment: FulfillmentView): z.infer<typeof fulfillmentSchema> {
  const { id, orderId, createdAt, items, shipmentId, trackingCompany, trackingNumber, trackingUrl } = fulfillment
  return {
    id,
    createdTime: iso(createdAt),
    orderId,
    items: items.map(({ skuId, ...item }) => ({ ...item, ...(skuId === null ? {} : { skuId }) })),
    ...(shipmentId === null ? {} : { shipmentId }),
    ...(trackingCompany === null ? {} : { trackingCompany }),
    ...(trackingNumber === null ? {} : { trackingNumber }),
    ...(trackingUrl === null ? {} : { trackingUrl }),
    metadata: fulfillment.metadata,
    liveMode: fulfillment.liveMode,
  }
}
