import type { Context } from 'hono'
import { askCallOff, sendAgain } from '../../../goods/call-off-shipment.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { ApiError } from '../../../platform/errors.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { confirmPage } from '../../pages/seller/confirm-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { act } from './page-form.ts'

const targetOf = (c: Context<PageEnv>) => {
  const { merchantId, userId } = c.get('member')
  return {
    orderId: c.req.param('id') ?? '',
    shipmentId: c.req.param('shipment') ?? '',
    merchantId,
    by: userId,
  }
}
const pathOf = (c: Context) => `/dashboard/orders/${c.req.param('id')}`

const questions = {
  'call-off': {
    shipping: {
      title: 'Void this label?',
      sentence:
        'The parcel cannot be sent with it any more, so take it off. Its postage is paid back by the carrier, which may take some weeks. Then send the goods with a new label, or give the money back.',
      button: 'Void the label',
    },
    pod: {
      title: 'Cancel this print job?',
      sentence:
        'The printer is asked to stop, which works until it has begun. Then have it printed again, or give the money back.',
      button: 'Cancel the print job',
    },
  },
  'send-again': {
    shipping: {
      title: 'Buy another label?',
      sentence: 'The goods of this parcel get a new label, which is paid for once more.',
      button: 'Buy another label',
    },
    pod: {
      title: 'Print it again?',
      sentence: 'The printer gets a new job for these goods, which is paid for once more.',
      button: 'Print it again',
    },
  },
} as const

/** `/dashboard/orders/:id/parcels/:shipment`: what is on its way is called off, what was called off is sent again. */
export function registerOrderParcels(app: PageApp, parts: PageParts): void {
  const ask = async (c: Context<PageEnv>, what: keyof typeof questions) => {
    const { orderId, shipmentId, merchantId } = targetOf(c)
    const order = await readOrder(parts.database.sql, { merchantId }, orderId)
    const shipment = order?.shipments.find(({ id }) => id === shipmentId)
    if (!shipment) throw new ApiError('not_found')
    const question = questions[what][shipment.path]
    const action = `${pathOf(c)}/parcels/${shipmentId}/${what}`
    return sendDashboard(c, 'orders', confirmPage({ ...question, action, back: pathOf(c) }))
  }

  app.get('/dashboard/orders/:id/parcels/:shipment/call-off', (c) => ask(c, 'call-off'))
  app.post('/dashboard/orders/:id/parcels/:shipment/call-off', (c) =>
    act(c, { path: pathOf(c), done: 'calling-off' }, () => inTransaction(parts, (tx) => askCallOff(tx, targetOf(c)))),
  )
  app.get('/dashboard/orders/:id/parcels/:shipment/send-again', (c) => ask(c, 'send-again'))
  app.post('/dashboard/orders/:id/parcels/:shipment/send-again', (c) =>
    act(c, { path: pathOf(c), done: 'sending-again' }, () => inTransaction(parts, (tx) => sendAgain(tx, targetOf(c)))),
  )
}
