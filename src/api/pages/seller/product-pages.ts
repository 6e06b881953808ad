import { html } from 'hono/html'
import type { Sku } from '../../../catalog/sku.entity.ts'
import {
  badge,
  type FormState,
  fieldError,
  formProblem,
  inputField,
  type Option,
  selectField,
  textField,
} from '../elements.ts'
import { formatMoney } from '../locale.ts'
import type { Page } from '../page.ts'
import type { Member } from './frame.ts'

const kindNames = { text: 'Text', link: 'Link', file: 'File' }

/** What a seller sells. */
export const productListPage = (page: {
  member: Member
  products: readonly Sku[]
  nextOffset: number | undefined
  offset: number
}): Page => ({
  title: 'Products',
  body: html`<div class="head"><h1>Products</h1><a class="button main" href="/dashboard/products/new">New product</a></div>
${
  page.products.length === 0
    ? html`<p class="soft">Nothing yet. A product is a text, a link or a file that buyers get after paying.</p>`
    : html`<ul class="rows">${page.products.map(
        (product) => html`<li><div><a href="/dashboard/products/${product.id}">${product.name}</a>
${product.description ? html`<p class="soft small">${product.description.slice(0, 120)}</p>` : ''}</div>
<div class="side">${badge('soft', kindNames[product.delivery?.contentType ?? 'text'])}${product.licensed ? badge('soft', 'licence keys') : ''}
<span class="num">${product.price === 0 ? 'Free' : formatMoney(product.price, product.currency, page.member.locale)}</span></div></li>`,
      )}</ul>`
}
${
  page.offset > 0 || page.nextOffset
    ? html`<p class="actions">${page.offset > 0 ? html`<a href="/dashboard/products">Newest</a>` : ''}
${page.nextOffset ? html`<a href="/dashboard/products?offset=${page.nextOffset}" rel="next">Older</a>` : ''}</p>`
    : ''
}`,
})

/** The form of a new product or of one that is there. */
export const productFormPage = (page: {
  state: FormState
  /** The files that can be sold, by their address. */
  files: readonly Option[]
  product: Sku | undefined
  freeKeys: number | undefined
}): Page => {
  const { state, product, files } = page
  const chosen = state.values.content_type ?? 'text'
  const kinds = [
    ['text', 'A text, such as instructions, a code or a licence key'],
    ['file', 'A file that you have uploaded'],
    ['link', 'A link to something elsewhere'],
  ] as const
  const title = product ? product.name : 'New product'
  return {
    title,
    body: html`<p class="crumb"><a href="/dashboard/products">Products</a></p>
<h1>${title}</h1>
${formProblem(state)}
<form method="post" action="/dashboard/products/${product?.id ?? 'new'}" class="fields">
${inputField({ name: 'name', label: 'Name', state, attributes: { required: true, maxlength: 200 } })}
${inputField({ name: 'price', label: 'Price', hint: 'With the decimals of the currency, such as 12.50. Zero gives it away.', state, attributes: { required: true, inputmode: 'decimal', maxlength: 16 } })}
${inputField({ name: 'currency', label: 'Currency', hint: 'Three letters, such as USD.', state, attributes: { required: true, maxlength: 3, autocapitalize: 'characters' } })}
${textField({ name: 'description', label: 'Description (optional)', state, attributes: { maxlength: 5000 } })}
${inputField({ name: 'image_url', label: 'Address of a picture (optional)', hint: 'https only.', state, attributes: { type: 'url', maxlength: 2000 } })}
<fieldset class="choose choice"><legend>What the buyer gets</legend>
${kinds.map(
  ([kind, label]) =>
    html`<label><input type="radio" name="content_type" value="${kind}"${kind === chosen ? html` checked` : ''}>${label}</label>`,
)}
${fieldError(state, 'content_type')}
<div class="for-text">${textField({ name: 'text', label: 'The text', hint: 'Where it says {licence_key}, the buyer sees a key of the pool.', state, attributes: { maxlength: 20_000 } })}
<label><input type="checkbox" name="licensed" value="1"${state.values.licensed ? html` checked` : ''}>Hand out one licence key of the pool with every sale</label>
${fieldError(state, 'licensed')}</div>
<div class="for-file">${
      files.length > 0
        ? selectField({
            name: 'file',
            label: 'The file',
            state,
            options: [{ value: '', label: 'Choose a file' }, ...files],
          })
        : html`<p class="hint">You have no files yet. <a href="/dashboard/files">Upload one first.</a></p>${fieldError(state, 'file')}`
    }</div>
<div class="for-link">${inputField({ name: 'link', label: 'The address', state, attributes: { type: 'url', maxlength: 2000 } })}</div>
</fieldset>
<p><button class="main">${product ? 'Save' : 'Create the product'}</button></p>
${product ? html`<p class="hint">Orders that were made keep what they bought.</p>` : ''}
</form>
${product ? html`<p><a class="button" href="/dashboard/links/new?product=${product.id}">Sell it by a link</a></p>` : ''}
${product?.licensed ? licencePool(product, page.freeKeys ?? 0) : ''}`,
  }
}

const licencePool = (product: Sku, freeKeys: number) => html`<section class="panel" aria-labelledby="pool">
<h2 id="pool">Licence keys</h2>
<p><strong>${freeKeys}</strong> ${freeKeys === 1 ? 'key is' : 'keys are'} left to hand out.</p>
<form method="post" action="/dashboard/products/${product.id}/licence-keys" enctype="multipart/form-data">
<label for="keys">One key a line</label>
<textarea id="keys" name="keys" maxlength="500000"></textarea>
<label for="csv">Or a CSV file with the keys in its first column</label>
<input id="csv" name="csv" type="file" accept=".csv,.txt,text/csv,text/plain">
<p><button>Add to the pool</button></p>
</form></section>`
