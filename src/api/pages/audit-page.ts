import { html } from 'hono/html'
import type { FindingKind } from '../../audit/audit-finding.entity.ts'
import type { Finding } from '../../audit/findings.ts'
import type { StatementSummary } from '../../audit/read-statements.ts'
import type { Balance } from '../../audit/run-audit.ts'
import { pager, postButton, time } from './elements.ts'
import { formatMoney } from './locale.ts'
import type { Page } from './page.ts'
import { statementSection } from './statement-page.ts'

const kindNames: Record<FindingKind, string> = {
  missing_here: 'only they have it',
  missing_there: 'only we have it',
  amount_differs: 'another amount',
  currency_differs: 'another currency',
  not_cleared: 'should be empty by now',
}

const money = (minor: number, currency: string) => formatMoney(minor, currency, 'en')

/** How the providers' books stand to ours, and the findings that wait for a person. */
export const auditPage = (page: {
  balances: readonly Balance[]
  findings: readonly Finding[]
  statements: readonly StatementSummary[]
  after: string | undefined
  older: string | undefined
  problem: string | undefined
  done: string | undefined
}): Page => ({
  title: 'Audit',
  body: html`<p class="crumb"><a href="/ops">Operations</a></p>
<h1>Audit</h1>
${page.problem ? html`<p role="alert">${page.problem}</p>` : ''}
${page.done ? html`<p class="notice good" role="status">${page.done}</p>` : ''}
<p>What each provider holds for us, by its books and by ours, as far as its books were read.</p>
${balanceTable(page.balances)}
<p class="actions">${postButton('/ops/audit', 'Compare now', { style: 'main' })}</p>
<h2>Open findings</h2>
${
  page.findings.length === 0
    ? html`<p>None.</p>`
    : html`<ul class="rows">${page.findings.map(
        (
          finding,
        ) => html`<li><div><p><strong>${finding.provider}</strong>: <code>${finding.subject}</code>, ${kindNames[finding.kind]}</p>
<p class="soft small">${finding.orderId === null ? 'No order of ours' : html`Order <code>${finding.orderId}</code>`} · ${time(finding.createdAt, 'en')}</p>
<p class="small">Theirs ${money(finding.theirs, finding.currency)}, ours ${money(finding.ours, finding.currency)}</p></div>
<form method="post" action="/ops/audit/${finding.id}/explain"><label for="reason-${finding.id}">Reason</label>
<input id="reason-${finding.id}" name="reason" required maxlength="500">
<button aria-label="Explain ${finding.subject}">Explain</button></form></li>`,
      )}</ul>`
}
${pager('/ops/audit', { after: page.after }, page.older)}
${statementSection(page.statements)}`,
})

const balanceTable = (balances: readonly Balance[]) =>
  balances.length === 0
    ? html`<p class="soft">No provider’s books were read yet.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Balances by provider and currency"><table>
<thead><tr><th scope="col">Provider</th><th scope="col">Currency</th>${[
        'Theirs',
        'Ours',
        'Under way',
        'Explained',
        'Unexplained',
      ].map((name) => html`<th scope="col" class="num">${name}</th>`)}</tr></thead>
<tbody>${balances.map(
        (each) =>
          html`<tr><td>${each.provider}</td><td>${each.currency}</td>${[
            each.theirs,
            each.ours,
            each.underWay,
            each.explained,
          ].map(
            (amount) => html`<td class="num">${money(amount, each.currency)}</td>`,
          )}<td class="num"><strong>${money(each.unexplained, each.currency)}</strong></td></tr>`,
      )}</tbody></table></div>`
