import { html } from 'hono/html'
import type { Offer } from '../../../links/price-offer.ts'
import type { PublicLink } from '../../../links/public-link.ts'
import { declineWordsByCode } from '../../../notifications/decline-words.ts'
import { isHosted, type PaymentMethod } from '../../../providers/payment-methods.ts'
import type { CardForm } from '../../../providers/provider.ts'
import { type FormState, fieldError, formProblem, inputField, selectField } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import { markdownHtml } from '../markdown.ts'
import { hintOfMethod, nameOfMethod } from '../name-of-method.ts'
import type { Page } from '../page.ts'
import { aboutLink } from './about-link.ts'
import { type BuyerTexts, buyerTextsOf } from './buyer-texts.ts'
import { cardFrames } from './card-frames.ts'
import { countryOptions } from './countries.ts'
import { type ProductPicture, pictureOrigins, productPicture } from './product-picture.ts'
import { asksHowMany, quantityField } from './quantity-field.ts'

/** The page a buyer orders on: what it is, what it costs, and as few fields as possible. */
export const checkoutPage = (page: {
  link: PublicLink
  offer: Offer
  picture: ProductPicture | undefined
  methods: readonly PaymentMethod[]
  locale: string
  state: FormState
  payOrigins: readonly string[]
  /** No real money moves. */
  testMode: boolean
  publicUrl: string
  /** The card form stands on this page; absent where cards are paid with elsewhere. */
  card: CardForm | undefined
}): Page => {
  const { link, offer, methods, locale, state } = page
  const { language, direction, words } = buyerTextsOf(locale)
  const free = offer.price === 0
  const whole = link.price * offer.quantity
  const price = free ? words.free : formatMoney(offer.price, link.currency, locale)
  const origins = pictureOrigins([page.picture])
  const payable = free || methods.length > 0
  const card = free || !methods.some((method) => !isHosted(method)) ? undefined : page.card
  const frames = card && cardFrames(card)
  return {
    title: link.title,
    about: aboutLink(page),
    scripts: [...(asksHowMany(link) ? (['checkout'] as const) : []), ...(card ? (['card'] as const) : [])],
    ...(frames ? { payBy: frames.payBy ?? [] } : {}),
    language,
    direction,
    allow: {
      ...frames?.allow,
      'form-action': page.payOrigins,
      'img-src': [...origins, ...(frames?.allow['img-src'] ?? [])],
    },
    body: html`<div class="shop two">
${page.testMode ? html`<p class="notice small">${words.testMode}</p>` : ''}
<div class="offer">
${productPicture(page.picture, { shown: '(min-width: 32rem) 30rem, 100vw', first: true, style: 'picture' })}
<h1>${link.title}</h1>
${link.name === link.title ? '' : html`<p>${link.name}</p>`}
<p class="price" id="price" data-live>${offer.price < whole ? html`<s class="soft">${formatMoney(whole, link.currency, locale)}</s> ` : ''}${price}</p>
${taxNote(page)}
${link.description ? html`<div class="text">${markdownHtml(link.description)}</div>` : ''}
</div>
<div>
${formProblem(state, words.checkFields)}
${
  payable
    ? html`<form id="checkout" method="post" action="/c/${link.slug}">
${quantityField(page, state, words)}
${inputField({ name: 'email', label: words.email, hint: words.emailHint, state, attributes: { type: 'email', autocomplete: 'email', required: true, maxlength: 254 } })}
${inputField({ name: 'name', label: words.name, state, attributes: { autocomplete: 'name', maxlength: 200 } })}
${link.tax === 'none' || free ? '' : placeFields(locale, state, words)}
${free ? '' : methodChoice(methods, state, words)}
${card ? cardFields(card, page) : ''}
<span id="seen" data-live><input type="hidden" name="seen" value="${offer.price}"${card ? html` data-charge="${chargeOf(card, page)}"` : ''}></span>
<button class="main big" id="pay" data-live>${free ? words.getItNow : words.pay(price)}</button>
${link.takesCodes && link.price > 0 ? codeField(state, words) : ''}
</form>`
    : html`<p role="alert">${words.notPayable}</p>`
}
</div>
</div>`,
  }
}

type Charged = { link: PublicLink; offer: Offer; methods: readonly PaymentMethod[] }

const chargeOf = ({ units }: CardForm, { link, offer }: Charged) =>
  units ? units(offer.price, link.currency) : offer.price

/** Room for the card form, which a script puts there; without one cards are entered on the next page. */
function cardFields(form: CardForm, { link, methods, locale }: Charged & { locale: string }) {
  const { language, words } = buyerTextsOf(locale)
  return html`<div class="card" id="card"
 data-script="${form.script}" data-key="${form.key}" data-currency="${link.currency.toLowerCase()}" data-method="${methods.find((method) => !isHosted(method)) ?? ''}" data-failed="${words.formFailed}" data-declines="${JSON.stringify(declineWordsByCode(language))}">
<div id="payment-element"></div>
<p id="card-problem" role="alert" hidden></p>
</div>`
}

/** Behind the button that pays, which is then the one that the Enter key presses. */
const codeField = (state: FormState, words: BuyerTexts) => html`<details${state.values.coupon_code ? html` open` : ''}>
<summary>${words.haveCode}</summary>
${inputField({ name: 'coupon_code', label: words.code, state, attributes: { autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 64 } })}
<button name="apply" value="yes" formnovalidate>${words.showCode}</button>
</details>`

/** What of the price is tax, or that there is some to come. */
function taxNote({ link, offer, locale }: { link: PublicLink; offer: Offer; locale: string }) {
  if (offer.taxState === 'none') return ''
  const { words } = buyerTextsOf(locale)
  if (offer.taxState === 'calculated')
    return html`<p class="soft">${words.includesTax(formatMoney(offer.totalTax, link.currency, locale))}</p>`
  return html`<p class="soft">${link.tax === 'inclusive' ? words.includesSomeTax : words.addsTax}</p>`
}

/** Where the buyer is: what the tax depends on. */
const placeFields = (locale: string, state: FormState, words: BuyerTexts) => html`${selectField({
  name: 'country',
  label: words.country,
  state,
  options: [{ value: '', label: words.choose }, ...countryOptions(locale)],
  attributes: { autocomplete: 'country', required: true },
})}
${inputField({ name: 'state', label: words.state, state, attributes: { autocomplete: 'address-level1', maxlength: 100 } })}
${inputField({ name: 'postal_code', label: words.postalCode, state, attributes: { autocomplete: 'postal-code', maxlength: 20 } })}
<p><button name="apply" value="yes" formnovalidate>${words.showTax}</button></p>`

function methodChoice(methods: readonly PaymentMethod[], state: FormState, words: BuyerTexts) {
  if (methods.length === 1) return html`<input type="hidden" name="method" value="${methods[0]}">`
  const chosen = methods.find((method) => method === state.values.method) ?? methods[0]
  return html`<fieldset class="choice"><legend>${words.howToPay}</legend>
${methods.map(
  (method) =>
    html`<label><input type="radio" name="method" value="${method}"${method === chosen ? html` checked` : ''}><span>${nameOfMethod(method, words.card)}<br><span class="hint">${hintOfMethod(method, words)}</span></span></label>`,
)}
${fieldError(state, 'method')}
</fieldset>`
}
