import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { type db, statement } from '../database/statement.ts'
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
  createdAt: Date
}

const selectFulfillments = (from: typeof db) =>
  from
    .selectFrom('fulfillments as f')
    .select([
      'f.id',
      'f.order_id as orderId',
      'f.items',
      'f.shipment_id as shipmentId',
      'f.tracking_company as trackingCompany',
      'f.tracking_number as trackingNumber',
      'f.tracking_url as trackingUrl',
      'f.metadata',
      'f.live_mode as liveMode',
      'f.created_at as createdAt',
    ])

const readOne = statement<{ merchantId: string; id: string }>()((db, $) =>
  selectFulfillments(db).where('f.merchant_id', '=', $.merchantId).where('f.id', '=', $.id),
)

/** One fulfillment, or undefined when it is not the merchant's. */
export async function readFulfillment(on: Sql, merchantId: string, id: string): Promise<FulfillmentView | undefined> {
  const [row] = await readOne(on, { merchantId, id })
  return row
}

/** A merchant's fulfillments, newest first. */
export async function listFulfillments(
  on: Sql,
  merchantId: string,
  filter: {
    orderId?: string | undefined
    skuId?: string | undefined
    trackingNumber?: string | undefined
    created?: Period | undefined
  },
  page: Page,
): Promise<{ hasMore: boolean; rows: FulfillmentView[] }> {
  const { orderId, skuId, trackingNumber } = filter
  return readPage(on, page, 'f.id', (from) =>
    selectFulfillments(from)
      .where('f.merchant_id', '=', merchantId)
      .where((f) =>
        f.and([
          ...madeWithin('f', 'fulfillment', filter.created),
          ...ifGiven(orderId, (id) => f('f.order_id', '=', id)),
          ...ifGiven(trackingNumber, (number) => f('f.tracking_number', '=', number)),
          ...ifGiven(skuId, (id) => sql<boolean>`${f.ref('f.items')} @> ${JSON.stringify([{ skuId: id }])}::jsonb`),
        ]),
      ),
  )
}
