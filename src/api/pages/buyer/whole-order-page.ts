import { html } from 'hono/html'
import { addressOf, type Formats, formatsOf } from '../../../notifications/mail-formats.ts'
import { standingOf } from '../../../order-view/order-standing.ts'
import type { OrderView } from '../../../order-view/read-order.ts'
import { copyButton } from '../elements.ts'
import type { Html, Page } from '../page.ts'
import { type OrderPageTexts, orderPageTexts, type ParcelStanding } from './order-page-texts.ts'
import { type ProductPicture, pictureOrigins, productPicture } from './product-picture.ts'

/** What the page of an order needs; `address` is that of the page itself. */
export type WholeOrder = {
  order: OrderView
  address: string
  documents: OrderView['documents']
  pictureOf: (item: OrderView['items'][number]) => ProductPicture | undefined
}

type Words = Formats & { page: OrderPageTexts } & Pick<WholeOrder, 'pictureOf'>
type Item = OrderView['items'][number]

const refreshSeconds = 5

/** An order with all that its buyer has of it: goods, downloads, parcels, money and papers, in the order's language. */
export function wholeOrderPage({ order, address, documents, pictureOf }: WholeOrder): Page {
  const formats = formatsOf(order)
  const words = { ...formats, page: orderPageTexts(formats), pictureOf }
  const standing = standingOf(order)
  const wait = standing === 'unpaid' || standing === 'preparing' || standing === 'checked'
  return {
    title: words.page.standings[standing],
    language: words.language,
    direction: words.direction,
    scripts: ['actions', 'order-status'],
    allow: { 'img-src': pictureOrigins(order.items.map(pictureOf)) },
    refreshSeconds: wait ? refreshSeconds : undefined,
    body: html`<div class="shop">
<div id="order" role="status" aria-live="polite"><div data-wait="${String(wait)}">
<h1>${words.page.standings[standing]}</h1>
${goods(order, address, words)}
${parcels(order, words)}
</div></div>
${facts(order, words)}
${documents.length > 0 ? papers(documents, address, words) : ''}
<p class="soft small">${words.page.keepAddress}</p>
</div>`,
  }
}

const goods = (order: OrderView, address: string, words: Words): Html => html`<h2>${words.page.items}</h2>
<ul class="rows">${order.items.map((item) => {
  const picture = productPicture(words.pictureOf(item), { shown: '4rem', first: false, style: 'thumb' })
  return html`<li${picture ? html` class="pictured"` : ''}>${picture}<div><p><strong>${nameOf(item)}</strong> × ${item.quantity}</p>${handedOver(item, order, address, words)}</div>
<p class="num">${words.money(item.amount)}</p></li>`
})}</ul>`

const nameOf = ({ product }: Item) => String(product.name ?? '')

/** What of an item can be opened here. */
function handedOver(item: Item, { state }: OrderView, address: string, { page }: Words): Html | '' {
  const { delivery, fulfilledQuantity } = item
  if (!delivery || state === 'returned' || state === 'cancelled')
    return item.kind === 'digital' && fulfilledQuantity > 0 && !delivery
      ? html`<p class="soft">${page.withdrawn}</p>`
      : ''
  if (delivery.contentType === 'text')
    return html`<pre id="content-${item.id}" tabindex="0" aria-label="${nameOf(item)}">${delivery.content}</pre>
<p>${copyButton(`content-${item.id}`, page.copy)}</p>`
  const label = delivery.contentType === 'file' ? page.download : page.open
  return html`<p><a class="button main" href="${address}/items/${item.id}" rel="noopener noreferrer" aria-label="${label}: ${nameOf(item)}">${label}</a></p>`
}

const parcelStandings: Partial<Record<OrderView['shipments'][number]['state'], ParcelStanding>> = {
  created: 'prepared',
  purchased: 'prepared',
  in_transit: 'onItsWay',
  delivered: 'delivered',
  failed: 'problem',
}

function parcels({ shipments, items, state }: OrderView, words: Words): Html | '' {
  const { labels } = words.texts
  const shown = shipments.flatMap((parcel) => {
    const standing = parcelStandings[parcel.state]
    return standing && state !== 'cancelled' ? [{ ...parcel, standing }] : []
  })
  if (shown.length === 0) return ''
  const namesOf = (itemIds: readonly string[]) =>
    items.flatMap((item) => (itemIds.includes(item.id) ? [nameOf(item)] : [])).join(', ')
  return html`<h2>${words.page.parcelsTitle}</h2>
<ul class="rows">${shown.map(
    ({ itemIds, carrier, trackingNumber, trackingUrl, standing }) => html`<li><div><p>${namesOf(itemIds)}</p>
<p class="soft small">${words.page.parcels[standing]}${trackingNumber ? html` · ${carrier ?? labels.trackingNumber} <bdi>${trackingNumber}</bdi>` : ''}</p></div>
${trackingUrl && isWebAddress(trackingUrl) ? html`<div class="side"><a href="${trackingUrl}" rel="noopener noreferrer" aria-label="${labels.track}: ${namesOf(itemIds)}">${labels.track}</a></div>` : ''}</li>`,
  )}</ul>`
}

const isWebAddress = (url: string): boolean => /^https?:\/\//.test(url)

function facts(order: OrderView, words: Words): Html {
  const { texts, money, date, page } = words
  const { labels } = texts
  const refunded = order.charges.reduce((sum, charge) => sum + charge.refundedAmount, 0)
  const amounts: [string, number][] = [
    [page.discount, -order.totalDiscount],
    [labels.shipping, order.totalShipping],
    [labels.tax, order.totalTax],
    [labels.duty, order.totalDuty],
    [labels.fees, order.totalFees],
  ]
  const rows: [string, string | undefined][] = [
    ...amounts.flatMap(([label, amount]): [string, string][] => (amount === 0 ? [] : [[label, money(amount)]])),
    [labels.total, money(order.totalAmount)],
    [page.refunded, refunded > 0 ? money(refunded) : undefined],
    [labels.order, order.id],
    [labels.orderedOn, date(order.createdAt)],
    [labels.shipTo, addressOf(order.shipTo, words)],
    [labels.billTo, addressOf(order.billTo, words)],
  ]
  return html`<dl class="facts">${rows.map(([label, value]) =>
    value ? html`<div><dt>${label}</dt><dd class="prose"><bdi>${value}</bdi></dd></div>` : '',
  )}</dl>`
}

const papers = (documents: OrderView['documents'], address: string, { page, texts }: Words): Html =>
  html`<h2>${page.papers}</h2><ul class="rows" id="papers">${documents.map(({ kind, number, fileId }) => {
    const name = `${kind === 'invoice' ? page.invoiceName : page.creditMemoName} ${number}`
    return html`<li><p>${name}</p>
<div class="side"><a href="${address}/papers/${fileId}/pdf" aria-label="PDF: ${name}" download>PDF</a>
<a href="${address}/papers/${fileId}/xml" aria-label="XML: ${name}" title="${texts.labels.eInvoice}" download>XML</a></div></li>`
  })}</ul>`
