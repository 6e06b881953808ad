import { html } from 'hono/html'
import { type DigitalOrder, digitalStatus } from '../../../links/digital-orders.ts'
import type { PaymentMethod } from '../../../providers/payment-methods.ts'
import { copyButton } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import { hintOfMethod, nameOfMethod } from '../name-of-method.ts'
import type { Html, Page } from '../page.ts'

/** A buyer's order with what its page needs to explain. */
export type BuyerOrder = {
  order: DigitalOrder
  slug: string
  merchantName: string
  cancelReason: string | null
  /** The plain sentence of the last failed payment; never a provider's code. */
  failureMessage: string | null
  /** The buyer comes straight back from paying. */
  back: boolean
  /** Money that waits to be fetched, in minor units of the order's currency. Where stands in the mail alone: whoever knows it has the money. */
  claims: readonly number[]
  /** The other ways in which it may be paid. */
  otherMethods: readonly PaymentMethod[]
}

type Part = { heading: string; body: Html; wait: boolean }

const refreshSeconds = 5

/** The page a buyer waits on and comes back to: one address for paying, failing, and having. */
export function buyerOrderPage(page: BuyerOrder & { locale: string; payOrigins: readonly string[] }): Page {
  const { order, locale } = page
  const part = partOf(page)
  const status = digitalStatus(order)
  return {
    title: part.heading,
    site: page.merchantName,
    scripts: ['actions', 'order-status'],
    refreshSeconds: part.wait && status !== 'failed' ? refreshSeconds : undefined,
    allow: { 'form-action': page.payOrigins },
    body: html`<div class="shop">
<p class="soft">${page.merchantName}</p>
<div id="order" role="status" aria-live="polite" data-poll="/api/v2/public/checkout/${page.slug}/order/${order.id}">
<div data-status="${status}" data-content="${String(handedOver(order))}" data-wait="${String(part.wait)}">
<h1>${part.heading}</h1>
${part.body}
${page.claims.map(claim(order.currency, locale))}
</div>
</div>
<dl class="facts">
<div><dt>You ordered</dt><dd>${order.productName}</dd></div>
<div><dt>Amount</dt><dd>${order.amount === 0 ? 'Free' : formatMoney(order.amount, order.currency, locale)}</dd></div>
<div><dt>Email</dt><dd>${order.email}</dd></div>
<div><dt>Order</dt><dd><code>${order.id}</code></dd></div>
</dl>
<p class="soft small">Keep the address of this page: it is how you come back to your order.</p>
</div>`,
  }
}

const claim = (currency: string, locale: string) => (amount: number) =>
  html`<p><strong>${formatMoney(amount, currency, locale)} wait for you.</strong> How to fetch them stands in the mail that we have sent you.</p>`

const handedOver = (order: DigitalOrder) => order.content !== null && order.deliveryState === 'delivered'

function partOf(page: BuyerOrder): Part {
  const { order } = page
  switch (order.state) {
    case 'pending':
    case 'pending_payment':
      return pending(page)
    case 'in_review':
      return {
        heading: 'Your payment is being checked',
        body: html`<p>There is nothing you have to do. This page shows what you bought as soon as the check is done.</p>`,
        wait: true,
      }
    case 'payment_failed':
      return failed(page)
    case 'cancelled':
      return cancelled(page)
    case 'blocked':
      return {
        heading: 'This order was not accepted',
        body: html`<p>The seller could not accept it. If your payment went through, the money goes back to you.</p>`,
        wait: false,
      }
    case 'returned':
      return refunded
    default:
      return delivered(order)
  }
}

const payButton = (page: BuyerOrder, label: string, style: string) =>
  html`<form method="post" action="${payPath(page)}"><button class="${style}">${label}</button></form>
${page.otherMethods.length > 0 ? otherWays(page) : ''}`

const payPath = ({ slug, order }: BuyerOrder) => `/c/${slug}/order/${order.id}/pay`

/** Gives up the payment that was begun for one of another kind. */
const otherWays = (page: BuyerOrder) => html`<details><summary>Pay another way</summary>
<form method="post" action="${payPath(page)}">
${page.otherMethods.map(
  (method) =>
    html`<button name="method" value="${method}">${nameOfMethod(method)}</button><p class="hint">${hintOfMethod(method)}</p>`,
)}
</form></details>`

const pending = (page: BuyerOrder): Part => ({
  heading: page.back ? 'Waiting for the confirmation' : 'Waiting for your payment',
  body: page.back
    ? html`<p>Your payment is on its way to us; this takes a few seconds. This page shows what you bought as soon as it has arrived.</p>
<p>Not paid yet?</p>${payButton(page, 'Continue paying', 'big')}`
    : html`<p>Your order is reserved. What you bought appears here as soon as it is paid.</p>
${payButton(page, 'Continue paying', 'main big')}`,
  wait: true,
})

const failed = (page: BuyerOrder): Part => ({
  heading: 'The payment did not work',
  body: html`<p role="alert">${page.failureMessage ?? 'The payment was declined.'}</p>
<p>Nothing was charged. You can try again, also with another card.</p>
${payButton(page, 'Try again', 'main big')}`,
  wait: true,
})

function cancelled({ cancelReason, slug, order, claims }: BuyerOrder): Part {
  if (cancelReason === 'refunded') return refunded
  if (cancelReason === 'sold out') {
    return {
      heading: 'Sold out',
      body: html`<p>Somebody else bought the last one while you were paying. We are sorry. Your money goes back to you in full.</p>`,
      wait: false,
    }
  }
  return {
    heading: 'This order was cancelled',
    body: html`<p>${order.refunded > 0 || claims.length > 0 ? 'Your money goes back to you.' : 'It was not paid in time, or it was called off. Nothing was charged.'}</p>
<p><a class="button" href="/c/${slug}">Order again</a></p>`,
    wait: false,
  }
}

const refunded: Part = {
  heading: 'Refunded',
  body: html`<p>Your money goes back to you. Depending on your bank this takes up to ten days. What you bought can no longer be opened.</p>`,
  wait: false,
}

function delivered(order: DigitalOrder): Part {
  if (order.deliveryState === 'revoked') {
    return {
      heading: 'Withdrawn',
      body: html`<p>The seller has withdrawn what this order delivered. Please ask the seller.</p>`,
      wait: false,
    }
  }
  if (handedOver(order)) return { heading: 'Thank you! Here it is', body: content(order), wait: false }
  if (order.itemState === 'fulfilled') {
    return {
      heading: 'Thank you! It is delivered',
      body: html`<p>The seller has handed over what you bought. If nothing has reached you, please ask the seller.</p>`,
      wait: false,
    }
  }
  return {
    heading: 'Paid. Preparing your order',
    body: html`<p>Thank you! What you bought appears here in a moment, and we send it to your email address too.</p>`,
    wait: true,
  }
}

function content(order: DigitalOrder): Html {
  switch (order.contentType) {
    case 'file':
      return html`<p><a class="button main big" href="/v2/digital/orders/${order.id}/resource" download>Download</a></p>`
    case 'link':
      return html`<p><a class="button main big" href="/v2/digital/orders/${order.id}/resource?redirect=1" rel="noopener noreferrer">Open</a></p>
<p class="soft small"><code>${order.content}</code></p>`
    default:
      return html`<pre id="content" tabindex="0" aria-label="What you bought">${order.content}</pre>
<p>${copyButton('content', 'Copy the text')}</p>`
  }
}
