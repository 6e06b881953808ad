import { html } from 'hono/html'
import type { SplitView } from '../../../distribution/read-distribution.ts'
import { type DigitalOrder, digitalStatus } from '../../../links/digital-orders.ts'
import type { OrderView } from '../../../order-view/read-order.ts'
import { isPayable } from '../../../orders/order.state-machine.ts'
import type { TaskOfOrder, TimelineView } from '../../../orders/read-timeline.ts'
import { badge, copyButton, emptyForm, postButton, selectField, textField, time } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import { nameOfMethod } from '../name-of-method.ts'
import type { Html, Page } from '../page.ts'
import type { Member } from './frame.ts'
import { statusBadge } from './order-list-page.ts'

export type OrderDetail = {
  member: Member
  order: DigitalOrder
  view: OrderView
  lines: readonly TimelineView[]
  tasks: readonly TaskOfOrder[]
  splits: readonly SplitView[]
}

/** Everything about one order, and everything its seller can do about it. */
export const orderDetailPage = (page: OrderDetail): Page => {
  const { order, member, view } = page
  const money = (amount: number) => formatMoney(amount, order.currency, member.locale)
  return {
    title: `Order of ${order.email}`,
    body: html`<p class="crumb"><a href="/dashboard/orders">Orders</a></p>
<div class="head"><h1>${order.email}</h1><p>${statusBadge(order)}</p></div>
${attention(page)}
${review(order)}
<dl class="facts">
<div><dt>Order</dt><dd><code id="order-id">${order.id}</code></dd></div>
<div><dt>Product</dt><dd>${order.productName}</dd></div>
<div><dt>Amount</dt><dd>${money(order.amount)}${order.refunded > 0 ? ` (${money(order.refunded)} refunded)` : ''}</dd></div>
${order.buyerName ? html`<div><dt>Buyer</dt><dd>${order.buyerName}</dd></div>` : ''}
${order.slug ? html`<div><dt>Link</dt><dd><a href="/dashboard/links/${order.linkId}">${order.slug}</a></dd></div>` : ''}
<div><dt>Ordered</dt><dd>${time(order.createdAt, member.locale)}</dd></div>
<div><dt>State</dt><dd>${order.state.replaceAll('_', ' ')}${view.cancelReason ? ` (${view.cancelReason})` : ''}</dd></div>
</dl>
${actions(order, view)}
<h2>Delivery</h2>
${delivery(order)}
<h2>Items</h2>
<ul class="rows">${view.items.map(
      ({ product, quantity, amount, state }) => html`<li><p>${quantity} × ${String(product.name ?? '')}</p>
<div class="side">${badge('soft', state)}<span class="num">${money(amount)}</span></div></li>`,
    )}</ul>
<h2>Payments</h2>
${charges(page, money)}
${page.splits.length > 0 ? html`<h3>Who gets what</h3>${splitTable(page, money)}` : ''}
<h2>Timeline</h2>
${timeline(page)}
<h2>Background work</h2>
${tasks(page)}`,
  }
}

const attention = ({ order }: OrderDetail) =>
  order.attention
    ? html`<div class="notice bad" id="attention"><p><strong>This order needs you.</strong> ${attentionSentence(order.attention.reason)}</p>
${order.attention.taskId ? html`<p>${postButton(`/dashboard/orders/${order.id}/tasks/${order.attention.taskId}/retry`, 'Try it again', { style: 'main' })}</p>` : ''}</div>`
    : ''

const attentionSentences: Record<string, string> = {
  licence_pool_empty: 'There are no licence keys left. Add keys to the product, then try it again.',
  refund_by_hand: 'The payment provider has no refunds. Give the money back there, by hand.',
  refund_failed_at_provider: 'The payment provider refused the refund. Look at the payment there.',
}

/** A known reason in a sentence; another one as it is, without its underscores. */
function attentionSentence(reason: string): string {
  const code = reason.split(': ').at(-1) ?? reason
  return attentionSentences[code] ?? `${reason.replaceAll('_', ' ')}.`
}

const review = (order: DigitalOrder) =>
  order.state === 'in_review'
    ? html`<div class="notice"><p><strong>The payment provider has doubts about this payment.</strong> Nothing is delivered before you decide.</p>
<p class="actions">${postButton(`/dashboard/orders/${order.id}/approve`, 'Approve', { style: 'main' })}
<a class="button danger" href="/dashboard/orders/${order.id}/block">Block…</a></p></div>`
    : ''

