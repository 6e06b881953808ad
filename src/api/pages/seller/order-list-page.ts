import { html } from 'hono/html'
import { type DigitalOrder, type DigitalStatus, digitalStatus, digitalStatuses } from '../../../links/digital-orders.ts'
import type { Link } from '../../../links/link.entity.ts'
import { may } from '../../../operators/roles.ts'
import { badge, emptyForm, inputField, type Mood, pager, selectField, time } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import type { Page } from '../page.ts'
import { bulkActions } from './bulk-page.ts'
import type { Member } from './frame.ts'

const moods: Record<DigitalStatus, Mood> = { pending: 'wait', paid: 'wait', failed: 'bad', delivered: 'good' }

/** Of an order with several lines the download alone decides nothing. */
const word = (order: DigitalOrder) => {
  const status = digitalStatus(order)
  return status === 'delivered' && order.hasOpenPieces
    ? badge('wait', 'partly delivered')
    : badge(moods[status], status)
}

/** What a list can be asked for: the statuses, and of those that are pending the ones to decide about. */
const statusOptions = [
  ...digitalStatuses.map((value) => ({ value, label: value })),
  { value: 'in_review', label: 'in review' },
]

/** An order's status in a word, and what is special about it. */
export const statusBadge = (order: DigitalOrder) =>
  html`${word(order)}${
    order.refunded > 0 ? html` ${badge('soft', 'refunded')}` : ''
  }${order.state === 'in_review' ? html` ${badge('wait', 'in review')}` : ''}${
    order.attention ? html` ${badge('bad', 'needs attention')}` : ''
  }`

/** Orders, each with the way to its page. */
export const orderRows = (orders: readonly DigitalOrder[], { locale }: Member, ticked = false) =>
  html`<ul class="rows">${orders.map(
    (order) => html`<li${ticked ? html` class="ticked"` : ''}>${
      ticked
        ? html`<input type="checkbox" name="order" value="${order.id}" aria-label="Order of ${order.email}, ${order.productName}">`
        : ''
    }
<div><a href="/dashboard/orders/${order.id}">${order.email}</a>
<p class="soft small">${order.productName} · ${time(order.createdAt, locale)}</p></div>
<div class="side"><span>${statusBadge(order)}</span><span class="num">${formatMoney(order.amount, order.currency, locale)}</span></div>
</li>`,
  )}</ul>`

export type OrderQuery = {
  search: string
  status: string
  link: string
  attention: string
  tag: string
  after: string | undefined
}

/** Where a list is to be had whole. */
function csvAddress({ search, status, link, attention, tag }: OrderQuery): string {
  const asked = Object.entries({ search, status, link, attention, tag }).filter(([, value]) => value !== '')
  return `/dashboard/orders.csv${asked.length > 0 ? `?${new URLSearchParams(asked)}` : ''}`
}

/** A seller's orders, to search and to filter. */
export const orderListPage = (page: {
  member: Member
  orders: readonly DigitalOrder[]
  older: string | undefined
  query: OrderQuery
  links: readonly Link[]
  /** A name that no other page has had. */
  once: string
}): Page => {
  const { member, query } = page
  const state = {
    ...emptyForm,
    values: { search: query.search, status: query.status, link: query.link, tag: query.tag },
  }
  return {
    title: 'Orders',
    body: html`<h1>Orders</h1>
<form method="get" action="/dashboard/orders" class="filters" role="search">
${inputField({ name: 'search', label: 'Begin of an email or a name, or an order id', state, attributes: { type: 'search', maxlength: 200 } })}
${selectField({ name: 'status', label: 'Status', state, options: [{ value: '', label: 'Any' }, ...statusOptions] })}
${selectField({ name: 'link', label: 'Link', state, options: [{ value: '', label: 'Any' }, ...page.links.map(({ id, slug }) => ({ value: id, label: slug }))] })}
${inputField({ name: 'tag', label: 'Tag', state, attributes: { maxlength: 30 } })}
<div class="check"><label><input type="checkbox" name="attention" value="1"${query.attention ? html` checked` : ''}>Needs attention</label></div>
<button>Search</button>
</form>
${
  page.orders.length === 0
    ? html`<p class="soft">No orders${query.search || query.status || query.link || query.attention || query.tag ? ' that fit. Try fewer filters.' : ' yet. Share the address of a link, and they appear here.'}</p>`
    : may(member.role, 'orders')
      ? html`<form method="post" action="/dashboard/orders/bulk">${orderRows(page.orders, member, true)}
${bulkActions(page.once, page.orders)}</form>`
      : orderRows(page.orders, member)
}
${pager('/dashboard/orders', { ...query }, page.older)}
${page.orders.length > 0 ? html`<p class="actions"><a href="${csvAddress(query)}">Download all of these as CSV</a></p>` : ''}`,
  }
}
