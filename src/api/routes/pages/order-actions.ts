import type { Context } from 'hono'
import { decideReview } from '../../../confirmation/decide-review.ts'
import { findStartedPrintJobs } from '../../../goods/call-off-goods.ts'
import { overrideDelivery, requestRedelivery, setDigitalStatus } from '../../../links/change-delivery.ts'
import { readDigitalOrder } from '../../../links/digital-orders.ts'
import { readTimeline } from '../../../orders/read-timeline.ts'
import { ApiError } from '../../../platform/errors.ts'
import { requestRefund } from '../../../refunds/request-refund.ts'
import { retryTask } from '../../../tasks/tasks.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { formatMoney } from '../../pages/locale.ts'
import { confirmPage } from '../../pages/seller/confirm-page.ts'
import { deliverySchema, toContent } from '../digital/digital-json.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { act, readForm } from './page-form.ts'

const targetOf = (c: Context<PageEnv>) => ({
  orderId: c.req.param('id') ?? '',
  merchantId: c.get('member').merchantId,
})
const pathOf = (c: Context) => `/dashboard/orders/${c.req.param('id')}`

/** The buttons of an order: deliver again, deliver something else, refund, decide, retry. */
export function registerOrderActions(app: PageApp, parts: PageParts): void {
  addDelivery(app, parts)
  addTaskRetry(app, parts)
  addRefund(app, parts)
  addDecision(app, parts)
}

function addDelivery(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/orders/:id/retry-delivery', (c) =>
    act(c, { path: pathOf(c), done: 'retried' }, async () => {
      const { failedTaskId } = await inTransaction(parts, (tx) => requestRedelivery(tx, targetOf(c)))
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
      await inTransaction(parts, (tx) => overrideDelivery(tx, targetOf(c), content))
    })
  })

  app.post('/dashboard/orders/:id/delivered', (c) =>
    act(c, { path: pathOf(c), done: 'delivered' }, () =>
      inTransaction(parts, (tx) => setDigitalStatus(tx, targetOf(c), 'delivered')),
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
    }),
  )
}

function addRefund(app: PageApp, parts: PageParts): void {
  app.get('/dashboard/orders/:id/refund', async (c) => {
    const order = await readOwn(c, parts)
    const amount = formatMoney(order.amount - order.refunded, order.currency, c.get('member').locale)
    return sendDashboard(
      c,
      'orders',
      confirmPage({
        title: `Refund ${amount}?`,
        sentence: `The whole amount goes back to ${order.email}. What was delivered can no longer be downloaded. This cannot be undone.`,
        button: `Refund ${amount}`,
        action: `${pathOf(c)}/refund`,
        back: pathOf(c),
      }),
    )
  })
  app.post('/dashboard/orders/:id/refund', (c) =>
    act(c, { path: pathOf(c), done: 'refunding' }, async () => {
      const started = await findStartedPrintJobs(parts, targetOf(c))
      await inTransaction(parts, (tx) => requestRefund(tx, { ...targetOf(c), started }))
    }),
  )
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
