import { html } from 'hono/html'
import type { DigitalOrder } from '../../../links/digital-orders.ts'
import type { HomeDay, SellerHome, WaitingThing } from '../../../links/seller-home.ts'
import { time } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import type { Html, Page } from '../page.ts'
import type { Member } from './frame.ts'
import { orderRows } from './order-list-page.ts'

const shown = 5

const endpointReasons: Record<string, string> = {
  gone: 'It answered that it is gone.',
  failing: 'It failed for five days.',
}

type Kind = {
  name: keyof Omit<SellerHome, 'days'>
  title: string
  /** Where all of them are. */
  all: string
  pathOf: (thing: WaitingThing) => string
  noteOf: (thing: WaitingThing, locale: string) => Html | string
}

const orderPath = ({ id }: WaitingThing) => `/dashboard/orders/${id}`
const since = ({ at }: WaitingThing, locale: string) => (at ? html`Since ${time(at, locale)}` : '')

const kinds: readonly Kind[] = [
  {
    name: 'disputes',
    title: 'Disputes to answer',
    all: '/dashboard/orders',
    pathOf: orderPath,
    noteOf: ({ at, note }, locale) =>
      html`${note ?? 'No reason given'}${at ? html` · Evidence until ${time(at, locale)}` : ''}`,
  },
  {
    name: 'attention',
    title: 'Orders that need attention',
    all: '/dashboard/orders?attention=1',
    pathOf: orderPath,
    noteOf: ({ note }) => note ?? '',
  },
  {
    name: 'inReview',
    title: 'Orders to decide about',
    all: '/dashboard/orders?status=in_review',
    pathOf: orderPath,
    noteOf: since,
  },
  {
    name: 'unpaid',
    title: 'Orders unpaid for more than a day',
    all: '/dashboard/orders?status=pending',
    pathOf: orderPath,
    noteOf: since,
  },
  {
    name: 'stock',
    title: 'Products running out',
    all: '/dashboard/products',
    pathOf: ({ id }) => `/dashboard/products/${encodeURIComponent(id)}`,
    noteOf: ({ note }) => (note === '0' ? 'Sold out' : `${note} left`),
  },
  {
    name: 'endpoints',
    title: 'Webhook endpoints that were turned off',
    all: '/dashboard/webhooks',
    pathOf: ({ id }) => `/dashboard/webhooks/${id}`,
    noteOf: ({ note }) => endpointReasons[note ?? ''] ?? '',
  },
]

/** What a seller sees first: what the days brought, what waits for somebody, and the newest orders. */
export const homePage = (page: {
  member: Member
  home: SellerHome
  orders: readonly DigitalOrder[]
  today: string
}): Page => {
  const { member, home } = page
  const waiting = kinds.filter(({ name }) => home[name].length > 0)
  return {
    title: 'Home',
    body: html`<h1>Home</h1>
<section aria-labelledby="days"><h2 id="days">Today and yesterday</h2>
${home.days.length === 0 ? html`<p class="soft">No orders and no refunds yet.</p>` : dayTable(home.days, page.today, member.locale)}</section>
<section aria-labelledby="waiting"><h2 id="waiting">Needs attention</h2>
${waiting.length === 0 ? html`<p class="soft">Nothing waits for you.</p>` : waiting.map((kind) => waitingList(kind, home[kind.name], member.locale))}</section>
<section aria-labelledby="newest"><h2 id="newest">Newest orders</h2>
${
  page.orders.length === 0
    ? html`<p class="soft">No orders yet. Share the address of a link, and they appear here.</p>`
    : html`${orderRows(page.orders, member)}<p class="actions"><a href="/dashboard/orders">All orders</a></p>`
}</section>`,
  }
}

const dayTable = (
  days: readonly HomeDay[],
  today: string,
  locale: string,
) => html`<div class="scroll" tabindex="0" role="region" aria-label="Today and yesterday, by currency"><table>
<thead><tr><th scope="col">Day (UTC)</th><th scope="col" class="num">Paid orders</th><th scope="col" class="num">Revenue</th><th scope="col" class="num">Refunds</th></tr></thead>
<tbody>${days.map(
  ({ day, currency, paidCount, orderCount, total, refunded }) =>
    html`<tr><th scope="row">${day === today ? 'Today' : 'Yesterday'}</th><td class="num">${paidCount} of ${orderCount}</td>
<td class="num">${formatMoney(total, currency, locale)}</td><td class="num">${formatMoney(refunded, currency, locale)}</td></tr>`,
)}</tbody></table></div>
<p class="hint">Revenue is of the day's orders, less what was given back of them. Refunds are those of the day, of orders of any day.</p>`

const waitingList = (kind: Kind, things: readonly WaitingThing[], locale: string) => html`<h3>${kind.title}</h3>
<ul class="rows">${things.slice(0, shown).map(
  (thing) => html`<li><div><a href="${kind.pathOf(thing)}">${thing.label}</a>
<p class="soft small">${kind.noteOf(thing, locale)}</p></div></li>`,
)}</ul>${things.length > shown ? html`<p class="actions"><a href="${kind.all}">More of them</a></p>` : ''}`
