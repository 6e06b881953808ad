import { html } from 'hono/html'
import { may } from '../../../operators/roles.ts'
import type { DeliveryView } from '../../../outgoing/deliveries.ts'
import type { EndpointView } from '../../../outgoing/endpoints.ts'
import { eventTypes } from '../../../timeline/event-types.ts'
import { badge, type FormState, fieldError, formProblem, inputField, pager, postButton, time } from '../elements.ts'
import type { Page } from '../page.ts'
import { deliveryMood } from './delivery-page.ts'
import { forRight, type Member } from './frame.ts'

const reasons = { merchant: 'off', gone: 'gone: it answered 410', failing: 'off after five days of failures' }

const endpointBadge = ({ disabledReason, failingSince }: EndpointView) => {
  if (disabledReason) return badge('bad', reasons[disabledReason])
  return failingSince ? badge('wait', 'failing') : badge('good', 'on')
}

/** The addresses that are told about events, and the form of a new one. */
export const endpointListPage = (page: {
  member: Member
  endpoints: readonly EndpointView[]
  state: FormState
  chosenTypes: readonly string[]
}): Page => ({
  title: 'Webhooks',
  body: html`<h1>Webhooks</h1>
${
  page.endpoints.length === 0
    ? html`<p class="soft">Nobody is told yet. A webhook endpoint is an address of yours that learns of every order at once.</p>`
    : html`<ul class="rows">${page.endpoints.map(
        (endpoint) => html`<li><div><a href="/dashboard/webhooks/${endpoint.id}">${endpoint.url}</a>
<p class="soft small">${endpoint.description ?? ''}</p></div><div class="side">${endpointBadge(endpoint)}</div></li>`,
      )}</ul>`
}
${forRight(
  page.member,
  'webhooks',
  () => html`<h2>New endpoint</h2>
${formProblem(page.state)}
<form method="post" action="/dashboard/webhooks" class="fields">
${inputField({ name: 'url', label: 'Address', hint: 'https and reachable from the internet.', state: page.state, attributes: { type: 'url', required: true, maxlength: 2048 } })}
${inputField({ name: 'description', label: 'Note (optional)', state: page.state, attributes: { maxlength: 200 } })}
<details${page.chosenTypes.length > 0 ? html` open` : ''}><summary>Only some events</summary>
<fieldset class="choice"><legend>Events (none means all)</legend>${eventTypes.map(
    (type) =>
      html`<label><input type="checkbox" name="types" value="${type}"${page.chosenTypes.includes(type) ? html` checked` : ''}>${type}</label>`,
  )}${fieldError(page.state, 'types')}</fieldset></details>
<p><button class="main">Create the endpoint</button></p></form>`,
)}`,
})

/** One endpoint with what was sent to it. */
export const endpointPage = (page: {
  member: Member
  endpoint: EndpointView
  deliveries: readonly DeliveryView[]
  older: string | undefined
  after: string | undefined
}): Page => {
  const { endpoint, member } = page
  const base = `/dashboard/webhooks/${endpoint.id}`
  const on = endpoint.disabledReason === null
  return {
    title: endpoint.url,
    body: html`<p class="crumb"><a href="/dashboard/webhooks">Webhooks</a></p>
<div class="head"><h1>${endpoint.url}</h1><p>${endpointBadge(endpoint)}</p></div>
<p class="soft">${endpoint.description ?? ''} ${endpoint.types.includes('*') ? 'All events.' : endpoint.types.join(', ')}</p>
<div class="actions">${forRight(member, 'webhooks', () =>
      postButton(`${base}/enabled`, on ? 'Stop sending' : 'Send again', {
        fields: html`<input type="hidden" name="enabled" value="${on ? 'no' : 'yes'}">`,
      }),
    )}
${on ? forRight(member, 'deliveries', () => postButton(`${base}/test`, 'Send a test event')) : ''}
${forRight(member, 'webhooks', () => html`<a class="button danger" href="${base}/remove">Remove…</a>`)}</div>
<h2>Deliveries</h2>
${
  page.deliveries.length === 0
    ? html`<p class="soft">Nothing has been sent yet.</p>`
    : html`<ul class="rows">${page.deliveries.map((delivery) => deliveryRow(base, member, delivery, on))}</ul>`
}
${pager(base, { after: page.after }, page.older)}`,
  }
}

function deliveryRow(base: string, member: Member, delivery: DeliveryView, on: boolean) {
  const last = delivery.attemptLog.at(-1)
  return html`<li><div><p><a href="${base}/deliveries/${delivery.id}">${delivery.type}</a> <code>${delivery.eventId}</code></p>
<p class="soft small">${time(delivery.createdAt, member.locale)}${last ? ` · ${last.status ?? last.error ?? ''}` : ''}${
    delivery.attemptLog.length > 1 ? ` · ${delivery.attemptLog.length} attempts` : ''
  }</p></div>
<div class="side">${badge(deliveryMood(delivery), delivery.state)}${
    on && may(member.role, 'deliveries')
      ? postButton(`${base}/deliveries/${delivery.id}/redeliver`, 'Send again', { about: delivery.eventId })
      : ''
  }</div></li>`
}
