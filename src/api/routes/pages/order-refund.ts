import type { Context } from 'hono'
import type { Sql } from '../../../database/database.ts'
import { findStartedPrintJobs } from '../../../goods/call-off-goods.ts'
import { type OrderView, readOrder } from '../../../order-view/read-order.ts'
import { noteAct } from '../../../orders/note-act.ts'
import { lockOrder } from '../../../orders/order-row.ts'
import { ApiError } from '../../../platform/errors.ts'
import { isCurrency, toMinor } from '../../../platform/money.ts'
import { previewRefund } from '../../../refunds/preview-refund.ts'
import { availableOf, type RefundRequest } from '../../../refunds/refund-amounts.ts'
import { readRefundable, requestRefund } from '../../../refunds/request-refund.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import { leftOf, type RefundablePart, refundPage, refundPreviewPage } from '../../pages/seller/refund-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { act, isOutdated, readForm, type SentForm, toErrors } from './page-form.ts'

const shippingField = 'amount-shipping'
const fieldOf = (itemId: string) => `amount-${itemId}`

/** `/dashboard/orders/{id}/refund`: how much of what goes back, a look at what that does, and the refund. */
export function registerOrderRefund(app: PageApp, parts: PageParts): void {
  app.get('/dashboard/orders/:id/refund', async (c) => {
    const opened = await open(c, parts)
    return sendDashboard(c, 'orders', refundPage({ ...opened, member: c.get('member'), state: emptyForm }))
  })

  app.post('/dashboard/orders/:id/refund/preview', async (c) => {
    const opened = await open(c, parts)
    const form = await readForm(c)
    const values = valuesOf(form, opened.parts)
    try {
      const preview = await previewRefund(parts, await toInput(c, parts, form, opened))
      return sendDashboard(c, 'orders', refundPreviewPage({ ...opened, member: c.get('member'), preview, values }))
    } catch (error) {
      if (!(error instanceof ApiError) || error.status >= 500 || error.status === 404) throw error
      const state: FormState = { values, errors: toErrors(error) }
      return sendDashboard(c, 'orders', refundPage({ ...opened, member: c.get('member'), state }), 400)
    }
  })

  app.post('/dashboard/orders/:id/refund', async (c) => {
    const form = await readForm(c)
    const path = `/dashboard/orders/${c.req.param('id')}`
    return act(c, { path, done: 'refunding' }, async () => {
      const input = await toInput(c, parts, form, await open(c, parts))
      await inTransaction(parts, async (tx) => {
        await lockOrder(tx, input.orderId)
        if (isOutdated(form, leftOf((await readOpen(tx.sql, input)).parts))) throw new ApiError('page_outdated')
        await requestRefund(tx, input)
        noteAct(tx, { orderId: input.orderId, by: c.get('member').userId, act: 'refund asked for' })
      })
    })
  })
}

type Opened = { order: OrderView; parts: RefundablePart[] }

/** An order of one's own, with what of it can go back. @throws ApiError `not_found` */
const open = (c: Context<PageEnv>, { database }: PageParts): Promise<Opened> =>
  readOpen(database.sql, { merchantId: c.get('member').merchantId, orderId: c.req.param('id') ?? '' })

async function readOpen(sql: Sql, { merchantId, orderId }: { merchantId: string; orderId: string }): Promise<Opened> {
  const order = await readOrder(sql, { merchantId }, orderId)
  if (!order) throw new ApiError('not_found')
  const { lines, shipping } = await readRefundable({ sql }, { id: orderId, merchantId })
  const beside = shipping.reduce((sum, part) => sum + availableOf(part), 0)
  const names = new Map(order.items.map(({ id, product }) => [id, String(product.name ?? '')]))
  return {
    order,
    parts: [
      ...lines.map((line) => ({
        field: fieldOf(line.itemId),
        name: names.get(line.itemId) ?? '',
        left: availableOf(line),
      })),
      { field: shippingField, name: 'Shipping', left: beside },
    ].filter(({ left }) => left > 0),
  }
}

const valuesOf = (form: SentForm, parts: readonly RefundablePart[]): Record<string, string> =>
  Object.fromEntries(
    [...parts.map(({ field }) => field), 'reason', 'seen'].map((name) => [name, form.text(name).trim()]),
  )

/** @throws ApiError `invalid_amount` naming the field */
async function toInput(c: Context<PageEnv>, parts: PageParts, form: SentForm, { order, parts: open }: Opened) {
  const target = { orderId: order.id, merchantId: c.get('member').merchantId }
  const started = await findStartedPrintJobs(parts, target)
  const reason = form.text('reason').trim().slice(0, 200) || undefined
  return { ...target, ...toRequest(form, order, open), reason, started }
}

/** What a form asks back; one without any field for an amount asks for everything that is left, one that leaves all of them empty for nothing. */
function toRequest(form: SentForm, { currency, items }: OrderView, open: readonly RefundablePart[]): RefundRequest {
  const asked = open.flatMap(({ field }) => {
    const text = form.text(field).trim().replace(',', '.')
    if (text === '' || Number(text) === 0) return []
    const amount = /^\d+(\.\d+)?$/.test(text) && isCurrency(currency) ? toMinor(Number(text), currency) : undefined
    if (amount === undefined) throw new ApiError('invalid_amount', { parameter: field })
    return [{ field, amount }]
  })
  const amountOf = (field: string) => asked.find((part) => part.field === field)?.amount
  const lines = items.flatMap(({ id }) => {
    const amount = amountOf(fieldOf(id))
    return amount === undefined ? [] : [{ itemId: id, amount }]
  })
  const shipping = amountOf(shippingField)
  if (lines.length === 0 && shipping === undefined) {
    if (open.some(({ field }) => form.all(field).length > 0))
      throw new ApiError('invalid_amount', { message: 'Say how much goes back.', parameter: 'amount' })
    return {}
  }
  return { items: lines, ...(shipping === undefined ? {} : { shipping }) }
}
