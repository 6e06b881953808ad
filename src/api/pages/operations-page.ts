import { html } from 'hono/html'
import { iso } from '../../database/database.ts'
import type { Backlog } from '../../operators/backlog.ts'
import type { LastDay } from '../../operators/last-day.ts'
import type { Session } from '../../operators/sessions.ts'
import type { QueueWork, RetryingTask } from '../../operators/work.ts'
import type { FoundOrder } from '../../order-view/find-orders.ts'
import type { TaskView } from '../../tasks/tasks.ts'
import { time } from './elements.ts'
import { lastDayChart } from './last-day-chart.ts'
import { findForm, foundOrders } from './operator-orders-page.ts'

const age = (seconds: number | null) => (seconds === null ? '–' : `${seconds} s`)
const clock = (time: Date) => iso(time).slice(11, 16)

/** The operators' home: what waits for a person, where to look, and the switch that allows changes in Bull Board. */
export const operationsPage = (page: {
  operator: Session
  backlog: Backlog
  missing: readonly string[]
  queues: readonly QueueWork[]
  retrying: readonly RetryingTask[]
  failed: readonly TaskView[]
  attention: readonly FoundOrder[]
  lastDay: LastDay
}) => ({
  title: 'Operations',
  header: bar(page.operator),
  body: html`<h1>Operations</h1>
${page.missing.map((problem) => html`<p role="alert">${problem}</p>`)}
<dl>
<div><dt>Failed tasks</dt><dd id="failed">${page.backlog.failed}</dd></div>
<div><dt>Orders that need attention</dt><dd id="attention">${page.backlog.attention}</dd></div>
<div><dt>Orphaned webhooks</dt><dd id="orphans">${page.backlog.orphans}</dd></div>
<div><dt>Oldest due task</dt><dd id="oldest-task">${age(page.backlog.taskSeconds)}</dd></div>
<div><dt>Oldest unapplied webhook</dt><dd id="oldest-event">${age(page.backlog.eventSeconds)}</dd></div>
</dl>
${outages(page.backlog)}
${findForm('')}
<h2>Orders that need attention</h2>
${foundOrders(page.attention)}
<h2>Failed tasks</h2>
${failedTasks(page.failed)}
<h2>The last 24 hours</h2>
${lastDayChart(page.lastDay)}
<h2>Queues</h2>
${queueTable(page.queues)}
<h2>Retrying</h2>
${retryingTasks(page.retrying)}
<h2>Changes in Bull Board</h2>
${confirmation(page.operator)}
<p class="small">For machines: <a href="/v2/ops/tasks?state=failed&amp;limit=100">failed tasks</a>,
<a href="/v2/ops/orphans?limit=100">orphaned webhooks</a> (JSON).</p>`,
})

const places = [
  ['/ops', 'Now'],
  ['/ops/merchants', 'Merchants'],
  ['/ops/audit', 'Audit'],
  ['/ops/mailbox', 'Mailbox'],
  ['/ops/queues', 'Queues'],
  ['/ops/selling-entities', 'Selling entities'],
  ['/ops/tax-rates', 'Tax rates'],
  ['/ops/people', 'Operators'],
  ['/docs', 'Documentation'],
] as const

/** Where an operator can go, and who it is. */
const bar = ({ email }: Session) => html`<a class="skip" href="#main">Skip to content</a>
<header class="bar"><strong>Ordermill</strong>
<form method="post" action="/ops/logout">${email} <button>Sign out</button></form>
<nav class="tabs" aria-label="Operations"><ul>${places.map(
  ([path, name]) => html`<li><a href="${path}"${path === '/ops' ? html` aria-current="page"` : ''}>${name}</a></li>`,
)}</ul></nav></header>`

const outages = ({ outages: down }: Backlog) =>
  down.length === 0
    ? html`<p>Every provider answers.</p>`
    : html`<ul class="rows" id="outages">${down.map(
        ({ provider, waiting, stuck }) =>
          html`<li><p><strong>${provider}</strong> does not answer: ${waiting} tasks wait for it, ${stuck} of them have met that three times or more.</p></li>`,
      )}</ul>`

const queueTable = (queues: readonly QueueWork[]) =>
  queues.length === 0
    ? html`<p>Nothing waits in any queue.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Queues"><table id="queues">
<thead><tr><th scope="col">Queue</th><th scope="col" class="num">Due</th><th scope="col" class="num">Oldest</th><th scope="col" class="num">Later</th><th scope="col" class="num">Retrying</th><th scope="col" class="num">Failed</th></tr></thead>
<tbody>${queues.map(
        ({ queue, due, later, retrying, failed, oldestSeconds }) => html`<tr>
<th scope="row"><a href="/ops/queues/queue/${queue}">${queue}</a></th><td class="num">${due}</td><td class="num">${age(oldestSeconds)}</td><td class="num">${later}</td><td class="num">${retrying}</td><td class="num">${failed}</td>
</tr>`,
      )}</tbody>
</table></div>`

const retryingTasks = (tasks: readonly RetryingTask[]) =>
  tasks.length === 0
    ? html`<p>None.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Retrying tasks"><table id="retrying">
<thead><tr><th scope="col">Job</th><th scope="col">Order</th><th scope="col">Why</th><th scope="col" class="num">Attempts</th><th scope="col">Since</th><th scope="col">Next</th></tr></thead>
<tbody>${tasks.map(
        ({ job, orderId, lastError, attempts, runAt, nextAt }) => html`<tr>
<td>${job}</td><td>${orderLink(orderId)}</td><td>${lastError ?? ''}</td><td class="num">${attempts}</td><td>${time(runAt, 'en')}</td><td>${nextAt ? time(nextAt, 'en') : '–'}</td>
</tr>`,
      )}</tbody>
</table></div>`

const orderLink = (orderId: string | null) =>
  orderId === null ? '–' : html`<a href="/ops/orders/${orderId}"><code>${orderId}</code></a>`

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
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Failed tasks"><table>
<thead><tr><th scope="col">Task</th><th scope="col">Job</th><th scope="col">Order</th><th scope="col">Reason</th><th scope="col">Again</th></tr></thead>
<tbody>${tasks.map(
        (task) => html`<tr>
<td><code>${task.id}</code></td><td>${task.job}</td><td>${orderLink(task.orderId)}</td><td>${task.lastError ?? ''}</td>
<td><form class="inline" method="post" action="/ops/tasks/${task.id}/retry"><button aria-label="Retry ${task.id}">Retry</button>${dearer(task) ? html` <button name="acceptCost" value="yes" aria-label="Pay the price and retry ${task.id}">Pay the price</button>` : ''}</form></td>
</tr>`,
      )}</tbody>
</table></div>`
