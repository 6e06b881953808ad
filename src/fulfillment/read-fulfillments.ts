import type { Sql } from '../database/database.ts'
import { type Page, readPage } from '../database/page.ts'
import type { FulfillmentItem } from './fulfillment.entity.ts'

export type FulfillmentView = {
  id: string
  orderId: string
  items: FulfillmentItem[]
  shipmentId: string | null
  trackingCompany: string | null
  trackingNumber: string | null
  trackingUrl: string | null
  metadata: Record<string, string | number | boolean>
  liveMode: boolean
  createdAt: string
}

const select = `select f.id, f.order_id as "orderId", f.items, f.shipment_id as "shipmentId", f.tracking_company as "trackingCompany",
  f.tracking_number as "trackingNumber", f.tracking_url as "trackingUrl", f.metadata, f.live_mode as "liveMode", f.created_at as "createdAt"
  from fulfillments f`

/** One fulfillment, or undefined when it is not the merchant's. */
export async function readFulfillment(sql: Sql, merchantId: string, id: string): Promise<FulfillmentView | undefined> {
  const [row] = await sql<FulfillmentView>(`${select} where f.merchant_id = $1 and f.id = $2`, [merchantId, id])
  return row
}

/** A merchant's fulfillments, newest first. */
export async function listFulfillments(
  sql: Sql,
  merchantId: string,
  filter: { orderId?: string | undefined; skuId?: string | undefined; trackingNumber?: string | undefined },
  page: Page,
): Promise<{ hasMore: boolean; rows: FulfillmentView[] }> {
  const { orderId, skuId, trackingNumber } = filter
  return readPage<FulfillmentView>(sql, {
    select,
    id: 'f.id',
    conditions: [
      [(value) => `f.merchant_id = ${value}`, merchantId],
      [(value) => `f.order_id = ${value}`, orderId],
      [(value) => `f.tracking_number = ${value}`, trackingNumber],
      [(value) => `f.items @> jsonb_build_array(jsonb_build_object('skuId', ${value}::text))`, skuId],
    ],
    page,
  })
}
