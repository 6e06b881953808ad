import { html } from 'hono/html'
import type { DigitalOrder } from '../../../links/digital-orders.ts'
import { declineWordsByCode } from '../../../notifications/decline-words.ts'
import type { CardForm } from '../../../providers/provider.ts'
import { formatMoney } from '../locale.ts'
import type { Page } from '../page.ts'
import { buyerTextsOf } from './buyer-texts.ts'
import { cardFrames } from './card-frames.ts'

/** Where a buyer enters card data or opens a wallet: Stripe's own fields and buttons, in Stripe's frames. Its script is allowed on this page only. */
export const payPage = (page: {
  order: DigitalOrder
  slug: string
  form: CardForm
  locale: string
  publicUrl: string
}): Page => {
  const { order, slug } = page
  const { language, direction, words } = buyerTextsOf(page.locale)
  const here = `/c/${slug}/order/${order.id}`
  return {
    title: words.pay(order.productName),
    language,
    direction,
    scripts: ['pay'],
    ...cardFrames(page.form),
    body: html`<div class="shop">
<h1>${order.productName}</h1>
<p class="price">${formatMoney(order.amount, order.currency, page.locale)}</p>
<noscript><p role="alert">${words.needsScript}</p></noscript>
<p id="problem" role="alert" hidden></p>
<div id="express-element"></div>
<p class="soft small" id="or" hidden>${words.orBelow}</p>
<form id="payment" data-failed="${words.formFailed}" data-declines="${JSON.stringify(declineWordsByCode(language))}" data-key="${page.form.key}" data-start="${here}/pay" data-back="${page.publicUrl}${here}">
<div id="payment-element"></div>
<button class="main big" disabled>${words.payButton}</button>
</form>
<p><a href="${here}">${words.backToOrder}</a></p>
<script src="${page.form.script}"></script>
</div>`,
  }
}
