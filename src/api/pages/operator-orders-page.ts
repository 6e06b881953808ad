import { html } from 'hono/html'
import type { FoundOrder } from '../../order-view/find-orders.ts'
import type { OrderView } from '../../order-view/read-order.ts'
import type { TaskOfOrder, TimelineView } from '../../orders/read-timeline.ts'
import { badge, postButton, time } from './elements.ts'
import { formatMoney } from './locale.ts'
import { nameOfMethod } from './name-of-method.ts'
import type { Html, Page } from './page.ts'

export const findForm = (
  text: string,
): Html => html`<form method="get" action="/ops/orders" role="search" class="filters">
<div><label for="q">Find an order</label>
<input id="q" name="q" value="${text}" required maxlength="254" placeholder="Order, e-mail address, your number, payment" autocomplete="off"></div>
<button>Find</button>
</form>`

export const foundOrders = (orders: readonly FoundOrder[]): Html =>
  orders.length === 0
    ? html`<p>None.</p>`
    : html`<ul class="rows">${orders.map(
        (order) => html`<li><div><p><a href="/ops/orders/${order.id}">${order.email}</a></p>
<p class="soft small"><code>${order.id}</code> · ${order.merchantName} · ${time(order.createdAt, 'en')}${order.attention ? html` · ${order.attention.reason}` : ''}</p></div>
<div class="side">${badge(order.attention ? 'bad' : 'soft', order.attention ? 'needs attention' : order.state)}<span class="num">${formatMoney(order.totalAmount, order.currency, 'en')}</span></div></li>`,
      )}</ul>`

/** What was found of every merchant. */
export const findOrdersPage = (page: { text: string; orders: readonly FoundOrder[] }): Page => ({
  title: 'Orders',
  body: html`<p class="crumb"><a href="/ops">Operations</a></p>
<h1>Orders</h1>
${findForm(page.text)}
${foundOrders(page.orders)}`,
})

type OperatorOrder = {
  order: OrderView
  merchant: string
  lines: readonly TimelineView[]
  tasks: readonly TaskOfOrder[]
  done: string | undefined
  problem: string | undefined
}

/** One order as an operator needs it: what is wrong, what its payment and tasks are at, and what can be done. */
export const operatorOrderPage = (page: OperatorOrder): Page => {
  const { order } = page
  return {
    title: `Order ${order.id}`,
    body: html`<p class="crumb"><a href="/ops">Operations</a></p>
<div class="head"><h1>${order.email}</h1><p>${badge(order.attention ? 'bad' : 'soft', order.state)}</p></div>
${page.problem ? html`<p role="alert">${page.problem}</p>` : ''}
${page.done ? html`<p class="notice good" role="status">${page.done}</p>` : ''}
${order.attention ? html`<div class="notice bad" id="attention"><p><strong>Needs attention.</strong> ${order.attention.reason}</p></div>` : ''}
<dl class="facts">
<div><dt>Order</dt><dd><code>${order.id}</code></dd></div>
<div><dt>Merchant</dt><dd>${page.merchant}</dd></div>
<div><dt>Amount</dt><dd>${formatMoney(order.totalAmount, order.currency, 'en')}</dd></div>
<div><dt>Ordered</dt><dd>${time(order.createdAt, 'en')}</dd></div>
${order.upstreamId ? html`<div><dt>Their number</dt><dd>${order.upstreamId}</dd></div>` : ''}
</dl>
<p class="actions">${postButton(`/ops/orders/${order.id}/refresh`, 'Ask the payment provider')}</p>
<h2>Payments</h2>
${charges(order)}
<h2>Tasks</h2>
${tasks(page)}
<h2>Timeline</h2>
${timeline(page.lines)}`,
  }
}

const charges = ({ charges: list, currency }: OrderView): Html =>
  list.length === 0
    ? html`<p>None.</p>`
    : html`<ul class="rows">${list.map(
        (
          charge,
        ) => html`<li><div><p>${nameOfMethod(charge.method)} · <code>${charge.providerReference ?? charge.id}</code></p>
<p class="soft small">captured ${formatMoney(charge.capturedAmount, currency, 'en')}, refunded ${formatMoney(charge.refundedAmount, currency, 'en')}${charge.failureMessage ? html` · ${charge.failureMessage}` : ''}</p></div>
<div class="side">${badge(charge.state === 'failed' ? 'bad' : 'soft', charge.state)}<span class="num">${formatMoney(charge.amount, currency, 'en')}</span></div></li>`,
      )}</ul>`

const tasks = ({ order, tasks: list }: OperatorOrder): Html =>
  list.length === 0
    ? html`<p>None.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Tasks"><table id="tasks">
<thead><tr><th scope="col">Job</th><th scope="col">State</th><th scope="col" class="num">Attempts</th><th scope="col">Last error</th><th scope="col">Done</th><th scope="col">Again</th></tr></thead>
<tbody>${list.map(
        (task) => html`<tr>
<td>${task.job}</td><td>${task.state}</td><td class="num">${task.attempts}</td><td>${task.lastError ?? ''}</td><td>${task.doneAt ? time(task.doneAt, 'en') : '–'}</td>
<td>${task.state === 'failed' ? postButton(`/ops/tasks/${task.id}/retry?order=${order.id}`, 'Retry') : ''}</td>
</tr>`,
      )}</tbody>
</table></div>`

const timeline = (lines: readonly TimelineView[]): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Timeline"><table id="timeline">
<thead><tr><th scope="col">At</th><th scope="col">What</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Because of</th></tr></thead>
<tbody>${lines.map(
    ({ at, subject, subjectId, from, to, cause }) => html`<tr>
<td>${time(at, 'en')}</td><td>${subject} <code>${subjectId}</code></td><td>${from ?? ''}</td><td>${to ?? ''}</td><td>${cause}</td>
</tr>`,
  )}</tbody>
</table></div>`
