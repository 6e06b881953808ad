import { html } from 'hono/html'
import type { Sku } from '../../../catalog/sku.entity.ts'
import type { Link } from '../../../links/link.entity.ts'
import { conversionRate, type Revenue } from '../../../links/revenue.ts'
import type { PaymentMethod } from '../../../providers/payment-methods.ts'
import {
  badge,
  copyButton,
  type FormState,
  fieldError,
  formProblem,
  inputField,
  pager,
  postButton,
  selectField,
} from '../elements.ts'
import { formatMoney } from '../locale.ts'
import { nameOfMethod } from '../name-of-method.ts'
import type { Page } from '../page.ts'
import { changeForm, forRight, type Member } from './frame.ts'

const linkBadge = (link: Link) => {
  if (!link.isActive) return badge('soft', 'off')
  if (link.expiresAt && link.expiresAt <= new Date()) return badge('wait', 'ended')
  if (link.maxUses > 0 && link.useCount >= link.maxUses) return badge('wait', 'sold out')
  return badge('good', 'selling')
}

const sold = ({ useCount, maxUses }: Link) => `${useCount}${maxUses > 0 ? ` of ${maxUses}` : ''} sold`

/** The addresses a seller sells by. */
export const linkListPage = (page: {
  member: Member
  links: readonly Link[]
  older: string | undefined
  after: string | undefined
  publicUrl: string
}): Page => ({
  title: 'Links',
  body: html`<div class="head"><h1>Links</h1>${forRight(page.member, 'links', () => html`<a class="button main" href="/dashboard/links/new">New link</a>`)}</div>
${
  page.links.length === 0
    ? html`<p class="soft">Nothing yet. A link is a page that sells one product; share its address wherever your buyers are.</p>`
    : html`<ul class="rows">${page.links.map(
        (link) => html`<li><div><a href="/dashboard/links/${link.id}">${link.title}</a>
<p class="soft small" id="address-${link.id}">${page.publicUrl}/c/${link.slug}</p></div>
<div class="side">${linkBadge(link)}<span>${sold(link)}</span>${copyButton(`address-${link.id}`)}</div></li>`,
      )}</ul>`
}
${pager('/dashboard/links', { after: page.after }, page.older)}`,
})

/** One link: its address, what it brought, and its form; or the form of a new one. */
export const linkFormPage = (page: {
  member: Member
  state: FormState
  products: readonly Sku[]
  methods: readonly PaymentMethod[]
  chosenMethods: readonly string[]
  saved: { link: Link; revenue: Revenue } | undefined
  publicUrl: string
}): Page => {
  const { state, saved } = page
  const title = saved ? saved.link.title : 'New link'
  return {
    title,
    body: html`<p class="crumb"><a href="/dashboard/links">Links</a></p>
<div class="head"><h1>${title}</h1>${saved ? html`<p>${linkBadge(saved.link)}</p>` : ''}</div>
${saved ? overview(page.member, saved, page.publicUrl) : ''}
${formProblem(state)}
${
  page.products.length === 0
    ? html`<p class="notice">A link sells a product, and you have none yet.${forRight(page.member, 'products', () => html` <a href="/dashboard/products/new">Create one first.</a>`)}</p>`
    : html`${changeForm(page.member, 'links', `/dashboard/links/${saved?.link.id ?? 'new'}`)}
${selectField({ name: 'product_id', label: 'Product', state, options: page.products.map(({ id, name, price, currency }) => ({ value: id, label: `${name} (${formatMoney(price, currency, page.member.locale)})` })) })}
${inputField({ name: 'title', label: 'Title', hint: 'What the page says above the price.', state, attributes: { required: true, maxlength: 200 } })}
${inputField({ name: 'slug', label: 'Address', hint: `${page.publicUrl}/c/… Lower-case letters, digits and dashes.`, state, attributes: { required: true, maxlength: 64, autocapitalize: 'none', spellcheck: 'false' } })}
${
  page.methods.length > 1
    ? html`<fieldset class="choice"><legend>Ways to pay</legend>${page.methods.map(
        (method) =>
          html`<label><input type="checkbox" name="payment_methods" value="${method}"${page.chosenMethods.includes(method) ? html` checked` : ''}>${nameOfMethod(method)}</label>`,
      )}<p class="hint">None means all that are set up.</p>${fieldError(state, 'payment_methods')}</fieldset>`
    : ''
}
${inputField({ name: 'max_uses', label: 'How many may be sold', hint: 'Paid orders, whatever their quantity. Zero is unlimited.', state, attributes: { type: 'number', min: 0, max: 1_000_000_000 } })}
${inputField({ name: 'min_quantity', label: 'Fewest pieces in one order', state, attributes: { type: 'number', min: 1, max: 10_000 } })}
${inputField({ name: 'max_quantity', label: 'Most pieces in one order', hint: 'One: the buyer is not asked how many.', state, attributes: { type: 'number', min: 1, max: 10_000 } })}
${inputField({ name: 'expires_at', label: 'Ends (UTC, optional)', state, attributes: { type: 'datetime-local' } })}
${inputField({ name: 'coupon_code', label: 'Coupon (optional)', hint: 'A code that the page applies by itself.', state, attributes: { maxlength: 64, autocapitalize: 'none', spellcheck: 'false' } })}
${forRight(page.member, 'links', () => html`<p><button class="main">${saved ? 'Save' : 'Create the link'}</button></p>`)}
</fieldset></form>`
}`,
  }
}

const overview = (
  member: Member,
  { link, revenue }: { link: Link; revenue: Revenue },
  publicUrl: string,
) => html`<div class="panel">
<p><a id="address" href="/c/${link.slug}">${publicUrl}/c/${link.slug}</a></p>
<div class="actions">${copyButton('address', 'Copy the address')}
${forRight(member, 'links', () =>
  postButton(`/dashboard/links/${link.id}/active`, link.isActive ? 'Stop selling' : 'Sell again', {
    fields: html`<input type="hidden" name="active" value="${link.isActive ? 'no' : 'yes'}">`,
  }),
)}
<a href="/dashboard/orders?link=${link.id}">Orders of this link</a></div>
<dl>
<div><dt>Revenue</dt><dd id="revenue">${formatMoney(revenue.total, revenue.currency, member.locale)}</dd></div>
<div><dt>Paid orders</dt><dd>${revenue.paidCount}</dd></div>
<div><dt>Paid of ${revenue.orderCount} begun</dt><dd>${new Intl.NumberFormat(member.locale, { style: 'percent', maximumFractionDigits: 1 }).format(conversionRate(revenue))}</dd></div>
</dl></div>`