function actions(order: DigitalOrder, view: OrderView): Html | '' {
  const base = `/dashboard/orders/${order.id}`
  const status = digitalStatus(order)
  const open = ['accepted', 'confirmed', 'fulfilled', 'complete'].includes(order.state)
  const refundable = view.charges.some((charge) => charge.capturedAmount > charge.refundedAmount)
  const buttons = [
    open && order.itemId
      ? postButton(`${base}/retry-delivery`, status === 'delivered' ? 'Send again' : 'Retry delivery')
      : '',
    open && order.itemId && status === 'paid' ? postButton(`${base}/delivered`, 'Mark delivered') : '',
    open && refundable ? html`<a class="button danger" href="${base}/refund">Refund…</a>` : '',
  ].filter((button) => button !== '')
  return buttons.length > 0 ? html`<div class="actions" role="group" aria-label="Actions">${buttons}</div>` : ''
}

function delivery(order: DigitalOrder): Html {
  if (!order.itemId) return html`<p class="soft">There is nothing digital in this order.</p>`
  const values = { content_type: order.contentType ?? 'text', delivery_content: order.content ?? '' }
  const state = { ...emptyForm, values }
  const types = [
    { value: 'text', label: 'Text' },
    { value: 'link', label: 'Link' },
    { value: 'file', label: 'File, by its address' },
  ]
  return html`${
    order.content === null
      ? html`<p class="soft">${isPayable(order.state) ? 'Nothing yet: the order is not paid.' : 'Nothing has been handed over.'}</p>`
      : html`<p class="soft">${order.deliveryState === 'revoked' ? 'Withdrawn. ' : ''}The buyer ${order.deliveryState === 'revoked' ? 'had' : 'has'} this ${order.contentType ?? ''}:</p>
<pre id="delivered" tabindex="0" aria-label="Delivered content">${order.content}</pre>${copyButton('delivered')}`
  }
<details><summary>Deliver something else</summary>
<form method="post" action="/dashboard/orders/${order.id}/delivery" class="fields">
<p class="hint">For this order only. The product and other orders stay as they are.</p>
${selectField({ name: 'content_type', label: 'Kind', state, options: types })}
${textField({ name: 'delivery_content', label: 'Content or address', state, attributes: { required: true, maxlength: 20_000 } })}
<p><button class="main">Replace the delivery</button></p>
</form></details>`
}

const charges = ({ view, member }: OrderDetail, money: (amount: number) => string): Html =>
  view.charges.length === 0
    ? html`<p class="soft">None.</p>`
    : html`<ul class="rows">${view.charges.map(
        (
          charge,
        ) => html`<li><div><p>${nameOfMethod(charge.method)} · <code>${charge.providerReference ?? charge.id}</code></p>
<p class="soft small">${time(charge.createdAt, member.locale)}${charge.failureMessage ? html` · ${charge.failureMessage}` : ''}${
          charge.refundedAmount > 0 ? html` · ${money(charge.refundedAmount)} refunded` : ''
        }</p></div>
<div class="side">${badge(charge.state === 'failed' ? 'bad' : charge.state === 'complete' ? 'good' : 'soft', charge.state)}<span class="num">${money(charge.amount)}</span></div></li>`,
      )}</ul>`

const splitTable = ({ splits, member }: OrderDetail, money: (amount: number) => string) =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Who gets what"><table>
<thead><tr><th scope="col">For</th><th scope="col">Recipient</th><th scope="col">State</th><th scope="col" class="num">Amount</th></tr></thead>
<tbody>${splits.map(
    (split) =>
      html`<tr><td>${split.kind.replaceAll('_', ' ')}</td><td>${split.recipient === `merchant:${member.merchantId}` ? 'You' : split.recipient}</td><td>${split.state}</td><td class="num">${money(split.amount)}</td></tr>`,
  )}</tbody></table></div>`

const timeline = ({ lines, member }: OrderDetail) =>
  html`<ol class="rows">${lines.map(
    (
      line,
    ) => html`<li><p>${line.subject}${line.from || line.to ? html`: ${line.from ? `${line.from} → ` : ''}<strong>${line.to ?? ''}</strong>` : ''} <span class="soft">${line.cause}</span></p>
<span class="soft small">${time(line.at, member.locale)}</span></li>`,
  )}</ol>`

const tasks = ({ tasks: list, order }: OrderDetail) =>
  list.length === 0
    ? html`<p class="soft">None.</p>`
    : html`<ul class="rows">${list.map(
        (
          task,
        ) => html`<li><div><p>${task.job.replaceAll('-', ' ')}</p>${task.lastError ? html`<p class="soft small">${task.lastError}</p>` : ''}</div>
<div class="side">${badge(task.state === 'done' ? 'good' : task.state === 'failed' ? 'bad' : 'wait', task.state)}
${task.state === 'failed' ? postButton(`/dashboard/orders/${order.id}/tasks/${task.id}/retry`, 'Retry', { about: task.job }) : ''}</div></li>`,
      )}</ul>`
