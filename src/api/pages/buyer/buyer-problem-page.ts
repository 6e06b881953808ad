import { html } from 'hono/html'
import type { Page } from '../page.ts'
import { type BuyerProblem, buyerTextsOf, isBuyerProblem } from './buyer-texts.ts'

/** A refusal as a buyer's page: on the page of an offer, or on that of an order, to which `order` leads back. */
export type Refusal = { code: string; onOffer: boolean; order: string | undefined }

function problemOf({ code, onOffer }: Refusal): BuyerProblem {
  if (code === 'not_found' && onOffer) return 'no_offer'
  if (code === 'out_of_stock') return 'link_used_up'
  return isBuyerProblem(code) ? code : 'other'
}

/** What happened, in the buyer's language, and where to go on: back to the order, or to where orders are found. */
export function buyerProblemPage(refusal: Refusal, locale: string): Page {
  const { language, direction, words } = buyerTextsOf(locale)
  const [title, sentence] = words.problems[problemOf(refusal)]
  const [href, label] = refusal.order ? [refusal.order, words.backToOrder] : ['/o', words.findOrders]
  return {
    title,
    language,
    direction,
    body: html`<div class="shop">
<h1>${title}</h1>
<p>${sentence}</p>
<p><a href="${href}">${label}</a></p>
</div>`,
  }
}
