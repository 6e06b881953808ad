import { html } from 'hono/html'
import type { BalanceEntry } from '../../../payouts/list-balance-entries.ts'
import type { PayoutView } from '../../../payouts/list-payouts.ts'
import type { PayoutState } from '../../../payouts/payout.state-machine.ts'
import type { Balance } from '../../../payouts/read-balances.ts'
import { englishWords } from '../../../statements/statement-words.ts'
import { pager, time } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import type { Page } from '../page.ts'
import type { Member } from './frame.ts'

const typeNames = englishWords.types

/** What a seller has, and what it is made of. */
export const balancePage = (page: {
  member: Member
  balances: readonly Balance[]
  payouts: readonly PayoutView[]
  entries: readonly BalanceEntry[]
  after: string | undefined
  older: string | undefined
}): Page => {
  const { locale } = page.member
  return {
    title: 'Balance',
    body: html`<h1>Balance</h1>
${
  page.balances.length === 0
    ? html`<p class="soft">Nothing yet. Your share of every sale appears here.</p>`
    : page.balances.map(
        ({ currency, available, pending, reserved, heldBack }) => html`<section aria-labelledby="in-${currency}">
<h2 id="in-${currency}">${currency}</h2>
<dl>
<div><dt>Available</dt><dd>${formatMoney(available, currency, locale)}</dd></div>
<div><dt>Pending: paid, not shared out yet</dt><dd>${formatMoney(pending, currency, locale)}</dd></div>
<div><dt>Reserved: disputed</dt><dd>${formatMoney(reserved, currency, locale)}</dd></div>
<div><dt>Held back: too new, or settled outside</dt><dd>${formatMoney(heldBack, currency, locale)}</dd></div>
</dl>
</section>`,
      )
}
${page.balances.length === 0 ? '' : statementForm(page.balances)}
${page.payouts.length === 0 ? '' : payoutTable(page.payouts, locale)}
${page.entries.length === 0 ? '' : entryTable(page.entries, locale)}
${pager('/dashboard/balance', { after: page.after }, page.older)}`,
  }
}

const statementForm = (balances: readonly Balance[]) => html`<h2 id="statement">Statement of a month</h2>
<form method="get" action="/dashboard/balance/statement" class="filters" aria-labelledby="statement">
<label for="month">Month</label><input id="month" name="month" type="month" value="${new Date().toISOString().slice(0, 7)}" required>
<label for="currency">Currency</label><select id="currency" name="currency">${balances.map(({ currency }) => html`<option>${currency}</option>`)}</select>
<button name="format" value="pdf">PDF</button><button name="format" value="csv">CSV</button>
</form>`

const stateNames: Record<PayoutState, string> = { pending: 'On its way', paid: 'Paid', failed: 'Failed' }

const payoutTable = (payouts: readonly PayoutView[], locale: string) => html`<h2>Payouts</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Payouts"><table>
<thead><tr><th scope="col">Time</th><th scope="col">State</th><th scope="col">To</th><th scope="col">Reference</th><th scope="col" class="num">Amount</th></tr></thead>
<tbody>${payouts.map(
  ({ state, stateTransitions, createdAt, destination, reference, reason, amount, currency }) => html`<tr>
<td>${time(new Date(stateTransitions.paid ?? createdAt), locale)}</td><td>${stateNames[state]}${reason === null ? '' : `: ${reason}`}</td>
<td>${destination === null ? 'Bank' : html`<code>${destination}</code>`}</td><td>${reference ?? '–'}</td>
<td class="num">${formatMoney(amount, currency, locale)}</td></tr>`,
)}</tbody></table></div>`

const entryTable = (entries: readonly BalanceEntry[], locale: string) => html`<h2>Entries</h2>
<p class="actions"><a class="button" href="/dashboard/balance/entries.csv">All entries as CSV</a></p>
<div class="scroll" tabindex="0" role="region" aria-label="Entries"><table>
<thead><tr><th scope="col">Time</th><th scope="col">What</th><th scope="col">Order</th><th scope="col" class="num">Amount</th><th scope="col" class="num">Balance</th></tr></thead>
<tbody>${entries.map(
  ({ type, createdAt, orderId, amount, balance, currency }) => html`<tr>
<td>${time(createdAt, locale)}</td><td>${typeNames[type]}</td><td><code>${orderId ?? '–'}</code></td>
<td class="num">${formatMoney(amount, currency, locale)}</td><td class="num">${formatMoney(balance, currency, locale)}</td></tr>`,
)}</tbody></table></div>`
