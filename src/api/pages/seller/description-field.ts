import { html } from 'hono/html'
import { type FormState, fieldError, textField } from '../elements.ts'
import { markdownHtml } from '../markdown.ts'

/** What a product is, in Markdown; once its seller has asked for it, as buyers will read it. */
export const descriptionField = (state: FormState) =>
  html`${textField({ name: 'description', label: 'Description (optional)', hint: 'Markdown: **bold**, _italic_, - lists, # titles, [links](https://…).', state, attributes: { maxlength: 5000 } })}
${
  state.values.preview && state.values.description
    ? html`<section class="panel text" aria-label="As your buyers read it">${markdownHtml(state.values.description)}</section>`
    : ''
}`

/** Saves the form, or draws it again with what its description looks like. Saving is first, which the Enter key presses. */
export const saveOrPreview = (label: string) =>
  html`<p class="actions"><button class="main">${label}</button><button name="preview" value="yes" formnovalidate>Preview the description</button></p>`

/** A picture from the seller's own device. */
export const pictureField = (state: FormState, label: string) => html`<div><label for="picture">${label}</label>
<input id="picture" name="picture" type="file" accept="image/jpeg,image/png,image/webp,image/avif,image/gif"${state.errors.picture ? html` aria-invalid="true" aria-describedby="picture-error"` : ''}>
${fieldError(state, 'picture')}</div>`
