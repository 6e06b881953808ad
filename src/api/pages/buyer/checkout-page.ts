import { html } from 'hono/html'
import type { Offer } from '../../../links/price-offer.ts'
import type { PublicLink } from '../../../links/public-link.ts'
import type { PaymentMethod } from '../../../providers/payment-methods.ts'
import { type FormState, fieldError, formProblem, inputField, selectField } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import { hintOfMethod, nameOfMethod } from '../name-of-method.ts'
import type { Page } from '../page.ts'
import { countryOptions } from './countries.ts'

/** The page a buyer orders on: what it is, what it costs, and as few fields as possible. */
export const checkoutPage = (page: {
  link: PublicLink
  offer: Offer
  methods: readonly PaymentMethod[]
  locale: string
  state: FormState
  payOrigins: readonly string[]
}): Page => {
  const { link, offer, methods, locale, state } = page
  const free = offer.price === 0
  const price = free ? 'Free' : formatMoney(offer.price, link.currency, locale)
  const image = imageOf(link.imageUrl)
  const payable = free || methods.length > 0
  return {
    title: link.title,
    site: link.merchantName,
    allow: { 'form-action': page.payOrigins, ...(image ? { 'img-src': [image.origin] } : {}) },
    body: html`<div class="shop">
<p class="soft">${link.merchantName}</p>
${image ? html`<img src="${image.href}" alt="">` : ''}
<h1>${link.title}</h1>
${link.name === link.title ? '' : html`<p>${link.name}</p>`}
<p class="price">${offer.price < link.price ? html`<s class="soft">${formatMoney(link.price, link.currency, locale)}</s> ` : ''}${price}</p>
${taxNote(page)}
${link.description ? html`<p class="prose">${link.description}</p>` : ''}
${formProblem(state)}
${
  payable
    ? html`<form method="post" action="/c/${link.slug}">
${inputField({ name: 'email', label: 'Email address', hint: 'What you buy is sent there too.', state, attributes: { type: 'email', autocomplete: 'email', required: true, maxlength: 254 } })}
${inputField({ name: 'name', label: 'Name (optional)', state, attributes: { autocomplete: 'name', maxlength: 200 } })}
${link.tax === 'none' || free ? '' : placeFields(locale, state)}
${free ? '' : methodChoice(methods, state)}
<input type="hidden" name="seen" value="${offer.price}">
<button class="main big">${free ? 'Get it now' : `Pay ${price}`}</button>
${link.takesCodes && link.price > 0 ? codeField(state) : ''}
</form>`
    : html`<p role="alert">This cannot be paid at the moment. Please come back later.</p>`
}
</div>`,
  }
}

/** Behind the button that pays, which is then the one that the Enter key presses. */
const codeField = (state: FormState) => html`<details${state.values.coupon_code ? html` open` : ''}>
<summary>I have a code</summary>
${inputField({ name: 'coupon_code', label: 'Code', state, attributes: { autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 64 } })}
<button name="apply" value="yes" formnovalidate>Show the price with it</button>
</details>`

/** What of the price is tax, or that there is some to come. */
function taxNote({ link, offer, locale }: { link: PublicLink; offer: Offer; locale: string }) {
  if (offer.taxState === 'none') return ''
  if (offer.taxState === 'calculated')
    return html`<p class="soft">Includes ${formatMoney(offer.totalTax, link.currency, locale)} tax</p>`
  return html`<p class="soft">${link.tax === 'inclusive' ? 'Includes tax' : 'Tax is added for your country'}</p>`
}

/** Where the buyer is: what the tax depends on. */
const placeFields = (locale: string, state: FormState) => html`${selectField({
  name: 'country',
  label: 'Country',
  state,
  options: [{ value: '', label: 'Please choose' }, ...countryOptions(locale)],
  attributes: { autocomplete: 'country', required: true },
})}
${inputField({ name: 'state', label: 'State or province (United States, Canada)', state, attributes: { autocomplete: 'address-level1', maxlength: 100 } })}
${inputField({ name: 'postal_code', label: 'Postal code (optional)', state, attributes: { autocomplete: 'postal-code', maxlength: 20 } })}
<p><button name="apply" value="yes" formnovalidate>Show the price with tax</button></p>`

function methodChoice(methods: readonly PaymentMethod[], state: FormState) {
  if (methods.length === 1) return html`<input type="hidden" name="method" value="${methods[0]}">`
  const chosen = methods.find((method) => method === state.values.method) ?? methods[0]
  return html`<fieldset class="choice"><legend>How do you want to pay?</legend>
${methods.map(
  (method) =>
    html`<label><input type="radio" name="method" value="${method}"${method === chosen ? html` checked` : ''}><span>${nameOfMethod(method)}<br><span class="hint">${hintOfMethod(method)}</span></span></label>`,
)}
${fieldError(state, 'method')}
</fieldset>`
}

/** Only https, so that the page stays free of mixed and of local content. */
function imageOf(url: string | null): URL | undefined {
  const image = url === null ? null : URL.parse(url)
  return image?.protocol === 'https:' ? image : undefined
}
