import type { Context } from 'hono'
import { z } from 'zod'
import { decideReview } from '../../../confirmation/decide-review.ts'
import { createFulfillment } from '../../../fulfillment/create-fulfillment.ts'
import { overrideDelivery, requestRedelivery, setDigitalStatus } from '../../../links/change-delivery.ts'
import { readDigitalOrder } from '../../../links/digital-orders.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { noteAct } from '../../../orders/note-act.ts'
import { lockOrder } from '../../../orders/order-row.ts'
import { readTimeline } from '../../../orders/read-timeline.ts'
import { ApiError } from '../../../platform/errors.ts'
import { retryTask } from '../../../tasks/tasks.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { confirmPage } from '../../pages/seller/confirm-page.ts'
import { openOf } from '../../pages/seller/order-goods.ts'
import { deliverySchema, toContent } from '../digital/digital-json.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { act, isOutdated, readForm } from './page-form.ts'

const targetOf = (c: Context<PageEnv>) => ({
  orderId: c.req.param('id') ?? '',
  merchantId: c.get('member').merchantId,
})
const actorOf = (c: Context<PageEnv>) => ({ orderId: targetOf(c).orderId, by: c.get('member').userId })
const pathOf = (c: Context) => `/dashboard/orders/${c.req.param('id')}`

/** The buttons of an order: deliver again, deliver something else, hand over, decide, retry. */
export function registerOrderActions(app: PageApp, parts: PageParts): void {
  addDelivery(app, parts)
  addTaskRetry(app, parts)
  addFulfilment(app, parts)
  addDecision(app, parts)
}

function addDelivery(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/orders/:id/retry-delivery', (c) =>
    act(c, { path: pathOf(c), done: 'retried' }, async () => {
      const { failedTaskId } = await inTransaction(parts, (tx) => {
        noteAct(tx, { ...actorOf(c), act: 'delivery repeated' })
        return requestRedelivery(tx, targetOf(c))
      })
      if (failedTaskId) await retryTask(parts, failedTaskId)
    }),
  )

  app.post('/dashboard/orders/:id/delivery', async (c) => {
    const form = await readForm(c)
    return act(c, { path: pathOf(c), done: 'overridden' }, async () => {
      const input = deliverySchema.safeParse({
        content_type: form.text('content_type'),
        delivery_content: form.text('delivery_content'),
      })
      if (!input.success) throw new ApiError('invalid_parameter')
      const content = toContent(input.data)
      await inTransaction(parts, async (tx) => {
        await overrideDelivery(tx, targetOf(c), content)
        noteAct(tx, { ...actorOf(c), act: 'delivery replaced' })
      })
    })
  })

  app.post('/dashboard/orders/:id/delivered', (c) =>
    act(c, { path: pathOf(c), done: 'delivered' }, () =>
      inTransaction(parts, async (tx) => {
        await setDigitalStatus(tx, targetOf(c), 'delivered')
        noteAct(tx, { ...actorOf(c), act: 'called delivered' })
      }),
    ),
  )
}

function addTaskRetry(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/orders/:id/tasks/:task/retry', (c) =>
    act(c, { path: pathOf(c), done: 'task-retried' }, async () => {
      const { orderId, merchantId } = targetOf(c)
      const timeline = await readTimeline(parts.database.sql, { merchantId }, orderId)
      // Only a task of an order of one's own: another one does not exist here.
      const task = timeline?.tasks.find(({ id }) => id === c.req.param('task'))
      if (!task) throw new ApiError('not_found')
      await retryTask(parts, task.id)
      await inTransaction(parts, async (tx) => noteAct(tx, { ...actorOf(c), act: 'task repeated' }))
    }),
  )
}

const piecesSchema = z.coerce.number().int().min(0).max(1_000_000)
const trackingSchema = z.object({
  trackingCompany: z.string().max(200).optional(),
  trackingNumber: z.string().max(200).optional(),
  trackingUrl: z.httpUrl().max(2_000).optional(),
})

/** What a seller of a checkout has sent, with its tracking. */
function addFulfilment(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/orders/:id/ship', async (c) => {
    const form = await readForm(c)
    return act(c, { path: pathOf(c), done: 'shipped' }, async () => {
      const view = await readOrder(parts.database.sql, targetOf(c), targetOf(c).orderId)
      if (!view) throw new ApiError('not_found')
      const items = view.items.flatMap(({ id }) => {
        const quantity = piecesSchema.safeParse(form.text(`quantity-${id}`).trim() || '0')
        if (!quantity.success) throw new ApiError('invalid_quantity')
        return quantity.data > 0 ? [{ itemId: id, quantity: quantity.data, cancelQuantity: 0 }] : []
      })
      if (items.length === 0) throw new ApiError('missing_parameter')
      const text = (name: string) => form.text(name).trim() || undefined
      const tracking = trackingSchema.safeParse({
        trackingCompany: text('tracking_company'),
        trackingNumber: text('tracking_number'),
        trackingUrl: text('tracking_url'),
      })
      if (!tracking.success) throw new ApiError('invalid_parameter')
      await inTransaction(parts, async (tx) => {
        await lockOrder(tx, view.id)
        const now = await readOrder(tx.sql, targetOf(c), view.id)
        if (!now || isOutdated(form, openOf(now))) throw new ApiError('page_outdated')
        await createFulfillment(tx, { ...targetOf(c), items, ...tracking.data, metadata: {} })
        noteAct(tx, { ...actorOf(c), act: 'goods handed over' })
      })
    })
  })
}

function addDecision(app: PageApp, parts: PageParts): void {
  const decide = (c: Context<PageEnv>, decision: 'approve' | 'block') =>
    inTransaction(parts, (tx) => decideReview(tx, { ...targetOf(c), decision, by: c.get('member').userId }))

  app.post('/dashboard/orders/:id/approve', (c) =>
    act(c, { path: pathOf(c), done: 'approved' }, () => decide(c, 'approve')),
  )
  app.get('/dashboard/orders/:id/block', async (c) => {
    const order = await readOwn(c, parts)
    return sendDashboard(
      c,
      'orders',
      confirmPage({
        title: 'Block this order?',
        sentence: `${order.email} gets the money back and nothing is delivered. This cannot be undone.`,
        button: 'Block the order',
        action: `${pathOf(c)}/block`,
        back: pathOf(c),
      }),
    )
  })
  app.post('/dashboard/orders/:id/block', (c) => act(c, { path: pathOf(c), done: 'blocked' }, () => decide(c, 'block')))
}

/** @throws ApiError `not_found` for an order of another merchant */
async function readOwn(c: Context<PageEnv>, parts: PageParts) {
  const { orderId, merchantId } = targetOf(c)
  const order = await readDigitalOrder(parts.database.sql, orderId, merchantId)
  if (!order) throw new ApiError('not_found')
  return order
}
