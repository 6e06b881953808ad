import { html } from 'hono/html'
import type { DisputeView } from '../../../disputes/read-disputes.ts'
import type { SplitView } from '../../../distribution/read-distribution.ts'
import { standsStill } from '../../../goods/redirect-goods.ts'
import type { ShipmentStanding } from '../../../goods/shipment-standing.ts'
import { type DigitalOrder, digitalStatus } from '../../../links/digital-orders.ts'
import { may } from '../../../operators/roles.ts'
import type { ListedUser } from '../../../operators/users.ts'
import { type Standing, standingOf } from '../../../order-view/order-standing.ts'
import type { OrderView } from '../../../order-view/read-order.ts'
import { openToRefund } from '../../../order-view/refundable.ts'
import { isPayable } from '../../../orders/order.state-machine.ts'
import type { TaskOfOrder, TimelineView } from '../../../orders/read-timeline.ts'
import { type ProductPicture, pictureOrigins } from '../buyer/product-picture.ts'
import { badge, copyButton, emptyForm, type Mood, postButton, selectField, textField, time } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import type { Html, Page } from '../page.ts'
import { paperList } from '../paper-list.ts'
import { disputeCard } from './dispute-cards.ts'
import { forRight, type Member } from './frame.ts'
import { addresses, fulfilForm, itemList, parcelList } from './order-goods.ts'
import { chargeList, shareList, totals } from './order-money.ts'
import { orderNotes, shipToForm } from './order-notes.ts'
import { orderStory } from './order-story.ts'

export type OrderDetail = {
  member: Member
  order: DigitalOrder
  view: OrderView
  lines: readonly TimelineView[]
  tasks: readonly TaskOfOrder[]
  splits: readonly SplitView[]
  annotations: { note: string; tags: readonly string[] }
  people: readonly ListedUser[]
  shipments: readonly ShipmentStanding[]
  disputes: readonly DisputeView[]
  pictureOf: (item: OrderView['items'][number]) => ProductPicture | undefined
}

/** Everything about one order, and everything its seller can do about it. */
export const orderDetailPage = (page: OrderDetail): Page => {
  const { order, member, view, pictureOf } = page
  const money = (amount: number) => formatMoney(amount, order.currency, member.locale)
  return {
    title: `Order of ${order.email}`,
    allow: { 'img-src': pictureOrigins(view.items.map(pictureOf)) },
    body: html`<p class="crumb"><a href="/dashboard/orders">Orders</a></p>
<div class="head"><div><h1>${order.email}</h1>
<p class="soft small">${time(order.createdAt, member.locale)} · <code id="order-id">${order.id}</code></p></div><p>${standingBadges(page)}</p></div>
${attention(page)}
${review(order, member)}
${actions(order, view, member)}
<div class="desk">
<div>
${page.disputes.map((dispute) => card(dispute.id, 'Dispute', disputeCard(dispute, page.lines, member)))}
${card('items-of-order', 'Items', itemList(view, money, pictureOf))}
${forRight(member, 'orders', () => fulfilForm(view))}
${view.shipments.length > 0 ? card('parcels-of-order', 'Parcels and print jobs', parcelList(view, page.shipments, member)) : ''}
${order.itemId ? card('download', 'Download', delivery(order, member)) : ''}
${card('money', 'Money', totals(view, money))}
</div>
<div>
${card('customer', 'Customer', customer(page))}
${card('payment', 'Payment', chargeList(view, member, money))}
${page.splits.length > 0 ? card('shares', 'Who gets what', shareList(page.splits, member, money)) : ''}
${view.documents.length > 0 ? card('invoices', 'Invoices', paperList(view.documents, `/dashboard/orders/${order.id}`)) : ''}
${card('notes', 'Notes', orderNotes(member, order.id, page.annotations))}
</div>
<div>
${card('happened', 'What happened', orderStory({ lines: page.lines, items: view.items, people: page.people, locale: member.locale }))}
${card('work', 'Background work', tasks(page))}
</div>
</div>`,
  }
}

/** A part of the page with its heading. */
const card = (id: string, title: string, body: Html | ''): Html =>
  html`<section class="part" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${body}</section>`

/** Who has bought it, where it goes, and what it came by. */
const customer = ({ order, view, member, shipments }: OrderDetail): Html => html`<dl class="facts">
<div><dt>Email</dt><dd><a href="mailto:${order.email}">${order.email}</a></dd></div>
${order.buyerName ? html`<div><dt>Name</dt><dd>${order.buyerName}</dd></div>` : ''}
${addresses(view)}
${order.slug ? html`<div><dt>Link</dt><dd><a href="/dashboard/links/${order.linkId}">${order.slug}</a></dd></div>` : ''}
<div><dt>State</dt><dd>${order.state.replaceAll('_', ' ')}${view.cancelReason ? ` (${view.cancelReason})` : ''}</dd></div>
</dl>
${shipToForm(member, view, standsStill(shipments, view))}`

const standings: Record<Standing, [Mood, string]> = {
  unpaid: ['wait', 'not paid'],
  checked: ['wait', 'in review'],
  preparing: ['wait', 'to be handed over'],
  partly: ['wait', 'partly handed over'],
  onItsWay: ['wait', 'on its way'],
  handedOver: ['good', 'handed over'],
  refunded: ['soft', 'refunded'],
  cancelled: ['bad', 'cancelled'],
  soldOut: ['bad', 'sold out'],
  refused: ['bad', 'blocked'],
}

