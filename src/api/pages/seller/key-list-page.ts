import { html } from 'hono/html'
import type { ListedKey } from '../../../merchants/api-keys.ts'
import { type KeyScope, keyScopes } from '../../../merchants/key-scopes.ts'
import { badge, type FormState, inputField, selectField, textField, time } from '../elements.ts'
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
${inputField({ name: 'name', label: 'Name (optional)', hint: 'What it is for, such as Shop server.', state: page.state, attributes: { maxlength: 100 } })}
${textField({
  name: 'origins',
  label: 'Sites that may use it (publishable keys)',
  hint: 'One a line, such as https://shop.example. Empty allows every site.',
  state: page.state,
  attributes: { rows: 2, maxlength: 5000 },
})}
<details><summary>Limit a secret key</summary>
<fieldset class="choice"><legend>What it is for (none means everything)</legend>${keyScopes.map(
    (scope) => html`<label><input type="checkbox" name="scopes" value="${scope}">${scopeNames[scope]}</label>`,
  )}</fieldset></details>
<button class="main">Create</button></form>
<ul class="rows">${page.keys.map(
    (key) => html`<li><div>${key.name ? html`<strong>${key.name}</strong> ` : ''}<code>${key.hint}</code>
<p class="soft small">Made ${time(key.createdAt, page.member.locale)} · ${
      key.lastUsedAt ? html`Last used ${time(key.lastUsedAt, page.member.locale)}` : 'Never used'
    }${key.scopes ? html` · Only ${key.scopes.join(', ')}` : ''}</p>${key.kind === 'publishable' && !key.revokedAt ? originsForm(key) : ''}</div>
<div class="side">${badge('soft', key.kind)}${
      key.revokedAt
        ? badge('bad', 'revoked')
        : html`<a class="button danger" href="/dashboard/keys/${key.id}/revoke" aria-label="Revoke ${key.hint}">Revoke…</a>`
    }</div></li>`,
  )}</ul>`,
})

const scopeNames: Record<KeyScope, string> = {
  read: 'read: look at everything',
  checkouts: 'checkouts: carts, checkouts and means of payment',
  orders: 'orders: orders, what is sent and what comes back',
  refunds: 'refunds: money that goes back, disputes',
  products: 'products: SKUs, products, links and coupons',
  customers: 'customers: buyers and their tax numbers',
  files: 'files: uploads and links to them',
  webhooks: 'webhooks: endpoints and events',
  money: 'money: balances, payouts and settlements',
  settings: 'settings: the merchant, its recipients and companies',
}

const originsForm = ({
  id,
  hint,
  origins,
}: ListedKey) => html`<form method="post" action="/dashboard/keys/${id}/origins">
<label for="origins-${id}">Sites that may use ${hint}</label>
<textarea id="origins-${id}" name="origins" rows="2" maxlength="5000" placeholder="Every site">
${(origins ?? []).join('\n')}</textarea>
<button>Save the sites</button></form>`
