import { html } from 'hono/html'
import type { OwnedSellingEntity } from '../../checkouts/selling-entity.ts'
import { type FormState, formProblem, inputField, postButton, textField } from './elements.ts'
import type { Html, Page } from './page.ts'

/** Whose entities a page is about. */
export type EntityOwner = { merchantId: string; name: string } | null

const root = '/ops/selling-entities'

/** An address of these pages, which keeps whose entities they are. */
export const entityPath = (owner: EntityOwner, below = ''): string => withOwner(owner, `${root}${below}`)

/** Beside the entities, because one may have any id. */
const newEntityPath = (owner: EntityOwner): string => withOwner(owner, '/ops/new-selling-entity')

const withOwner = (owner: EntityOwner, path: string): string =>
  owner ? `${path}?${new URLSearchParams({ merchantId: owner.merchantId })}` : path

const crumb = (owner: EntityOwner, list: boolean): Html =>
  html`<p class="crumb"><a href="/ops">Operations</a>${list ? html` <a href="${entityPath(owner)}">Selling entities</a>` : ''}</p>`

const whose = (owner: EntityOwner): Html =>
  owner
    ? html`<p>Only these sell for ${owner.name}, which owes their taxes, as soon as there is one.</p>`
    : html`<p>They sell for every merchant that has none of its own, and the installation owes their taxes.</p>`

/** Who sells, in the order in which they are tried. */
export const sellingEntityListPage = (page: {
  owner: EntityOwner
  entities: readonly OwnedSellingEntity[]
  merchants: readonly { id: string; name: string }[]
  done: string | undefined
}): Page => ({
  title: 'Selling entities',
  body: html`${crumb(page.owner, false)}
<div class="head"><h1>Selling entities${page.owner ? ` of ${page.owner.name}` : ''}</h1><a class="button main" href="${newEntityPath(page.owner)}">Add one</a></div>
${page.done ? html`<p class="notice good" role="status">${page.done}</p>` : ''}
${whose(page.owner)}
<p>The first whose countries fit a sale sells: goods by where they leave and arrive, everything else by where the buyer is billed.</p>
${
  page.entities.length === 0
    ? html`<p>None is entered.</p>`
    : html`<ol class="rows">${page.entities.map((entity, index) => row(page, entity, index))}</ol>`
}
${otherOwners(page)}`,
})

const row = (
  { owner, entities }: { owner: EntityOwner; entities: readonly OwnedSellingEntity[] },
  entity: OwnedSellingEntity,
  index: number,
): Html => {
  const move = (label: string, to: number) =>
    postButton(entityPath(owner, `/${entity.id}/move`), label, {
      about: entity.name,
      fields: html`<input type="hidden" name="position" value="${to}">`,
    })
  return html`<li><div><p>${index + 1}. <a href="${entityPath(owner, `/${entity.id}`)}">${entity.name}</a></p>
<p class="soft small"><code>${entity.id}</code> · ${entity.country} · goods from ${named(entity.shipFromCountries)} to ${named(entity.shipToCountries)} · billed in ${named(entity.billToCountries)}</p></div>
<div class="side">${index > 0 ? move('Up', index) : ''}${index < entities.length - 1 ? move('Down', index + 2) : ''}</div></li>`
}

const named = (countries: readonly string[]): string => {
  if (countries.includes('*')) return 'everywhere'
  return countries.length === 0 ? 'nowhere' : countries.join(', ')
}

const otherOwners = ({
  owner,
  merchants,
}: {
  owner: EntityOwner
  merchants: readonly { id: string; name: string }[]
}) =>
  html`<h2>Whose entities</h2>
<form method="get" action="${root}" class="filters">
<div><label for="merchantId">Whose</label>
<select id="merchantId" name="merchantId"><option value="">The installation’s</option>${merchants.map(
    ({ id, name }) =>
      html`<option value="${id}"${id === owner?.merchantId ? html` selected` : ''}>${name} (${id})</option>`,
  )}</select></div>
<button>Show</button></form>`

