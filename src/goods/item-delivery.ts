import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'

const read = statement<{ orderId: string; itemId: string }>()((db, $) =>
  db
    .selectFrom('deliveries as d')
    .select(['d.id as deliveryId', 'd.content_type as contentType', 'd.content'])
    .where('d.order_id', '=', $.orderId)
    .where('d.order_item_id', '=', $.itemId),
)

/** What was handed over of one item of an order; undefined before, and for the item of another. */
export const readItemDelivery = async (on: Sql, item: { orderId: string; itemId: string }) => (await read(on, item))[0]
