import { html } from 'hono/html'
import type { ProductWithVariants } from '../../../catalog/products.ts'
import type { Goods } from '../../../catalog/shelf.ts'
import type { Sku } from '../../../catalog/sku.entity.ts'
import {
  badge,
  type FormState,
  fieldError,
  formProblem,
  inputField,
  type Option,
  postButton,
  selectField,
  textField,
} from '../elements.ts'
import { formatMoney } from '../locale.ts'
import { plainText } from '../markdown.ts'
import type { Page } from '../page.ts'
import { descriptionField, pictureField, saveOrPreview } from './description-field.ts'
import { changeForm, forRight, type Member } from './frame.ts'
import { offerFields, productCrumb, sharedFields } from './goods-pages.ts'

const kindNames = { text: 'Text', link: 'Link', file: 'File' }

const kindOf = ({ kind, delivery }: Sku): string =>
  kind === 'physical' ? 'To ship' : kind === 'pod' ? 'Printed on demand' : kindNames[delivery?.contentType ?? 'text']

const stockBadge = ({ inventory }: Sku) =>
  inventory === null || inventory === undefined
    ? ''
    : inventory === 0
      ? badge('wait', 'sold out')
      : badge('soft', `${inventory} in stock`)

type ProductList = {
  member: Member
  goods: readonly Goods[]
  nextOffset: number | undefined
  offset: number
  /** Shows what was taken off sale in place of what is on it. */
  archived: boolean
}

/** What a seller sells, of every kind; or what was taken off sale. */
export const productListPage = (page: ProductList): Page => {
  const title = page.archived ? 'Products off sale' : 'Products'
  return {
    title,
    body: html`${page.archived ? html`<p class="crumb"><a href="/dashboard/products">Products</a></p>` : ''}
<div class="head"><h1>${title}</h1>${page.archived ? '' : forRight(page.member, 'products', newProducts)}</div>
${
  page.goods.length === 0
    ? html`<p class="soft">${page.archived ? 'Nothing is off sale.' : 'Nothing yet. A product is a text, a link or a file that buyers get after paying, or something that is sent to them.'}</p>`
    : html`<ul class="rows">${page.goods.map((goods) => (goods.found ? variantsRow(page, goods.found) : productRow(page, goods.sku)))}</ul>`
}
${listLinks(page)}`,
  }
}

const newProducts = () => html`<p class="actions"><a class="button main" href="/dashboard/products/new">New product</a>
<a class="button" href="/dashboard/new-goods">New product to ship</a>
<a class="button" href="/dashboard/new-variants">… in variants</a>
<a class="button" href="/dashboard/new-print">… printed on demand</a></p>`

const productRow = (page: ProductList, product: Sku) => html`<li><div>${
  page.archived
    ? html`<strong>${product.name}</strong>`
    : html`<a href="/dashboard/products/${product.id}">${product.name}</a>`
}
${product.description ? html`<p class="soft small">${plainText(product.description, 120)}</p>` : ''}</div>
<div class="side">${stockBadge(product)}${badge('soft', kindOf(product))}${product.licensed ? badge('soft', 'licence keys') : ''}
<span class="num">${product.price === 0 ? 'Free' : formatMoney(product.price, product.currency, page.member.locale)}</span>${
  page.archived
    ? forRight(page.member, 'products', () =>
        postButton(`/dashboard/products/${product.id}/restore`, 'Sell again', { about: product.name }),
      )
    : ''
}</div></li>`

