import { html } from 'hono/html'
import { type MatchedOrder, type MatchedProduct, type OrderMatch, orderMatches } from '../../../links/search-shop.ts'
import { badge, time } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import type { Page } from '../page.ts'
import type { Member } from './frame.ts'

const titles: Record<OrderMatch, string> = {
  order: 'Orders by their number',
  tag: 'Orders by a tag',
  buyer: 'Orders by their buyer',
  tracking: 'Orders by a parcel',
  payment: 'Orders by a payment',
}

/** What a seller's one search field has found, by what of it was meant. */
export const searchPage = (page: {
  member: Member
  text: string
  orders: readonly MatchedOrder[]
  products: readonly MatchedProduct[]
}): Page => {
  const { member, text, orders, products } = page
  const groups = orderMatches.flatMap((by) => {
    const found = orders.filter((order) => order.by === by)
    return found.length > 0 ? [{ by, found }] : []
  })
  return {
    title: text ? `Search: ${text}` : 'Search',
    body: html`<h1>${text ? html`Found for “${text}”` : 'Search'}</h1>
${
  groups.length + products.length > 0
    ? ''
    : html`<p class="soft">${text ? 'Nothing. ' : ''}The field above finds orders by the begin of their buyer's name or email address, by a whole order id,
tracking number or payment reference, and products by the begin of their name or by their id.</p>`
}
${groups.map(
  ({ by, found }) => html`<section aria-labelledby="by-${by}"><h2 id="by-${by}">${titles[by]}</h2>
${orderList(found, member)}
${by === 'buyer' ? html`<p class="actions"><a href="/dashboard/orders?${new URLSearchParams({ search: text })}">All orders of such buyers</a></p>` : ''}</section>`,
)}
${products.length > 0 ? html`<section aria-labelledby="products"><h2 id="products">Products</h2>${productList(products, member)}</section>` : ''}`,
  }
}

const orderList = (orders: readonly MatchedOrder[], { locale }: Member) =>
  html`<ul class="rows">${orders.map(
    (
      order,
    ) => html`<li><div><a href="/dashboard/orders/${order.id}">${order.buyerName ? `${order.buyerName}, ` : ''}${order.email}</a>
<p class="soft small"><code>${order.id}</code> · ${time(order.createdAt, locale)}</p></div>
<div class="side">${badge('soft', order.state.replaceAll('_', ' '))}<span class="num">${formatMoney(order.totalAmount, order.currency, locale)}</span></div></li>`,
  )}</ul>`

const productList = (products: readonly MatchedProduct[], { locale }: Member) =>
  html`<ul class="rows">${products.map(
    (product) => html`<li><div><a href="/dashboard/products/${encodeURIComponent(product.id)}">${product.name}</a>
<p class="soft small"><code>${product.id}</code></p></div>
<div class="side"><span class="num">${product.price === 0 ? 'Free' : formatMoney(product.price, product.currency, locale)}</span></div></li>`,
  )}</ul>`
