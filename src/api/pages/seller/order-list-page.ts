import { html } from 'hono/html'
import { type DigitalOrder, type DigitalStatus, digitalStatus, digitalStatuses } from '../../../links/digital-orders.ts'
import type { Link } from '../../../links/link.entity.ts'
import { badge, emptyForm, inputField, type Mood, pager, selectField, time } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import type { Page } from '../page.ts'
import type { Member } from './frame.ts'

const moods: Record<DigitalStatus, Mood> = { pending: 'wait', paid: 'wait', failed: 'bad', delivered: 'good' }

/** An order's status in a word, and what is special about it. */
export const statusBadge = (order: DigitalOrder) =>
  html`${badge(moods[digitalStatus(order)], digitalStatus(order))}${
    order.refunded > 0 ? html` ${badge('soft', 'refunded')}` : ''
  }${order.state === 'in_review' ? html` ${badge('wait', 'in review')}` : ''}${
    order.attention ? html` ${badge('bad', 'needs attention')}` : ''
  }`

export type OrderQuery = {
  search: string
  status: string
  link: string
  attention: string
  after: string | undefined
}

/** A seller's orders, to search and to filter. */
export const orderListPage = (page: {
  member: Member
  orders: readonly DigitalOrder[]
  older: string | undefined
  query: OrderQuery
  links: readonly Link[]
}): Page => {
  const { member, query } = page
  const state = { ...emptyForm, values: { search: query.search, status: query.status, link: query.link } }
  return {
    title: 'Orders',
    body: html`<h1>Orders</h1>
<form method="get" action="/dashboard/orders" class="filters" role="search">
${inputField({ name: 'search', label: 'Begin of an email or a name, or an order id', state, attributes: { type: 'search', maxlength: 200 } })}
${selectField({ name: 'status', label: 'Status', state, options: [{ value: '', label: 'Any' }, ...digitalStatuses.map((value) => ({ value, label: value }))] })}
${selectField({ name: 'link', label: 'Link', state, options: [{ value: '', label: 'Any' }, ...page.links.map(({ id, slug }) => ({ value: id, label: slug }))] })}
<div class="check"><label><input type="checkbox" name="attention" value="1"${query.attention ? html` checked` : ''}>Needs attention</label></div>
<button>Search</button>
</form>
${
  page.orders.length === 0
    ? html`<p class="soft">No orders${query.search || query.status || query.link || query.attention ? ' that fit. Try fewer filters.' : ' yet. Share the address of a link, and they appear here.'}</p>`
    : html`<ul class="rows">${page.orders.map(
        (order) => html`<li>
<div><a href="/dashboard/orders/${order.id}">${order.email}</a>
<p class="soft small">${order.productName} · ${time(order.createdAt, member.locale)}</p></div>
<div class="side"><span>${statusBadge(order)}</span><span class="num">${formatMoney(order.amount, order.currency, member.locale)}</span></div>
</li>`,
      )}</ul>`
}
${pager('/dashboard/orders', { ...query }, page.older)}`,
  }
}
