import { html } from 'hono/html'
import type { ListedKey } from '../../../merchants/api-keys.ts'
import { badge, type FormState, selectField, textField, time } from '../elements.ts'
import type { Page } from '../page.ts'
import type { Member } from './frame.ts'

/** A merchant's API keys by their hints; a key itself is shown once, when it is made. */
export const keyListPage = (page: { member: Member; keys: readonly ListedKey[]; state: FormState }): Page => ({
  title: 'API keys',
  body: html`<h1>API keys</h1>
<p>Your server uses a secret key for everything, your storefront a publishable key for carts and payments. <a href="/docs">How to use them</a></p>
<form method="post" action="/dashboard/keys" class="filters">
${selectField({
  name: 'kind',
  label: 'New key',
  state: page.state,
  options: [
    { value: 'secret', label: 'Secret, for a server' },
    { value: 'publishable', label: 'Publishable, for a storefront' },
  ],
})}
${textField({
  name: 'origins',
  label: 'Sites that may use it (publishable keys)',
  hint: 'One a line, such as https://shop.example. Empty allows every site.',
  state: page.state,
  attributes: { rows: 2, maxlength: 5000 },
})}
<button class="main">Create</button></form>
<ul class="rows">${page.keys.map(
    (
      key,
    ) => html`<li><div><code>${key.hint}</code><p class="soft small">Made ${time(key.createdAt, page.member.locale)}</p>${
      key.kind === 'publishable' && !key.revokedAt ? originsForm(key) : ''
    }</div>
<div class="side">${badge('soft', key.kind)}${
      key.revokedAt
        ? badge('bad', 'revoked')
        : html`<a class="button danger" href="/dashboard/keys/${key.id}/revoke" aria-label="Revoke ${key.hint}">Revoke…</a>`
    }</div></li>`,
  )}</ul>`,
})

const originsForm = ({
  id,
  hint,
  origins,
}: ListedKey) => html`<form method="post" action="/dashboard/keys/${id}/origins">
<label for="origins-${id}">Sites that may use ${hint}</label>
<textarea id="origins-${id}" name="origins" rows="2" maxlength="5000" placeholder="Every site">
${(origins ?? []).join('\n')}</textarea>
<button>Save the sites</button></form>`
