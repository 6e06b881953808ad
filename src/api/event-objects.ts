import { readFulfillment } from '../fulfillment/read-fulfillments.ts'
import { readReturn } from '../fulfillment/read-returns.ts'
import { readOrder } from '../order-view/read-order.ts'
import { rewindOrder } from '../order-view/rewind-order.ts'
import type { EventObjects } from '../outgoing/event-objects.ts'
import type { Config } from '../platform/config.ts'
import { readRefund } from '../refunds/read-refunds.ts'
import { toOrderJson } from './order-json.ts'
import { toFulfillmentJson } from './routes/fulfillments/fulfillment-json.ts'
import { toRefundJson } from './routes/refunds/refund-json.ts'
import { toReturnJson } from './routes/returns/return-json.ts'

/** What events show, as the merchant's own secret key would be answered. */
export const createEventObjects = ({ publicUrl }: Pick<Config, 'publicUrl'>): EventObjects => ({
  async order(sql, merchantId, orderId) {
    const order = await readOrder(sql, { merchantId }, orderId)
    return order && ((later) => toOrderJson(rewindOrder(order, later), { secret: true, publicUrl }))
  },
  async part(sql, merchantId, { subject, subjectId }) {
    switch (subject) {
      case 'refund': {
        const refund = await readRefund(sql, merchantId, subjectId)
        return refund && toRefundJson(refund)
      }
      case 'return': {
        const goods = await readReturn(sql, merchantId, subjectId)
        return goods && toReturnJson(goods)
      }
      case 'fulfillment': {
        const fulfillment = await readFulfillment(sql, merchantId, subjectId)
        return fulfillment && toFulfillmentJson(fulfillment)
      }
      default:
        return undefined
    }
  },
})
