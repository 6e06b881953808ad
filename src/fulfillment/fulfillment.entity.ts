import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

export type FulfillmentItem = {
  itemId: string
  skuId: string | null
  quantity: number
  cancelQuantity: number
}

/** Quantities of an order that its merchant has fulfilled or given up, with their tracking. Never changed. */
export const FulfillmentEntity = defineEntity({
  name: 'Fulfillment',
  tableName: 'fulfillments',
  properties: {
    id: p.text().primary(),
    orderId: p.text().index(),
    merchantId: p.text(),
    items: p.json<FulfillmentItem[]>(),
    shipmentId: p.text().nullable(),
    trackingCompany: p.text().nullable(),
    trackingNumber: p.text().nullable(),
    trackingUrl: p.text().nullable(),
    metadata: p.json<Record<string, string | number | boolean>>(),
    liveMode: p.boolean(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    { properties: ['merchantId', 'id'] },
    {
      name: 'fulfillments_tracked',
      expression:
        'create index fulfillments_tracked on fulfillments (merchant_id, tracking_number, id) where tracking_number is not null',
    },
  ],
})

export type ReturnItem = {
  itemId: string
  skuId: string | null
  quantity: number
  quantityAccepted: number
  state: 'created' | 'accepted'
}

/** Goods that a buyer sends back. They are refunded when all of them are accepted. */
export const ReturnEntity = defineEntity({
  name: 'Return',
  tableName: 'returns',
  properties: {
    id: p.text().primary(),
    orderId: p.text().index(),
    merchantId: p.text(),
    items: p.json<ReturnItem[]>(),
    reason: p.text().nullable(),
    location: p.json<Record<string, unknown>>().nullable(),
    state: p.enum(['created', 'accepted'] as const).default('created'),
    metadata: p.json<Record<string, string | number | boolean>>(),
    liveMode: p.boolean(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [{ properties: ['merchantId', 'id'] }, { properties: ['merchantId', 'state', 'id'] }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof FulfillmentEntity | typeof ReturnEntity> {}
}
