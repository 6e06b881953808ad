import { html } from 'hono/html'
import { badge } from '../elements.ts'
import type { Html, Page } from '../page.ts'

const headings = { tag: 'Tag orders', fulfil: 'Mark orders as sent', resend: 'Send downloads again' } as const

/** What is done to several orders at once. */
export type BulkAct = keyof typeof headings
export const isBulkAct = (act: string): act is BulkAct => Object.hasOwn(headings, act)

/** What became of one of them; `name` as the list calls it. */
export type BulkResult = { orderId: string; name: string; known: boolean; done: boolean; word: string }

/** What is done with the orders that are ticked: it stands below a list of them, in the same form, and in view while one is ticked. `once` names what this form asks for. */
export const bulkActions = (
  once: string,
  shown: readonly { id: string }[],
): Html => html`<fieldset id="bulk"><legend>With the orders that are ticked</legend>
<input type="hidden" name="once" value="${once}">${shown.map(({ id }) => html`<input type="hidden" name="shown" value="${id}">`)}
<div class="check"><label><input type="checkbox" name="all" value="1">All on this page</label></div>
<div class="actions"><label for="bulk-tag" class="soft">Tag</label><input id="bulk-tag" name="tag" maxlength="30" class="short"><button name="act" value="tag">Add the tag</button></div>
<div class="actions"><button name="act" value="csv">Download as CSV</button>
<button name="act" value="resend">Send downloads again</button>
<button name="act" value="fulfil">Mark as sent, without tracking</button></div>
<p class="hint">Marking as sent takes the money that is held for the goods.</p>
</fieldset>`

/** Each of the orders with what was done, or why it was not. */
export const bulkResultPage = (act: BulkAct, results: readonly BulkResult[]): Page => {
  const done = results.filter((result) => result.done).length
  return {
    title: headings[act],
    body: html`<p class="crumb"><a href="/dashboard/orders">Orders</a></p>
<h1>${headings[act]}</h1>
<p class="notice${done === results.length ? ' good' : ''}" role="status">${done} of ${results.length} done.</p>
<ul class="rows" id="results">${results.map(
      ({
        orderId,
        name,
        known,
        done,
        word,
      }) => html`<li><div><p>${known ? html`<a href="/dashboard/orders/${orderId}">${name}</a>` : name}</p>
<p class="soft small">${word}</p></div>
<div class="side">${badge(done ? 'good' : 'bad', done ? 'done' : 'not done')}</div></li>`,
    )}</ul>`,
  }
}
