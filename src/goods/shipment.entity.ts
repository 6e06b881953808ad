import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import { shipmentStates } from './shipment.state-machine.ts'

/** A parcel or a print job of one seller's items of one order. */
export const ShipmentEntity = defineEntity({
  name: 'Shipment',
  tableName: 'shipments',
  properties: {
    id: p.text().primary(),
    orderId: p.text(),
    sellerId: p.text(),
    path: p.enum(['shipping', 'pod'] as const),
    provider: p.text(),
    providerReference: p.text().nullable(),
    state: p.enum(shipmentStates).default('created'),
    itemIds: p.json<string[]>(),
    /** The how-manieth label or print job it is: what was called off may be sent again. */
    nth: p.integer().default(1),
    carrier: p.text().nullable(),
    service: p.text().nullable(),
    trackingNumber: p.text().nullable(),
    trackingUrl: p.text().nullable(),
    labelUrl: p.text().nullable(),
    cost: p.bigint('number').nullable(),
    /** A price that was too high to be paid unasked, and what a person has accepted of it. */
    askedCost: p.bigint('number').nullable(),
    acceptedCost: p.bigint('number').nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  uniques: [
    { properties: ['orderId', 'path', 'sellerId'] },
    { name: 'shipments_provider_reference', properties: ['provider', 'providerReference'] },
  ],
  indexes: [
    {
      name: 'shipments_tracked',
      expression:
        'create index shipments_tracked on shipments (tracking_number, order_id) where tracking_number is not null',
    },
  ],
})

/** The hand-over of digital content for one order item; unique, so an item is delivered once. */
export const DeliveryEntity = defineEntity({
  name: 'Delivery',
  tableName: 'deliveries',
  properties: {
    id: p.text().primary(),
    orderId: p.text().index(),
    orderItemId: p.text().unique(),
    contentType: p.enum(['file', 'link', 'text'] as const),
    content: p.text(),
    downloadCount: p.integer().default(0),
    downloadLimit: p.integer().nullable(),
    state: p.enum(['delivered', 'revoked'] as const).default('delivered'),
    deliveredAt: p.datetime().defaultRaw('now()'),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof ShipmentEntity | typeof DeliveryEntity> {}
}
