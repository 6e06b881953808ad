import { html } from 'hono/html'
import type { ListedKey } from '../../../merchants/api-keys.ts'
import { badge, emptyForm, selectField, time } from '../elements.ts'
import type { Page } from '../page.ts'
import type { Member } from './frame.ts'

/** A merchant's API keys by their hints; a key itself is shown once, when it is made. */
export const keyListPage = (page: { member: Member; keys: readonly ListedKey[] }): Page => ({
  title: 'API keys',
  body: html`<h1>API keys</h1>
<p>Your server uses a secret key for everything, your storefront a publishable key for carts and payments. <a href="/docs">How to use them</a></p>
<form method="post" action="/dashboard/keys" class="filters">
${selectField({
  name: 'kind',
  label: 'New key',
  state: emptyForm,
  options: [
    { value: 'secret', label: 'Secret, for a server' },
    { value: 'publishable', label: 'Publishable, for a storefront' },
  ],
})}
<button class="main">Create</button></form>
<ul class="rows">${page.keys.map(
    (
      key,
    ) => html`<li><div><code>${key.hint}</code><p class="soft small">Made ${time(key.createdAt, page.member.locale)}</p></div>
<div class="side">${badge('soft', key.kind)}${
      key.revokedAt
        ? badge('bad', 'revoked')
        : html`<a class="button danger" href="/dashboard/keys/${key.id}/revoke" aria-label="Revoke ${key.hint}">Revoke…</a>`
    }</div></li>`,
  )}</ul>`,
})
