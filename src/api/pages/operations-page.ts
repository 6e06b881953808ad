import { html } from 'hono/html'
import { iso } from '../../database/database.ts'
import type { Backlog } from '../../operators/backlog.ts'
import type { Session } from '../../operators/sessions.ts'
import type { TaskView } from '../../tasks/tasks.ts'

const age = (seconds: number | null) => (seconds === null ? '–' : `${seconds} s`)
const clock = (time: Date) => iso(time).slice(11, 16)

/** The operators' home: what waits for a person, where to look, and the switch that allows changes in Bull Board. */
export const operationsPage = (page: { operator: Session; backlog: Backlog; failed: readonly TaskView[] }) => ({
  title: 'Operations',
  body: html`<header>
<h1>Ordermill operations</h1>
<form method="post" action="/ops/logout">${page.operator.email} <button>Sign out</button></form>
</header>
<nav aria-label="Operations"><ul>
<li><a href="/ops/merchants">Merchants and their people</a></li>
<li><a href="/ops/people">Operators and your password</a></li>
<li><a href="/ops/queues">Queues (Bull Board)</a></li>
<li><a href="/ops/audit">Audit: the providers’ books and ours</a></li>
<li><a href="/ops/mailbox">Mailbox: what buyers were mailed</a></li>
<li><a href="/v2/ops/tasks?state=failed&amp;limit=100">Failed tasks (JSON)</a></li>
<li><a href="/v2/ops/orphans?limit=100">Orphaned webhooks (JSON)</a></li>
<li><a href="/docs">API documentation</a></li>
</ul></nav>
<h2>Waiting</h2>
<dl>
<div><dt>Failed tasks</dt><dd id="failed">${page.backlog.failed}</dd></div>
<div><dt>Orders that need attention</dt><dd id="attention">${page.backlog.attention}</dd></div>
<div><dt>Orphaned webhooks</dt><dd id="orphans">${page.backlog.orphans}</dd></div>
<div><dt>Oldest due task</dt><dd id="oldest-task">${age(page.backlog.taskSeconds)}</dd></div>
<div><dt>Oldest unapplied webhook</dt><dd id="oldest-event">${age(page.backlog.eventSeconds)}</dd></div>
</dl>
<h2>Changes in Bull Board</h2>
${confirmation(page.operator)}
<h2>Failed tasks</h2>
${failedTasks(page.failed)}`,
})

const confirmation = ({ confirmedUntil }: Session) =>
  confirmedUntil === null
    ? html`<p>Bull Board is read-only: retrying, removing, pausing and resuming are refused.</p>
<form method="post" action="/ops/confirmation">
<button name="allow" value="yes">I know what I do: allow changes for 15 minutes</button>
</form>`
    : html`<p id="confirmed">Changes are allowed in this session until <strong>${clock(confirmedUntil)} UTC</strong>.</p>
<form method="post" action="/ops/confirmation">
<button name="allow" value="no">Make Bull Board read-only now</button>
</form>`

/** The order's attention says both prices. */
const dearer = ({ lastError }: TaskView): boolean => lastError?.endsWith(': dearer_than_quoted') ?? false

const failedTasks = (tasks: readonly TaskView[]) =>
  tasks.length === 0
    ? html`<p>None.</p>`
    : html`<div class="scroll"><table>
<thead><tr><th scope="col">Task</th><th scope="col">Job</th><th scope="col">Order</th><th scope="col">Reason</th><th scope="col">Again</th></tr></thead>
<tbody>${tasks.map(
        (task) => html`<tr>
<td><code>${task.id}</code></td><td>${task.job}</td><td><code>${task.orderId ?? '–'}</code></td><td>${task.lastError ?? ''}</td>
<td><form class="inline" method="post" action="/ops/tasks/${task.id}/retry"><button aria-label="Retry ${task.id}">Retry</button>${dearer(task) ? html` <button name="acceptCost" value="yes" aria-label="Pay the price and retry ${task.id}">Pay the price</button>` : ''}</form></td>
</tr>`,
      )}</tbody>
</table></div>`
