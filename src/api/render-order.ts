import { readOrder } from '../order-view/read-order.ts'
import type { RenderOrder } from '../outgoing/publish-events.ts'
import type { Config } from '../platform/config.ts'
import { toOrderJson } from './order-json.ts'

/** Orders as events show them: what the merchant's own secret key would be answered. */
export const createRenderOrder =
  ({ publicUrl }: Pick<Config, 'publicUrl'>): RenderOrder =>
  async (sql, merchantId, orderId) => {
    const order = await readOrder(sql, { merchantId }, orderId)
    return order && toOrderJson(order, { secret: true, publicUrl })
  }
