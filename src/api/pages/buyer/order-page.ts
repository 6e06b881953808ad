import { html } from 'hono/html'
import { type DigitalOrder, digitalStatus } from '../../../links/digital-orders.ts'
import type { OrderView } from '../../../order-view/read-order.ts'
import type { PaymentMethod } from '../../../providers/payment-methods.ts'
import { copyButton } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import { hintOfMethod, nameOfMethod } from '../name-of-method.ts'
import type { Html, Page } from '../page.ts'
import { paperList } from '../paper-list.ts'
import { type BuyerTexts, buyerTextsOf } from './buyer-texts.ts'
import { orderPageTexts } from './order-page-texts.ts'
import { type ProductPicture, pictureOrigins, productPicture } from './product-picture.ts'

/** A buyer's order with what its page needs to explain. */
export type BuyerOrder = {
  order: DigitalOrder
  slug: string
  cancelReason: string | null
  /** The plain sentence of the last failed payment; never a provider's code. */
  /** Why its last payment failed, in its buyer's language. */
  declined: string | null
  /** The buyer comes straight back from paying. */
  back: boolean
  /** Money that waits to be fetched, in minor units of the order's currency. Where stands in the mail alone: whoever knows it has the money. */
  claims: readonly number[]
  /** Invoices and credit memos that the buyer may open. */
  documents: OrderView['documents']
  quantity: number
  /** Of the first of its goods. */
  picture: ProductPicture | undefined
  /** The other ways in which it may be paid. */
  otherMethods: readonly PaymentMethod[]
}

type Part = { heading: string; body: Html; wait: boolean }
type Read = BuyerOrder & { words: BuyerTexts }

const refreshSeconds = 5

/** The page a buyer waits on and comes back to: one address for paying, failing, and having. */
export function buyerOrderPage(page: BuyerOrder & { locale: string; payOrigins: readonly string[] }): Page {
  const { order, locale } = page
  const { language, direction, words } = buyerTextsOf(locale)
  const part = partOf({ ...page, words })
  const status = digitalStatus(order)
  return {
    title: part.heading,
    language,
    direction,
    scripts: ['actions', 'order-status'],
    refreshSeconds: part.wait && status !== 'failed' ? refreshSeconds : undefined,
    allow: { 'form-action': page.payOrigins, 'img-src': pictureOrigins([page.picture]) },
    body: html`<div class="shop">
<div id="order" role="status" aria-live="polite" data-poll="/api/v2/public/checkout/${page.slug}/order/${order.id}">
<div data-status="${status}" data-content="${String(handedOver(order))}" data-wait="${String(part.wait)}">
<h1>${part.heading}</h1>
${part.body}
${page.claims.map(claim(order.currency, locale, words))}
</div>
</div>
<dl class="facts">
<div><dt>${words.youOrdered}</dt><dd class="what">${productPicture(page.picture, { shown: '4rem', first: false, style: 'thumb' })}<span>${order.productName}${page.quantity > 1 ? ` × ${page.quantity}` : ''}</span></dd></div>
<div><dt>${words.amount}</dt><dd>${order.amount === 0 ? words.free : formatMoney(order.amount, order.currency, locale)}</dd></div>
<div><dt>${words.mail}</dt><dd>${order.email}</dd></div>
<div><dt>${words.order}</dt><dd><code>${order.id}</code></dd></div>
</dl>
${page.documents.length > 0 ? html`<h2>${words.invoices}</h2>${paperList(page.documents, `/c/${page.slug}/order/${order.id}`, paperNames(language))}` : ''}
<p class="soft small">${words.keepAddress}</p>
</div>`,
  }
}

const paperNames = (language: string) => {
  const { invoiceName, creditMemoName } = orderPageTexts({ language })
  return { invoice: invoiceName, credit_memo: creditMemoName }
}

const claim = (currency: string, locale: string, words: BuyerTexts) => (amount: number) =>
  html`<p><strong>${words.claim(formatMoney(amount, currency, locale))}</strong> ${words.claimHint}</p>`

const handedOver = (order: DigitalOrder) => order.content !== null && order.deliveryState === 'delivered'

