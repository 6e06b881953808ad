import { html } from 'hono/html'
import { openPieces } from '../../../fulfillment/decide-pieces.ts'
import { canBeCalledOff, canBeSentAgain, type ShipmentStanding } from '../../../goods/shipment-standing.ts'
import { addressOf } from '../../../notifications/mail-formats.ts'
import type { OrderView } from '../../../order-view/read-order.ts'
import { type ProductPicture, productPicture } from '../buyer/product-picture.ts'
import { badge, emptyForm, inputField, type Mood } from '../elements.ts'
import type { Html } from '../page.ts'
import { forRight, type Member } from './frame.ts'

type Item = OrderView['items'][number]
type Money = (amount: number) => string

const kindNames: Record<Item['kind'], string> = { digital: 'download', physical: 'parcel', pod: 'print on demand' }

/** The lines of an order: what was sold, and what became of its pieces. */
export const itemList = (
  { items }: Pick<OrderView, 'items'>,
  money: Money,
  pictureOf: (item: Item) => ProductPicture | undefined,
): Html =>
  html`<ul class="rows" id="items">${items.map((item) => {
    const picture = productPicture(pictureOf(item), { shown: '4rem', first: false, style: 'thumb' })
    return html`<li${picture ? html` class="pictured"` : ''}>${picture}<div><p>${item.quantity} × ${String(item.product.name ?? '')}</p>
<p class="soft small">${[kindNames[item.kind], item.skuId, `${money(item.unitPrice)} each`].filter(Boolean).join(' · ')}</p></div>
<div class="side">${pieces(item)}${item.refundedAmount > 0 ? badge('soft', `${money(item.refundedAmount)} refunded`) : ''}<span class="num">${money(item.amount)}</span></div></li>`
  })}</ul>`

/** Of one piece its state is enough; of several it is said how many are where. */
function pieces(item: Item): Html[] {
  const counts: [Mood, number, string][] = [
    ['wait', openPieces(item), 'open'],
    ['good', item.fulfilledQuantity - item.returnedQuantity, item.kind === 'digital' ? 'delivered' : 'sent'],
    ['soft', item.returnedQuantity, 'returned'],
    ['bad', item.cancelledQuantity, 'cancelled'],
  ]
  return counts.flatMap(([mood, count, word]) =>
    count > 0 ? [badge(mood, item.quantity === 1 ? word : `${count} ${word}`)] : [],
  )
}

const parcelMoods: Record<OrderView['shipments'][number]['state'], [Mood, string]> = {
  created: ['wait', 'being prepared'],
  purchased: ['wait', 'ready to go'],
  in_transit: ['wait', 'on its way'],
  delivered: ['good', 'delivered'],
  failed: ['bad', 'failed'],
  cancelled: ['soft', 'called off'],
}

/** Parcels and print jobs, each with its carrier, tracking and label. */
export const parcelList = (order: OrderView, standings: readonly ShipmentStanding[], member: Member): Html => {
  const { shipments, items } = order
  const namesOf = (ids: readonly string[]) =>
    items.flatMap(({ id, product }) => (ids.includes(id) ? [String(product.name ?? '')] : [])).join(', ')
  return html`<ul class="rows" id="parcels">${shipments.map((parcel) => {
    const [mood, word] = parcelMoods[parcel.state]
    const names = namesOf(parcel.itemIds)
    const standing = standings.find(({ id }) => id === parcel.id)
    return html`<li><div><p>${names}</p>
<p class="soft small">${[parcel.path === 'pod' ? 'print job' : 'parcel', parcel.carrier, parcel.service].filter(Boolean).join(' · ')}${
      parcel.trackingNumber ? html` · <code>${parcel.trackingNumber}</code>` : ''
    }</p></div>
<div class="side">${badge(mood, word)}${outside(parcel.trackingUrl, 'Track', names)}${parcel.state === 'cancelled' ? '' : outside(parcel.labelUrl, 'Label', names)}${standing ? parcelActions(order, standing, names, member) : ''}</div></li>`
  })}</ul>`
}

/** What can be done about a parcel or print job, or is being done. */
function parcelActions(order: OrderView, standing: ShipmentStanding, names: string, member: Member): Html | '' {
  const base = `/dashboard/orders/${order.id}/parcels/${standing.id}`
  const prints = standing.path === 'pod'
  if (standing.beingCalledOff) return badge('wait', 'being called off')
  const link = (path: string, label: string) =>
    forRight(
      member,
      'orders',
      () => html`<a class="button" href="${base}/${path}" aria-label="${label}: ${names}">${label}…</a>`,
    )
  if (canBeCalledOff(standing)) return html`${link('call-off', prints ? 'Cancel the print' : 'Void the label')}`
  if (canBeSentAgain(standing, order)) return html`${link('send-again', prints ? 'Print again' : 'Send again')}`
  return ''
}

const outside = (url: string | null, label: string, about: string): Html | '' =>
  url && /^https?:\/\//.test(url)
    ? html`<a href="${url}" rel="noopener noreferrer" aria-label="${label}: ${about}">${label}</a>`
    : ''

/** Where it goes, and who pays. */
export const addresses = ({ shipTo, billTo, locale }: Pick<OrderView, 'shipTo' | 'billTo' | 'locale'>): Html | '' => {
  const said = { locale: locale.replace('_', '-') }
  const shown = [
    ['Ship to', addressOf(shipTo, said)],
    ['Bill to', addressOf(billTo, said)],
  ]
  return html`${shown.map(([label, text]) => (text ? html`<div><dt>${label}</dt><dd class="prose">${text}</dd></div>` : ''))}`
}

/** How many pieces of an order are still to be decided about: a form that was sent twice, or by two people, is about other ones. */
export const openOf = ({ items }: Pick<OrderView, 'items'>): number =>
  items.reduce((sum, item) => sum + openPieces(item), 0)

/** A form for what a seller hands over: of an order whose goods this seller moves. */
export const fulfilForm = (order: Pick<OrderView, 'id' | 'items' | 'fulfilledBy' | 'state'>): Html | '' => {
  const open = order.items.filter((item) => openPieces(item) > 0)
  if (order.fulfilledBy !== 'merchant' || order.state !== 'accepted' || open.length === 0) return ''
  const quantities = Object.fromEntries(open.map((item) => [`quantity-${item.id}`, String(openPieces(item))]))
  const state = { ...emptyForm, values: quantities }
  return html`<section class="panel" aria-labelledby="to-send"><h2 id="to-send">To be sent</h2>
<form method="post" action="/dashboard/orders/${order.id}/ship" class="fields">
<input type="hidden" name="seen" value="${openOf(order)}">
${open.map((item) =>
  inputField({
    name: `quantity-${item.id}`,
    label: `Pieces of ${String(item.product.name ?? '')}, of ${openPieces(item)}`,
    state,
    attributes: { type: 'number', min: 0, max: openPieces(item), step: 1 },
  }),
)}
${inputField({ name: 'tracking_company', label: 'Carrier, if there is one', state, attributes: { maxlength: 200 } })}
${inputField({ name: 'tracking_number', label: 'Tracking number', state, attributes: { maxlength: 200 } })}
${inputField({ name: 'tracking_url', label: 'Address to track it', state, attributes: { type: 'url', maxlength: 2000 } })}
<p><button class="main">Mark as sent</button></p>
<p class="hint">This takes the money that is held for it.</p>
</form></section>`
}
