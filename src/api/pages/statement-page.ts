import { html } from 'hono/html'
import type { StatementSummary, StatementView } from '../../audit/read-statements.ts'
import {
  type StatementItem,
  type StatementMoney,
  type StatementOutcome,
  statementOutcomes,
} from '../../audit/settlement-statement.entity.ts'
import { providersWithStatements } from '../../providers/registry.ts'
import { time } from './elements.ts'
import { formatMoney } from './locale.ts'
import type { Html, Page } from './page.ts'

const outcomeNames: Record<StatementOutcome, string> = {
  matched: 'Both have it',
  mismatch: 'Another amount or currency',
  missing: 'Only we have it',
  unexpected: 'Only they have it',
  doubled: 'Twice in the statement',
  conflict: 'Entered before as something else',
}

/** What a person has to look at. */
const wrongOutcomes = statementOutcomes.filter((outcome) => outcome !== 'matched')

const money = ({ amount, currency }: StatementMoney) => formatMoney(amount, currency, 'en')

/** The statements that were entered last, and the form to enter one. */
export const statementSection = (statements: readonly StatementSummary[]): Html => html`<h2>Statements</h2>
<p>A provider that shows no books is compared by the statements that are entered here.</p>
<form method="post" action="/ops/audit/statements" enctype="multipart/form-data">
<label for="provider">Provider</label>
<select id="provider" name="provider">${providersWithStatements.map((name) => html`<option>${name}</option>`)}</select>
<label for="file">Its statement, as CSV</label>
<input id="file" name="file" type="file" accept=".csv,text/csv" required>
<p><button>Enter the statement</button></p>
</form>
${statements.length === 0 ? '' : html`<ul class="rows">${statements.map(row)}</ul>`}`

const row = (statement: StatementSummary): Html => {
  const wrong = wrongOutcomes.reduce((sum, outcome) => sum + statement.counts[outcome], 0)
  return html`<li><div><p><a href="/ops/audit/statements/${statement.id}">${titleOf(statement)}</a></p>
<p class="soft small">${statement.counts.lines} lines, ${statement.counts.matched} matched, ${wrong} to look at · ${entered(statement)}</p></div></li>`
}

const titleOf = ({ provider, firstDay, lastDay }: StatementSummary) =>
  `${provider}, ${firstDay === lastDay ? firstDay : `${firstDay} to ${lastDay}`}`

const entered = ({ enteredBy, createdAt }: StatementSummary): Html =>
  html`entered by ${enteredBy}, ${time(createdAt, 'en')}`

/** How a statement compared with the ledger when it was entered last. */
export const statementPage = (statement: StatementView): Page => ({
  title: titleOf(statement),
  body: html`<p class="crumb"><a href="/ops">Operations</a> <a href="/ops/audit">Audit</a></p>
<h1>${titleOf(statement)}</h1>
<p class="soft small">${entered(statement)}; compared ${time(statement.comparedAt, 'en')}</p>
<p>${statement.counts.lines} lines: ${statement.counts.entered} new, ${statement.counts.known} known, ${statement.counts.matched} matched.</p>
${totalTable(statement)}
${wrongOutcomes.map((outcome) => itemSection(outcome, statement))}`,
})

const totalTable = ({ totals }: StatementView): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="Totals by currency"><table>
<thead><tr><th scope="col">Currency</th>${['Theirs', 'Elsewhere', 'Ours', 'Explained', 'Unexplained', 'Fees'].map(
    (name) => html`<th scope="col" class="num">${name}</th>`,
  )}</tr></thead>
<tbody>${totals.map(
    ({ currency, amount, elsewhere, ours, explained, unexplained, fee }) =>
      html`<tr><td>${currency}</td>${[amount, elsewhere, ours, explained, unexplained, fee].map(
        (sum) => html`<td class="num">${money({ amount: sum, currency })}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`

const itemSection = (outcome: StatementOutcome, { counts, items }: StatementView): Html | '' =>
  counts[outcome] === 0
    ? ''
    : html`<h2>${outcomeNames[outcome]}: ${counts[outcome]}</h2>
<ul class="rows">${items[outcome].map(itemRow)}</ul>`

const itemRow = ({ references, subject, orderId, theirs, ours }: StatementItem): Html =>
  html`<li><div><p><code>${references.join(', ') || subject}</code></p>
<p class="soft small">${subject === null ? 'Nothing of ours' : html`<code>${subject}</code>`}${orderId === null ? '' : html` · Order <code>${orderId}</code>`}</p>
<p class="small">Theirs ${theirs === null ? 'nothing' : money(theirs)}, ours ${ours === null ? 'nothing' : money(ours)}</p></div></li>`
