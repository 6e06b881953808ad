import type { Context } from 'hono'
import { createFulfillment } from '../../../fulfillment/create-fulfillment.ts'
import { openPieces } from '../../../fulfillment/decide-pieces.ts'
import { requestRedelivery } from '../../../links/change-delivery.ts'
import { readDigitalOrders } from '../../../links/digital-orders.ts'
import { readOrder } from '../../../order-view/read-order.ts'
import { addTag, readTags } from '../../../orders/annotate-order.ts'
import { noteAct } from '../../../orders/note-act.ts'
import { lockOrder } from '../../../orders/order-row.ts'
import { ApiError } from '../../../platform/errors.ts'
import { retryTask } from '../../../tasks/tasks.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { type BulkAct, type BulkResult, bulkResultPage, isBulkAct } from '../../pages/seller/bulk-page.ts'
import { ordersAsCsv } from '../../seller-orders-csv.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { readForm, type SentForm } from './page-form.ts'

const mostAtOnce = 100

/** Does something to one order, in a transaction of its own, and says what; whatever is refused is said, too. */
type Deed = (target: { orderId: string; merchantId: string; by: string }) => Promise<string>

/** `POST /dashboard/orders/bulk`: the same for each of the orders that were ticked, which answer for themselves. */
export function registerBulk(app: PageApp, parts: PageParts): void {
  const { sql } = parts.database

  app.post('/dashboard/orders/bulk', async (c) => {
    const form = await readForm(c)
    const { merchantId, userId: by } = c.get('member')
    const act = form.text('act')
    const ids = tickedIn(form)
    if (ids.length === 0 || ids.length > mostAtOnce) return back(c, 'orders_not_ticked')
    const known = await readDigitalOrders(sql, ids, merchantId)
    if (act === 'csv') {
      const csv = ordersAsCsv(ids.flatMap((id) => known.get(id) ?? []))
      const headers = {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="orders.csv"',
      }
      return c.body(csv, 200, headers)
    }
    if (!isBulkAct(act)) return back(c, 'invalid_parameter')
    const deed = deedOf(parts, act, form)
    if (!deed) return back(c, 'missing_parameter')
    const results: BulkResult[] = []
    for (const orderId of ids) {
      const order = known.get(orderId)
      const name = order?.email ?? orderId
      results.push({
        orderId,
        name,
        known: order !== undefined,
        ...(await answerOf(() => deed({ orderId, merchantId, by }))),
      })
    }
    return sendDashboard(c, 'orders', bulkResultPage(act, results))
  })
}

const back = (c: Context<PageEnv>, problem: string) => c.redirect(`/dashboard/orders?problem=${problem}`, 303)

/** The orders that were ticked, or all that the page showed. */
const tickedIn = (form: SentForm): string[] => [...new Set(form.all(form.text('all') === '1' ? 'shown' : 'order'))]

async function answerOf(work: () => Promise<string>): Promise<{ done: boolean; word: string }> {
  try {
    return { done: true, word: await work() }
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) return { done: false, word: error.message }
    throw error
  }
}

function deedOf(parts: PageParts, act: BulkAct, form: SentForm): Deed | undefined {
  switch (act) {
    case 'tag': {
      const text = form.text('tag')
      if (text.trim() === '' || text.includes(',')) return
      return (target) =>
        inTransaction(parts, async (tx) => {
          const [tag = ''] = readTags(text)
          return (await addTag(tx, { ...target, tag })) ? `Tagged “${tag}”.` : 'It had this tag already.'
        })
    }
    case 'fulfil':
      return (target) => sendAll(parts, target)
    case 'resend':
      return (target) => deliverAgain(parts, target, form.text('once'))
  }
}

/** Marks all that is open of an order as sent, without tracking. @throws ApiError `nothing_to_deliver`, and what a fulfilment throws */
const sendAll = (parts: PageParts, target: Parameters<Deed>[0]): Promise<string> =>
  inTransaction(parts, async (tx) => {
    const { orderId } = target
    await lockOrder(tx, orderId)
    const order = await readOrder(tx.sql, target, orderId)
    if (!order) throw new ApiError('not_found')
    const open = order.items.filter((item) => openPieces(item) > 0)
    if (order.fulfilledBy !== 'merchant' || order.state !== 'accepted' || open.length === 0)
      throw new ApiError('nothing_to_mark_as_sent')
    const items = open.map((item) => ({ itemId: item.id, quantity: openPieces(item), cancelQuantity: 0 }))
    await createFulfillment(tx, { orderId, merchantId: target.merchantId, items, metadata: {} })
    noteAct(tx, { ...target, act: 'goods handed over' })
    return 'Marked as sent.'
  })

async function deliverAgain(parts: PageParts, target: Parameters<Deed>[0], once: string): Promise<string> {
  const name = /^[\w-]{8,64}$/.test(once) ? once : undefined
  const { failedTaskId } = await inTransaction(parts, (tx) => {
    noteAct(tx, { ...target, act: 'delivery repeated' })
    return requestRedelivery(tx, target, name)
  })
  if (failedTaskId) await retryTask(parts, failedTaskId)
  return 'It is being delivered again.'
}
