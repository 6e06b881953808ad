import { html } from 'hono/html'
import { may } from '../../../operators/roles.ts'
import type { DeliveryView } from '../../../outgoing/deliveries.ts'
import type { EndpointView } from '../../../outgoing/endpoints.ts'
import type { DeliveryAttempt } from '../../../outgoing/webhook-endpoint.entity.ts'
import { badge, copyButton, postButton, time } from '../elements.ts'
import type { Page } from '../page.ts'
import type { Member } from './frame.ts'

export const deliveryMood = ({ state }: Pick<DeliveryView, 'state'>) =>
  state === 'delivered' ? 'good' : state === 'failed' ? 'bad' : 'wait'

/** One event on its way to one endpoint: what is sent, and what was answered to each attempt. */
export const deliveryPage = (page: {
  member: Member
  endpoint: EndpointView
  delivery: DeliveryView
  /** The event as it is sent; undefined once it is too old to be kept. */
  event: object | undefined
}): Page => {
  const { endpoint, delivery, member } = page
  const base = `/dashboard/webhooks/${endpoint.id}`
  return {
    title: `${delivery.type} ${delivery.eventId}`,
    scripts: ['actions'],
    body: html`<p class="crumb"><a href="/dashboard/webhooks">Webhooks</a> › <a href="${base}">${endpoint.url}</a></p>
<div class="head"><h1>${delivery.type}</h1><p>${badge(deliveryMood(delivery), delivery.state)}</p></div>
<p class="soft"><code>${delivery.eventId}</code> · ${time(delivery.createdAt, member.locale)}</p>
${
  endpoint.disabledReason === null && may(member.role, 'deliveries')
    ? html`<div class="actions">${postButton(`${base}/deliveries/${delivery.id}/redeliver`, 'Send again', { about: delivery.eventId })}</div>`
    : ''
}
<h2>Attempts</h2>
${
  delivery.attemptLog.length === 0
    ? html`<p class="soft">None yet.</p>`
    : html`<ol class="rows" reversed>${delivery.attemptLog.toReversed().map((attempt) => attemptRow(attempt, member.locale))}</ol>`
}
${delivery.nextAttemptAt ? html`<p>The next one comes at ${time(delivery.nextAttemptAt, member.locale)}.</p>` : ''}
<h2>What is sent</h2>
${
  page.event
    ? html`<pre id="payload" tabindex="0" role="region" aria-label="What is sent">${JSON.stringify(page.event, null, 2)}</pre>
${copyButton('payload')}`
    : html`<p class="soft">The event is not kept any more.</p>`
}`,
  }
}

const attemptRow = ({ at, durationMs, status, error, response }: DeliveryAttempt, locale: string) => {
  const taken = status !== undefined && status >= 200 && status < 300
  return html`<li><div><p>${time(at, locale)} <span class="soft">· ${durationMs} ms</span></p>
${response ? html`<pre>${response}</pre>` : html`<p class="soft small">${status === undefined ? '' : 'An empty answer.'}</p>`}</div>
<div class="side">${badge(taken ? 'good' : 'bad', String(status ?? error ?? 'no answer'))}</div></li>`
}
