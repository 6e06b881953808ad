import { html } from 'hono/html'
import { mostOptions, mostVariants } from '../../../catalog/options.ts'
import type { ProductWithVariants } from '../../../catalog/products.ts'
import type { Sku } from '../../../catalog/sku.entity.ts'
import { decimalAmount } from '../../../platform/money.ts'
import { emptyForm, type FormState, fieldError, formProblem, inputField, postButton } from '../elements.ts'
import type { Html, Page } from '../page.ts'
import { descriptionField, pictureField, saveOrPreview } from './description-field.ts'
import { changeForm, forRight, type Member } from './frame.ts'
import { customsFields, listedField, offerFields, parcelFields } from './goods-pages.ts'

/** What a variant is, without its product's name. */
export const wordsOf = ({ options }: Pick<Sku, 'options'>): string =>
  (options ?? []).map(({ value }) => value).join(', ')

const optionRow = (state: FormState, at: number) => {
  const more = at > 1 ? ' (optional)' : ''
  const example = ['Size', 'Colour', 'Fit'][at - 1]
  return html`<div class="row">${inputField({ name: `option_${at}`, label: `Option ${at}${more}`, hint: `Such as ${example}.`, state, attributes: { maxlength: 40, required: at === 1 } })}
${inputField({ name: `values_${at}`, label: `Its values${more}`, hint: at === 1 ? 'With commas between them: S, M, L.' : undefined, state, attributes: { maxlength: 2000, required: at === 1, 'aria-label': `Its values, of option ${at}` } })}</div>`
}

const optionFields = (state: FormState, count: number, hint: string): Html =>
  html`<fieldset><legend>What buyers choose</legend><p class="hint">${hint}</p>
${Array.from({ length: count }, (_, at) => optionRow(state, at + 1))}
${fieldError(state, 'options')}</fieldset>`

/** The form of a new product that is shipped in variants; they begin alike. */
export const newVariantsPage = ({ member, state }: { member: Member; state: FormState }): Page => ({
  title: 'New product in variants',
  body: html`<p class="crumb"><a href="/dashboard/products">Products</a></p>
<h1>New product in variants</h1>
<p class="soft">One product in several sizes, colours or the like. All variants begin with what you say here; then each has its own price, stock
and weight.</p>
${formProblem(state)}
${changeForm(member, 'products', '/dashboard/new-variants', 'multipart/form-data')}
${inputField({ name: 'name', label: 'Name', state, attributes: { required: true, maxlength: 190 } })}
${optionFields(state, mostOptions, `Every combination becomes a variant, ${mostVariants} at most.`)}
${offerFields(state, 'Of each variant.')}
${descriptionField(state)}
${pictureField(state, 'Picture (optional)')}
${parcelFields(state)}
${customsFields(state)}
${listedField(state)}
${forRight(member, 'products', () => saveOrPreview('Create the product'))}
</fieldset></form>`,
})

type VariantsPage = {
  member: Member
  found: ProductWithVariants
  archived: readonly Sku[]
  /** Of the form of what variants have in common, of their prices and stocks, and of a new one. */
  product: FormState
  offers?: FormState | undefined
  another?: FormState | undefined
}

/** A product with its variants: what they have in common, the price and stock of each, and a form for another. */
export const variantsPage = (page: VariantsPage): Page => {
  const { member, found, product: state } = page
  const { product } = found
  const image = product.imageUrl && URL.canParse(product.imageUrl) ? new URL(product.imageUrl) : undefined
  const path = `/dashboard/variants/${product.id}`
  return {
    title: product.name,
    ...(image ? { allow: { 'img-src': [image.origin] } } : {}),
    body: html`<p class="crumb"><a href="/dashboard/products">Products</a></p>
<h1>${product.name}</h1>
${[state, page.offers, page.another].map((each) => (each ? formProblem(each) : ''))}
${variantTable(page, path)}
${anotherForm(page, path)}
${archivedList(page)}
<section aria-labelledby="common"><h2 id="common">What all variants have in common</h2>
${image ? html`<img class="picture unsized" src="${image.href}" alt="The picture of ${product.name}">` : ''}
${changeForm(member, 'products', path, 'multipart/form-data')}
${inputField({ name: 'name', label: 'Name', state, attributes: { required: true, maxlength: 190 } })}
${optionFields(state, product.options.length, 'Their order is that of your shop. A value that a variant has stays.')}
${descriptionField(state)}
${pictureField(state, 'Picture (optional)')}
${forRight(member, 'products', () => saveOrPreview('Save'))}
<p class="hint">Orders that were made keep what they bought.</p>
</fieldset></form></section>
${forRight(member, 'products', () => html`<p><a class="button danger" href="${path}/archive">Take it off sale…</a></p>`)}`,
  }
}

