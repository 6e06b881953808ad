import { html } from 'hono/html'
import type { DigitalOrder } from '../../../links/digital-orders.ts'
import { formatMoney } from '../locale.ts'
import type { Page } from '../page.ts'

/** Where a buyer enters card data: Stripe's own fields, in Stripe's frames. Its script is allowed on this page only. */
export const payPage = (page: {
  order: DigitalOrder
  slug: string
  merchantName: string
  publishableKey: string
  locale: string
  publicUrl: string
}): Page => {
  const { order, slug } = page
  const here = `/c/${slug}/order/${order.id}`
  return {
    title: `Pay ${order.productName}`,
    site: page.merchantName,
    scripts: ['pay'],
    allow: {
      'script-src': ['https://js.stripe.com'],
      'frame-src': ['https://js.stripe.com', 'https://hooks.stripe.com'],
      'connect-src': ['https://api.stripe.com'],
    },
    body: html`<div class="shop">
<p class="soft">${page.merchantName}</p>
<h1>${order.productName}</h1>
<p class="price">${formatMoney(order.amount, order.currency, page.locale)}</p>
<noscript><p role="alert">Paying by card needs JavaScript. Please allow it for this page.</p></noscript>
<p id="problem" role="alert" hidden></p>
<form id="payment" data-key="${page.publishableKey}" data-start="${here}/pay" data-back="${page.publicUrl}${here}">
<div id="payment-element"></div>
<button class="main big" disabled>Pay</button>
</form>
<p><a href="${here}">Back to the order</a></p>
<script src="https://js.stripe.com/v3/"></script>
</div>`,
  }
}
