import type { Context } from 'hono'
import { reconcileCharge } from '../../../confirmation/reconcile-charge.ts'
import { readMerchantName } from '../../../merchants/merchants.ts'
import { findOrders, merchantOfOrder } from '../../../order-view/find-orders.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { isClosed } from '../../../orders/order.state-machine.ts'
import { readTimeline } from '../../../orders/read-timeline.ts'
import { ApiError } from '../../../platform/errors.ts'
import { ProviderError } from '../../../platform/provider-error.ts'
import type { ApiApp } from '../../env.ts'
import { requireOperator } from '../../middleware/require-operator.ts'
import { findOrdersPage, operatorOrderPage } from '../../pages/operator-orders-page.ts'
import { type PageStatus, sendPage } from '../../pages/page.ts'
import type { ApiParts } from '../../route-dependencies.ts'

const longestText = 254

/** `/ops/orders`: orders of every merchant, found by what a caller on the telephone can say; and one of them with all its work. */
export function registerOperatorOrders(app: ApiApp, parts: ApiParts): void {
  const { sql } = parts.database
  const operatorOnly = requireOperator(parts)

  app.get('/ops/orders', operatorOnly, async (c) => {
    const text = (c.req.query('q') ?? '').trim().slice(0, longestText)
    return sendPage(c, findOrdersPage({ text, orders: text ? await findOrders(sql, text) : [] }))
  })

  const read = async (orderId: string) => {
    const merchantId = await merchantOfOrder(sql, orderId)
    const viewer = { merchantId: merchantId ?? '' }
    const [order, history] = await Promise.all([readOrder(sql, viewer, orderId), readTimeline(sql, viewer, orderId)])
    if (!order || !history) throw new ApiError('not_found')
    return { order, history, merchantId: viewer.merchantId }
  }
  const show = async (c: Context, orderId: string, problem?: string, status: PageStatus = 200) => {
    const { order, history, merchantId } = await read(orderId)
    const [merchant] = await readMerchantName(sql, { merchantId })
    const done = c.req.query('asked') ? 'The provider was asked, and what it said is applied.' : undefined
    return sendPage(c, operatorOrderPage({ order, merchant: merchant?.name ?? '', ...history, done, problem }), status)
  }

  app.get('/ops/orders/:id', operatorOnly, (c) => show(c, c.req.param('id')))

  app.post('/ops/orders/:id/refresh', operatorOnly, async (c) => {
    const { order } = await read(c.req.param('id'))
    if (isClosed(order.state)) return show(c, order.id, 'This order has ended; nothing more is asked about it.', 409)
    try {
      for (const { id: chargeId } of order.charges)
        await reconcileCharge(parts, { orderId: order.id, chargeId }, 'operator')
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      return show(c, order.id, `${error.provider} does not answer. Nothing is lost; try again shortly.`, 503)
    }
    return c.redirect(`/ops/orders/${order.id}?asked=1`, 303)
  })
}
