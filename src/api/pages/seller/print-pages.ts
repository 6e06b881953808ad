import { html } from 'hono/html'
import type { PrintableProduct, PrintableVariant } from '../../../carriers/printful-catalogue.ts'
import { type FormState, fieldError, formProblem, inputField } from '../elements.ts'
import type { Html, Page } from '../page.ts'
import { descriptionField, pictureField, saveOrPreview } from './description-field.ts'
import { changeForm, forRight, type Member } from './frame.ts'
import { customsFields, listedField, offerFields } from './goods-pages.ts'

const crumb = html`<p class="crumb"><a href="/dashboard/products">Products</a></p>`

/** What can be printed on, to choose from. */
export const printablesPage = (page: {
  products: readonly PrintableProduct[]
  nextOffset: number | undefined
}): Page => ({
  title: 'What shall be printed on?',
  body: html`${crumb}
<h1>What shall be printed on?</h1>
<p class="soft">Printful’s catalogue. Who knows the id of a variant may <a href="/dashboard/new-print?product=other">type it</a>.</p>
<ul class="rows">${page.products.map(
    ({ id, name, variantCount }) =>
      html`<li><a href="/dashboard/new-print?product=${id}">${name}</a><span class="soft">${variantCount === 1 ? '1 variant' : `${variantCount} variants`}</span></li>`,
  )}</ul>
${page.nextOffset ? html`<p><a href="/dashboard/new-print?offset=${page.nextOffset}" rel="next">More</a></p>` : ''}`,
})

const wordsOf = ({ id, size, color }: PrintableVariant): string =>
  [size, color].filter(Boolean).join(', ') || String(id)

/** The form of a new product that is printed on demand. Without variants to choose from, the id of one is typed. */
export const newPrintPage = (page: {
  member: Member
  state: FormState
  printable: number | undefined
  variants: readonly PrintableVariant[]
  chosen: readonly string[]
  /** Why there is nothing to choose from. */
  trouble: string | undefined
}): Page => {
  const { member, state, variants } = page
  return {
    title: 'New product printed on demand',
    body: html`${crumb}
<h1>New product printed on demand</h1>
${page.trouble ? html`<p role="status" class="notice bad">${page.trouble}</p>` : ''}
${formProblem(state)}
${changeForm(member, 'products', '/dashboard/new-print', 'multipart/form-data')}
${page.printable === undefined ? '' : html`<input type="hidden" name="product" value="${page.printable}">`}
${inputField({ name: 'name', label: 'Name', state, attributes: { required: true, maxlength: 190 } })}
${variants.length > 0 ? choices(page) : inputField({ name: 'variant', label: 'Printful’s id of the variant', hint: 'A number, which Printful’s catalogue says.', state, attributes: { required: true, inputmode: 'numeric', maxlength: 12 } })}
${inputField({ name: 'print_file', label: 'What is printed', hint: 'The address of a picture that Printful can fetch.', state, attributes: { type: 'url', required: true, maxlength: 2000 } })}
${offerFields(state, 'Of each variant.')}
${descriptionField(state)}
${pictureField(state, 'Picture (optional)')}
${customsFields(state)}
${listedField(state)}
${forRight(member, 'products', () => saveOrPreview('Create the product'))}
</fieldset></form>`,
  }
}

const choices = (page: { state: FormState; variants: readonly PrintableVariant[]; chosen: readonly string[] }): Html =>
  html`<fieldset class="choice"><legend>Variants that you sell</legend>${page.variants.map(
    (variant) =>
      html`<label><input type="checkbox" name="variant" value="${variant.id}"${page.chosen.includes(String(variant.id)) ? html` checked` : ''}>${wordsOf(variant)}</label>`,
  )}${fieldError(page.state, 'variant')}</fieldset>`