function variantsRow({ archived, member }: ProductList, { product, variants }: ProductWithVariants) {
  const prices = variants.map(({ price }) => price)
  const [least, most] = [Math.min(...prices), Math.max(...prices)]
  const money = (amount: number) => formatMoney(amount, product.currency, member.locale)
  return html`<li><div>${
    archived
      ? html`<strong>${product.name}</strong>`
      : html`<a href="/dashboard/variants/${product.id}">${product.name}</a>`
  }
${product.description ? html`<p class="soft small">${plainText(product.description, 120)}</p>` : ''}</div>
<div class="side">${
    archived
      ? forRight(member, 'products', () =>
          postButton(`/dashboard/variants/${product.id}/restore`, 'Sell again', { about: product.name }),
        )
      : html`${variants.some(({ inventory }) => inventory === 0) ? badge('wait', 'some sold out') : ''}${badge('soft', variants.length === 1 ? '1 variant' : `${variants.length} variants`)}
<span class="num">${prices.length === 0 ? '' : least === most ? money(least) : `${money(least)} – ${money(most)}`}</span>`
  }</div></li>`
}

const listLinks = ({ offset, nextOffset, archived }: ProductList) => {
  const more = archived ? '&archived=yes' : ''
  return html`<p class="actions">${offset > 0 ? html`<a href="/dashboard/products${archived ? '?archived=yes' : ''}">Newest</a>` : ''}
${nextOffset ? html`<a href="/dashboard/products?offset=${nextOffset}${more}" rel="next">Older</a>` : ''}
${archived ? '' : html`<a class="soft" href="/dashboard/products?archived=yes">Off sale</a>`}</p>`
}

/** The form of a new product or of one that is there. */
export const productFormPage = (page: {
  member: Member
  state: FormState
  /** The files that can be sold, by their address. */
  files: readonly Option[]
  product: Sku | undefined
  freeKeys: number | undefined
}): Page => {
  const { state, product, files, member } = page
  const chosen = state.values.content_type ?? 'text'
  const kinds = [
    ['text', 'A text, such as instructions, a code or a licence key'],
    ['file', 'A file that you have uploaded'],
    ['link', 'A link to something elsewhere'],
  ] as const
  const title = product ? product.name : 'New product'
  return {
    title,
    body: html`${productCrumb(product)}
<h1>${title}</h1>
${formProblem(state)}
${changeForm(member, 'products', `/dashboard/products/${product?.id ?? 'new'}`, 'multipart/form-data')}
${product?.productId ? sharedFields(state, product.productId) : inputField({ name: 'name', label: 'Name', state, attributes: { required: true, maxlength: 200 } })}
${offerFields(state, 'With its decimals, such as 12.50. Zero gives it away.')}
${product?.productId ? '' : descriptionField(state)}
<div class="row">${pictureField(state, 'Picture (optional)')}
${inputField({ name: 'image_url', label: 'Or a picture elsewhere (optional)', hint: 'Its address; https only.', state, attributes: { type: 'url', maxlength: 2000 } })}</div>
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
${forRight(member, 'products', () => saveOrPreview(product ? 'Save' : 'Create the product'))}
${product ? html`<p class="hint">Orders that were made keep what they bought.</p>` : ''}
</fieldset></form>
${
  product
    ? html`<p class="actions">${forRight(
        member,
        'products',
        () => html`<a class="button" href="/dashboard/links/new?product=${product.id}">Sell it by a link</a>
<a class="button danger" href="/dashboard/products/${product.id}/archive">Take it off sale…</a>`,
      )}</p>`
    : ''
}
${product?.licensed ? licencePool(product, page.freeKeys ?? 0, member) : ''}`,
  }
}

const licencePool = (
  product: Sku,
  freeKeys: number,
  member: Member,
) => html`<section class="panel" aria-labelledby="pool">
<h2 id="pool">Licence keys</h2>
<p><strong>${freeKeys}</strong> ${freeKeys === 1 ? 'key is' : 'keys are'} left to hand out.</p>
${forRight(
  member,
  'products',
  () => html`<form method="post" action="/dashboard/products/${product.id}/licence-keys" enctype="multipart/form-data">
<label for="keys">One key a line</label>
<textarea id="keys" name="keys" maxlength="500000"></textarea>
<label for="csv">Or a CSV file with the keys in its first column</label>
<input id="csv" name="csv" type="file" accept=".csv,.txt,text/csv,text/plain">
<p><button>Add to the pool</button></p>
</form>`,
)}</section>`
