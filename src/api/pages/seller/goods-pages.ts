import { html } from 'hono/html'
import type { Sku } from '../../../catalog/sku.entity.ts'
import { type FormState, fieldError, formProblem, inputField, postButton, selectField } from '../elements.ts'
import type { Html, Page } from '../page.ts'
import { descriptionField, pictureField, saveOrPreview } from './description-field.ts'
import { changeForm, forRight, type Member } from './frame.ts'

const options = (...values: string[]) => values.map((value) => ({ value, label: value }))

/** What one piece costs, and how many there are; what is sold while a seller looks at the form is not overwritten by it. */
export const offerFields = (state: FormState, priceHint: string): Html =>
  html`<div class="row">${inputField({ name: 'price', label: 'Price', hint: priceHint, state, attributes: { required: true, inputmode: 'decimal', maxlength: 16 } })}
${inputField({ name: 'currency', label: 'Currency', hint: 'Three letters, such as USD.', state, attributes: { required: true, maxlength: 3, autocapitalize: 'characters' } })}
${inputField({ name: 'inventory', label: 'Pieces in stock', hint: 'Empty: nobody counts, and it is never sold out.', state, attributes: { inputmode: 'numeric', maxlength: 9 } })}
<input type="hidden" name="inventory_before" value="${state.values.inventory_before ?? ''}"></div>`

/** Where a product stands: among all, or among the variants of one. */
export const productCrumb = (product: Sku | undefined): Html =>
  html`<p class="crumb"><a href="/dashboard/products">Products</a>${product?.productId ? html` › <a href="/dashboard/variants/${product.productId}">All variants</a>` : ''}</p>`

/** What a variant has of its product, which its own form sends as it is. */
export const sharedFields = ({ values }: FormState, productId: string): Html =>
  html`<p class="hint">Its name and description are <a href="/dashboard/variants/${productId}">those of all variants</a>, and so is its currency.</p>
${['name', 'description'].map((name) => html`<input type="hidden" name="${name}" value="${values[name] ?? ''}">`)}`

/** Whether shops find it. */
export const listedField = ({ values }: FormState): Html =>
  html`<label><input type="checkbox" name="listed" value="1"${values.listed ? html` checked` : ''}>Show it in the catalogue that shops read</label>`

/** A picture that Printful makes: why there is none, or null while it is being made; undefined where none was asked for. */
export type ShownMockUp = { failure: string | null } | undefined

/** The form of a product that is shipped or printed, a new one or one that is there. */
export const goodsFormPage = (page: {
  member: Member
  state: FormState
  product: Sku | undefined
  mockUp?: ShownMockUp
}): Page => {
  const { member, state, product } = page
  const title = product ? product.name : 'New product to ship'
  const image = product?.imageUrl && URL.canParse(product.imageUrl) ? new URL(product.imageUrl) : undefined
  return {
    title,
    ...(image ? { allow: { 'img-src': [image.origin] } } : {}),
    body: html`${productCrumb(product)}
<h1>${title}</h1>
${formProblem(state)}
${image ? html`<img class="picture unsized" src="${image.href}" alt="The picture of ${title}">` : ''}
${product?.kind === 'pod' ? mockUpPart(member, product, page.mockUp) : ''}
${changeForm(member, 'products', `/dashboard/${product ? `products/${product.id}` : 'new-goods'}`, 'multipart/form-data')}
${product?.productId ? sharedFields(state, product.productId) : inputField({ name: 'name', label: 'Name', state, attributes: { required: true, maxlength: 200 } })}
${offerFields(state, 'With its decimals, such as 12.50.')}
${product?.productId ? '' : descriptionField(state)}
${pictureField(state, 'Picture (optional)')}
${product?.kind === 'pod' ? '' : parcelFields(state)}
${customsFields(state)}
${listedField(state)}
${forRight(member, 'products', () => saveOrPreview(product ? 'Save' : 'Create the product'))}
${product ? html`<p class="hint">Orders that were made keep what they bought.</p>` : ''}
</fieldset></form>
${product ? forRight(member, 'products', () => html`<p><a class="button danger" href="/dashboard/products/${product.id}/archive">Take it off sale…</a></p>`) : ''}`,
  }
}

const mockUpPart = (member: Member, product: Sku, mockUp: ShownMockUp): Html => {
  if (mockUp?.failure === null) return html`<p role="status" class="notice">Printful is making a picture of it.</p>`
  return html`${mockUp ? html`<p role="status" class="notice bad">Printful has made no picture of it (${mockUp.failure}).</p>` : ''}
${forRight(member, 'products', () => postButton(`/dashboard/products/${product.id}/mock-up`, 'Have Printful make a picture', { about: product.name }))}`
}

/** What a parcel is made of; its units stand beside what they count. */
export const parcelFields = (state: FormState) => {
  const measure = (name: string, label: string) =>
    inputField({ name, label, state, attributes: { required: true, inputmode: 'decimal', maxlength: 10 } })
  return html`<fieldset><legend>Packed, one piece</legend>
<div class="row">${measure('weight', 'Weight')}
${selectField({ name: 'weight_unit', label: 'Unit', state, attributes: { 'aria-label': 'Unit of the weight' }, options: options('g', 'kg', 'oz', 'lb') })}
${measure('length', 'Length')}
${measure('width', 'Width')}
${measure('height', 'Height')}
${selectField({ name: 'size_unit', label: 'Unit', state, attributes: { 'aria-label': 'Unit of the size' }, options: options('cm', 'in') })}</div>
${fieldError(state, 'dimensions')}</fieldset>`
}

/** What customs and taxes ask about goods. */
export const customsFields = (state: FormState) => html`<fieldset><legend>Customs and taxes</legend>
<div class="row">${inputField({ name: 'country_of_origin', label: 'Country of origin (optional)', hint: 'Two letters, such as DE. Customs ask for it.', state, attributes: { maxlength: 2, autocapitalize: 'characters' } })}
${inputField({ name: 'tax_code', label: 'Tax category (optional)', hint: 'The code that your taxes are calculated by.', state, attributes: { maxlength: 40 } })}</div></fieldset>`