/** The form of a new entity, or of one that is there. */
export const sellingEntityFormPage = (page: {
  owner: EntityOwner
  entity: OwnedSellingEntity | undefined
  state: FormState
}): Page => {
  const { owner, entity, state } = page
  const title = entity ? entity.name : 'New selling entity'
  return {
    title,
    body: html`${crumb(owner, true)}
<h1>${title}</h1>
${formProblem(state)}
<form method="post" action="${entity ? entityPath(owner, `/${entity.id}`) : newEntityPath(owner)}" class="fields">
${entity ? html`<p><code>${entity.id}</code>, in ${entity.country}. Both stay: another taxpayer is another entity.</p>` : identity(state)}
${inputField({ name: 'name', label: 'Legal name', state, attributes: { required: true, maxlength: 200, autocomplete: 'off' } })}
<fieldset><legend>Registered address</legend>${addressFields(state)}</fieldset>
<fieldset><legend>What it sells</legend>
<p class="hint">Country codes such as IE, DE. * stands for every country, nothing for none.</p>${countryFields(state)}</fieldset>
${textField({ name: 'taxIdentifiers', label: 'Tax numbers (optional)', hint: 'One a line, its type first: de DE136695976.', state })}
${textField({ name: 'disclosures', label: 'What buyers must be able to read (optional)', hint: 'One a line: its kind, the words of its link, and its address, with | between them: imprint | Imprint | https://example.com/imprint.', state })}
<p><button class="main">${entity ? 'Save' : 'Add it'}</button></p>
${entity ? html`<p class="hint">What was sold before keeps the entity as it was.</p>` : ''}
</form>
${entity ? removal(owner, entity) : ''}`,
  }
}

const identity = (state: FormState): Html =>
  html`${inputField({ name: 'id', label: 'Id', hint: 'Letters, digits, _ . and -. It stands in the numbers of its invoices and cannot be changed.', state, attributes: { required: true, maxlength: 64, autocomplete: 'off' } })}
${inputField({ name: 'country', label: 'Country in which it is established', hint: 'Two letters, such as IE. It cannot be changed.', state, attributes: { required: true, maxlength: 2, autocapitalize: 'characters' } })}`

const addressFields = (state: FormState): Html =>
  html`${inputField({ name: 'line1', label: 'Street', state, attributes: { required: true, maxlength: 200 } })}
${inputField({ name: 'line2', label: 'Further line (optional)', state, attributes: { maxlength: 200 } })}
${inputField({ name: 'postalCode', label: 'Postal code (optional)', state, attributes: { maxlength: 20 } })}
${inputField({ name: 'city', label: 'City', state, attributes: { required: true, maxlength: 200 } })}
${inputField({ name: 'state', label: 'State (optional)', state, attributes: { maxlength: 100 } })}
${inputField({ name: 'addressCountry', label: 'Country of the address', state, attributes: { required: true, maxlength: 2, autocapitalize: 'characters' } })}`

const countryFields = (state: FormState): Html =>
  html`${inputField({ name: 'shipFromCountries', label: 'Goods that leave from', state, attributes: { maxlength: 1500 } })}
${inputField({ name: 'shipToCountries', label: 'Goods that go to', state, attributes: { maxlength: 1500 } })}
${inputField({ name: 'billToCountries', label: 'Everything else, where buyers are billed in', state, attributes: { maxlength: 1500 } })}`

const removal = (
  owner: EntityOwner,
  { id, name }: OwnedSellingEntity,
): Html => html`<details><summary>Remove it</summary>
<p>It sells nothing from then on. What it has sold stays as it is, and its invoices go on with its numbers.</p>
${postButton(entityPath(owner, `/${id}/remove`), 'Remove', { style: 'danger', about: name })}</details>`