const small = (state: FormState, name: string, label: string, attributes: { inputmode: string; maxlength: number }) =>
  html`<input name="${name}" aria-label="${label}" value="${state.values[name] ?? ''}" inputmode="${attributes.inputmode}" maxlength="${attributes.maxlength}"${
    state.errors[name] ? html` aria-invalid="true" aria-describedby="${name}-error"` : ''
  }>${fieldError(state, name)}`

function variantTable({ member, found, offers }: VariantsPage, path: string): Html {
  if (found.variants.length === 0) return html`<p class="soft">None of its variants is on sale.</p>`
  const state = offers ?? { ...emptyForm, values: offerValues(found.variants) }
  return html`${changeForm(member, 'products', `${path}/offers`)}
<div class="scroll"><table><thead><tr><th scope="col">Variant</th><th scope="col">Price, ${found.product.currency}</th><th scope="col">In stock</th></tr></thead>
<tbody>${found.variants.map(
    (variant) => html`<tr><th scope="row"><a href="/dashboard/products/${variant.id}">${wordsOf(variant)}</a></th>
<td>${small(state, `price_${variant.id}`, `Price of ${wordsOf(variant)}`, { inputmode: 'decimal', maxlength: 16 })}</td>
<td>${small(state, `inventory_${variant.id}`, `Pieces in stock of ${wordsOf(variant)}`, { inputmode: 'numeric', maxlength: 9 })}
<input type="hidden" name="before_${variant.id}" value="${state.values[`before_${variant.id}`] ?? ''}"></td></tr>`,
  )}</tbody></table></div>
<p class="hint">An empty stock: nobody counts, and it is never sold out. A variant’s own page has its weight, its picture, and takes it off sale.</p>
${forRight(member, 'products', () => html`<p class="actions"><button class="main">Save prices and stock</button></p>`)}
</fieldset></form>`
}

/** Prices and stocks of variants as their form shows them. */
export const offerValues = (variants: readonly Sku[]): FormState['values'] =>
  Object.fromEntries(
    variants.flatMap(({ id, price, currency, inventory }) => {
      const pieces = inventory === null || inventory === undefined ? '' : String(inventory)
      return [
        [`price_${id}`, decimalAmount(price, currency)],
        [`inventory_${id}`, pieces],
        [`before_${id}`, pieces],
      ]
    }),
  )

const anotherForm = ({ member, found, another }: VariantsPage, path: string) =>
  forRight(member, 'products', () => {
    const state = another ?? emptyForm
    return html`<details${another ? html` open` : ''}><summary>Another variant</summary>
${changeForm(member, 'products', `${path}/add`)}
<div class="row">${found.product.options.map(({ name }, at) =>
      inputField({ name: `value_${at + 1}`, label: name, state, attributes: { required: true, maxlength: 60 } }),
    )}</div>
<div class="row">${inputField({ name: 'another_price', label: `Price, ${found.product.currency}`, state, attributes: { required: true, inputmode: 'decimal', maxlength: 16 } })}
${inputField({ name: 'another_inventory', label: 'In stock', state, attributes: { inputmode: 'numeric', maxlength: 9 } })}</div>
<p class="hint">The rest it begins with as the first variant.</p>
${fieldError(state, 'options')}
<p class="actions"><button>Add it</button></p>
</fieldset></form></details>`
  })

const archivedList = ({ member, archived }: VariantsPage) =>
  archived.length === 0
    ? ''
    : html`<details><summary>Off sale (${archived.length})</summary><ul class="rows">${archived.map(
        (variant) =>
          html`<li><span>${wordsOf(variant)}</span>${forRight(member, 'products', () =>
            postButton(`/dashboard/products/${variant.id}/restore`, 'Sell again', { about: wordsOf(variant) }),
          )}</li>`,
      )}</ul></details>`
