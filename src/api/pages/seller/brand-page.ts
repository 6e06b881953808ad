import { html } from 'hono/html'
import type { BrandSettings } from '../../../merchants/brands.ts'
import { accentStyle } from '../accent.ts'
import { logoOf } from '../buyer/branded.ts'
import { type FormState, fieldError, formProblem, inputField, textField } from '../elements.ts'
import type { Page } from '../page.ts'

/** How a seller shows itself to its buyers, with a sample of it. */
export function brandPage({
  state,
  saved,
  merchantName,
}: {
  state: FormState
  saved: BrandSettings
  merchantName: string
}): Page {
  return {
    title: 'Brand',
    style: accentStyle(saved.accent, '.sample'),
    allow: { 'img-src': ["'self'"] },
    body: html`<h1>Brand</h1>
<p class="soft">What your buyers see on the pages where they order, pay and find their order, and the name in their mails.</p>
${formProblem(state)}
<section class="panel sample" aria-label="A sample of your pages">
<div class="brand">${logoOf(saved)}<p>${saved.displayName ?? merchantName}</p></div>
<p><span class="button main">Pay</span> <a href="/dashboard/links">A link</a></p>
</section>
<form method="post" action="/dashboard/brand" enctype="multipart/form-data" class="fields">
${inputField({ name: 'display_name', label: 'Name (optional)', hint: `Empty: ${merchantName}.`, state, attributes: { maxlength: 100, autocomplete: 'organization' } })}
<div><label for="logo">Logo (optional)</label>
<input id="logo" name="logo" type="file" accept="image/jpeg,image/png,image/webp,image/avif,image/gif"${state.errors.logo ? html` aria-invalid="true" aria-describedby="logo-error"` : ''}>
${fieldError(state, 'logo')}</div>
${saved.logo ? html`<label><input type="checkbox" name="remove_logo" value="1">Take the logo away</label>` : ''}
${inputField({ name: 'accent', label: 'Colour (optional)', hint: 'Such as #1a6b34. The text on it, and links in it, are made so that they can be read.', state, attributes: { maxlength: 7, autocapitalize: 'none', spellcheck: 'false' } })}
${inputField({ name: 'support_email', label: 'Address for questions (optional)', hint: 'Answers to mails go there too.', state, attributes: { type: 'email', maxlength: 254 } })}
${inputField({ name: 'terms_url', label: 'Address of your terms (optional)', state, attributes: { type: 'url', maxlength: 2000 } })}
${inputField({ name: 'privacy_url', label: 'Address of your privacy notice (optional)', state, attributes: { type: 'url', maxlength: 2000 } })}
${textField({ name: 'imprint', label: 'Imprint (optional)', hint: 'Who sells, with an address: many countries ask for it.', state, attributes: { maxlength: 2000 } })}
<p><button class="main">Save</button></p>
</form>`,
  }
}