function partOf(page: Read): Part {
  const { order, words } = page
  switch (order.state) {
    case 'pending':
    case 'pending_payment':
      return pending(page)
    case 'in_review':
      return {
        heading: words.checked,
        body: html`<p>${words.checkedHint}</p>`,
        wait: true,
      }
    case 'payment_failed':
      return failed(page)
    case 'cancelled':
      return cancelled(page)
    case 'blocked':
      return {
        heading: words.refused,
        body: html`<p>${words.refusedHint}</p>`,
        wait: false,
      }
    case 'returned':
      return refunded(words)
    default:
      return delivered(order, words)
  }
}

const payButton = (page: Read, label: string, style: string) =>
  html`<form method="post" action="${payPath(page)}"><button class="${style}">${label}</button></form>
${page.otherMethods.length > 0 ? otherWays(page) : ''}`

const payPath = ({ slug, order }: BuyerOrder) => `/c/${slug}/order/${order.id}/pay`

/** Gives up the payment that was begun for one of another kind. */
const otherWays = (page: Read) => html`<details><summary>${page.words.otherWay}</summary>
<form method="post" action="${payPath(page)}">
${page.otherMethods.map(
  (method) =>
    html`<button name="method" value="${method}">${nameOfMethod(method, page.words.card)}</button><p class="hint">${hintOfMethod(method, page.words)}</p>`,
)}
</form></details>`

const pending = (page: Read): Part => ({
  heading: page.back ? page.words.confirming : page.words.waiting,
  body: page.back
    ? html`<p>${page.words.confirmingHint}</p>
<p>${page.words.notPaidYet}</p>${payButton(page, page.words.continuePaying, 'big')}`
    : html`<p>${page.words.waitingHint}</p>
${payButton(page, page.words.continuePaying, 'main big')}`,
  wait: true,
})

const failed = (page: Read): Part => ({
  heading: page.words.failed,
  body: html`<p role="alert">${page.declined ?? page.words.declined}</p>
<p>${page.words.failedHint}</p>
${payButton(page, page.words.tryAgain, 'main big')}`,
  wait: true,
})

function cancelled({ cancelReason, slug, order, claims, words }: Read): Part {
  if (cancelReason === 'refunded') return refunded(words)
  if (cancelReason === 'sold out') {
    return {
      heading: words.soldOut,
      body: html`<p>${words.soldOutHint}</p>`,
      wait: false,
    }
  }
  return {
    heading: words.cancelled,
    body: html`<p>${order.refunded > 0 || claims.length > 0 ? words.moneyBack : words.notPaid}</p>
<p><a class="button" href="/c/${slug}">${words.orderAgain}</a></p>`,
    wait: false,
  }
}

const refunded = (words: BuyerTexts): Part => ({
  heading: words.refunded,
  body: html`<p>${words.refundedHint}</p>`,
  wait: false,
})

function delivered(order: DigitalOrder, words: BuyerTexts): Part {
  if (order.deliveryState === 'revoked') {
    return {
      heading: words.withdrawn,
      body: html`<p>${words.withdrawnHint}</p>`,
      wait: false,
    }
  }
  if (handedOver(order)) return { heading: words.here, body: content(order, words), wait: false }
  if (order.itemState === 'fulfilled') {
    return {
      heading: words.delivered,
      body: html`<p>${words.deliveredHint}</p>`,
      wait: false,
    }
  }
  return {
    heading: words.preparing,
    body: html`<p>${words.preparingHint}</p>`,
    wait: true,
  }
}

function content(order: DigitalOrder, words: BuyerTexts): Html {
  switch (order.contentType) {
    case 'file':
      return html`<p><a class="button main big" href="/v2/digital/orders/${order.id}/resource" download>${words.download}</a></p>`
    case 'link':
      return html`<p><a class="button main big" href="/v2/digital/orders/${order.id}/resource?redirect=1" rel="noopener noreferrer">${words.open}</a></p>
<p class="soft small"><code>${order.content}</code></p>`
    default:
      return html`<pre id="content" tabindex="0" aria-label="${words.whatYouBought}">${order.content}</pre>
<p>${copyButton('content', words.copy)}</p>`
  }
}