/** Where goods and money stand, in words. */
function standingBadges({ order, view }: OrderDetail): Html {
  const [mood, word] = standings[standingOf(view)]
  const paid = view.charges.reduce((sum, charge) => sum + charge.capturedAmount, 0)
  const held = view.charges.some(({ state }) => state === 'capturable')
  const money: [Mood, string][] = [
    ...(order.amount > 0 && paid >= order.amount - view.creditAmount ? [['good', 'paid'] as [Mood, string]] : []),
    ...(held ? [['wait', 'money held'] as [Mood, string]] : []),
    ...(order.refunded > 0 && order.refunded < paid ? [['soft', 'partly refunded'] as [Mood, string]] : []),
    ...(order.attention ? [['bad', 'needs attention'] as [Mood, string]] : []),
  ]
  return html`${badge(mood, word)}${money.map(([mood, word]) => html` ${badge(mood, word)}`)}`
}

const attention = ({ order, member }: OrderDetail) =>
  order.attention
    ? html`<div class="notice bad" id="attention"><p><strong>This order needs you.</strong> ${attentionSentence(order.attention.reason)}</p>
${order.attention.taskId && may(member.role, 'orders') ? html`<p>${postButton(`/dashboard/orders/${order.id}/tasks/${order.attention.taskId}/retry`, 'Try it again', { style: 'main' })}</p>` : ''}</div>`
    : ''

const attentionSentences: Record<string, string> = {
  licence_pool_empty: 'There are no licence keys left. Add keys to the product, then try it again.',
  refund_by_hand: 'The payment provider has no refunds. Give the money back there, by hand.',
  seller_is_demo:
    'It was sold for real money by a demo company that does not exist, so that no invoice is made. Issue one by hand in the name of who sold it.',
  called_off_goods_move:
    'The carrier has a parcel whose label it took back. Find out whether the buyer gets it before you send anything again.',
  refund_failed_at_provider: 'The payment provider refused the refund. Look at the payment there.',
}

/** A known reason in a sentence; another one as it is, without its underscores. */
function attentionSentence(reason: string): string {
  const code = reason.split(': ').at(-1) ?? reason
  return attentionSentences[code] ?? `${reason.replaceAll('_', ' ')}.`
}

const review = (order: DigitalOrder, member: Member) =>
  order.state === 'in_review'
    ? html`<div class="notice"><p><strong>The payment provider has doubts about this payment.</strong> Nothing is delivered before you decide.</p>
${forRight(
  member,
  'orders',
  () => html`<p class="actions">${postButton(`/dashboard/orders/${order.id}/approve`, 'Approve', { style: 'main' })}
<a class="button danger" href="/dashboard/orders/${order.id}/block">Block…</a></p>`,
)}</div>`
    : ''

function actions(order: DigitalOrder, view: OrderView, { role }: Member): Html | '' {
  const base = `/dashboard/orders/${order.id}`
  const status = digitalStatus(order)
  const open = ['accepted', 'confirmed', 'fulfilled', 'complete'].includes(order.state)
  const { lines, shipping } = openToRefund(view)
  const refundable = [...lines.values(), ...shipping.values()].some((left) => left > 0)
  const buttons = [
    may(role, 'orders') && open && order.itemId
      ? postButton(`${base}/retry-delivery`, status === 'delivered' ? 'Send the download again' : 'Retry delivery')
      : '',
    may(role, 'orders') && open && order.itemId && status === 'paid'
      ? postButton(`${base}/delivered`, 'Mark delivered')
      : '',
    may(role, 'refunds') && open && refundable ? html`<a class="button danger" href="${base}/refund">Refund…</a>` : '',
  ].filter((button) => button !== '')
  return buttons.length > 0 ? html`<div class="actions" role="group" aria-label="Actions">${buttons}</div>` : ''
}

function delivery(order: DigitalOrder, member: Member): Html {
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
${forRight(
  member,
  'orders',
  () => html`<details><summary>Deliver something else</summary>
<form method="post" action="/dashboard/orders/${order.id}/delivery" class="fields">
<p class="hint">For this order only. The product and other orders stay as they are.</p>
${selectField({ name: 'content_type', label: 'Kind', state, options: types })}
${textField({ name: 'delivery_content', label: 'Content or address', state, attributes: { required: true, maxlength: 20_000 } })}
<p><button class="main">Replace the delivery</button></p>
</form></details>`,
)}`
}

const tasks = ({ tasks: list, order, member }: OrderDetail) => {
  const failed = list.filter(({ state }) => state === 'failed').length
  return list.length === 0
    ? html`<p class="soft">None.</p>`
    : html`<details${failed > 0 ? html` open` : ''}><summary>${list.length} tasks${failed > 0 ? `, ${failed} failed` : ''}</summary><ul class="rows">${list.map(
        (
          task,
        ) => html`<li><div><p>${task.job.replaceAll('-', ' ')}</p>${task.lastError ? html`<p class="soft small">${task.lastError}</p>` : ''}</div>
<div class="side">${badge(task.state === 'done' ? 'good' : task.state === 'failed' ? 'bad' : 'wait', task.state)}
${task.state === 'failed' && may(member.role, 'orders') ? postButton(`/dashboard/orders/${order.id}/tasks/${task.id}/retry`, 'Retry', { about: task.job }) : ''}</div></li>`,
      )}</ul></details>`
}
