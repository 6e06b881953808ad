import { html } from 'hono/html'
import type { Offer } from '../../../links/price-offer.ts'
import { type PublicLink, quantitiesOf } from '../../../links/public-link.ts'
import { type FormState, inputField } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import type { Html } from '../page.ts'
import type { BuyerTexts } from './buyer-texts.ts'

type Priced = { link: PublicLink; offer: Offer; locale: string }

/** Whether a buyer may take several pieces of what a link sells. */
export const asksHowMany = (link: PublicLink): boolean => link.maxQuantity > 1

/** How many pieces, and what they cost then, line by line; nothing where there is nothing to choose. */
export function quantityField(page: Priced, state: FormState, words: BuyerTexts): Html | '' {
  if (!asksHowMany(page.link)) return ''
  const { min, max } = quantitiesOf(page.link)
  const shown = { ...state, values: { ...state.values, quantity: String(page.offer.quantity) } }
  const attributes = { type: 'number', min, max, step: 1, required: true, inputmode: 'numeric', autocomplete: 'off' }
  return html`${payByEnter}
${inputField({ name: 'quantity', label: words.quantity, state: shown, attributes })}
<p><button name="apply" value="yes" formnovalidate data-reprice>${words.showPrice}</button></p>
<dl class="facts" id="lines" aria-live="polite" data-live>${linesOf(page, words).map(
    ([label, amount]) => html`<div><dt>${label}</dt><dd class="num">${amount}</dd></div>`,
  )}</dl>`
}

/** The first button of a form is the one that the Enter key presses: it pays, and is not seen. */
const payByEnter = html`<button class="skip" tabindex="-1" aria-hidden="true"></button>`

function linesOf({ link, offer, locale }: Priced, words: BuyerTexts): [label: string, amount: string][] {
  const money = (amount: number) => formatMoney(amount, link.currency, locale)
  const further: [string, number][] = [
    [words.discount, -offer.totalDiscount],
    [words.shipping, offer.totalShipping],
    [words.tax, offer.totalTax],
  ]
  return [
    [`${offer.quantity} × ${money(link.price)}`, money(offer.quantity * link.price)],
    ...further.flatMap(([label, amount]): [string, string][] => (amount === 0 ? [] : [[label, money(amount)]])),
    [words.total, money(offer.price)],
  ]
}
