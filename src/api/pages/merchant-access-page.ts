import { html } from 'hono/html'
import type { MerchantAccess } from '../../operators/users.ts'
import { type FormState, formProblem, inputField, selectField } from './elements.ts'
import type { Page } from './page.ts'

/** An operator's list of merchants: who has a dashboard, and a way in for the first person of a new one. */
export const merchantAccessPage = (page: { merchants: readonly MerchantAccess[]; state: FormState }): Page => ({
  title: 'Merchants',
  body: html`<p class="crumb"><a href="/ops">Operations</a></p>
<h1>Merchants and their people</h1>
<p>The first person of a merchant is invited here. From then on they invite each other, on their dashboard.</p>
${formProblem(page.state)}
<form method="post" action="/ops/merchants" class="filters">
${selectField({ name: 'merchant', label: 'Merchant', state: page.state, options: page.merchants.map(({ id, name }) => ({ value: id, label: `${name} (${id})` })) })}
${inputField({ name: 'email', label: 'Email address', state: page.state, attributes: { type: 'email', required: true, maxlength: 254, autocomplete: 'off' } })}
<button class="main">Make a password</button></form>
<ul class="rows">${page.merchants.map(
    ({
      id,
      name,
      people,
      ...rates
    }) => html`<li><div><p><strong>${name}</strong></p><p class="soft small"><code>${id}</code></p>${commissionForm(id, name, rates)}</div>
<div class="side">${people === 1 ? '1 person' : `${people} people`}</div></li>`,
  )}</ul>`,
})

type Rates = Pick<MerchantAccess, 'commissionBps' | 'commissionFixed' | 'ratedSkus'>

const commissionForm = (
  id: string,
  name: string,
  { commissionBps, commissionFixed, ratedSkus }: Rates,
) => html`<details>
<summary>Commission: ${commissionBps === null ? 'default' : `${commissionBps} bps`}${
  ratedSkus > 0 ? `, ${ratedSkus} SKUs with a rate of their own` : ''
}</summary>
<form method="post" action="/ops/merchants/${id}/commission" class="filters">
<div><label for="bps-${id}">Basis points of ${name}</label>
<input id="bps-${id}" name="bps" inputmode="numeric" pattern="[0-9]*" placeholder="default" value="${commissionBps ?? ''}"></div>
<div><label for="fixed-${id}">Minor units an order of ${name}</label>
<input id="fixed-${id}" name="fixed" inputmode="numeric" pattern="[0-9]*" placeholder="default" value="${commissionFixed ?? ''}"></div>
<button>Set</button></form></details>`
