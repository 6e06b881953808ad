import { html } from 'hono/html'
import type { OrderView } from '../../../order-view/read-order.ts'
import { longestNote } from '../../../orders/annotate-order.ts'
import { mayMove } from '../../../orders/change-ship-to.ts'
import { badge, emptyForm, inputField, textField } from '../elements.ts'
import type { Html } from '../page.ts'
import { forRight, type Member } from './frame.ts'

/** What a seller has noted about an order, and the forms to change it. */
export const orderNotes = (
  member: Member,
  orderId: string,
  { note, tags }: { note: string; tags: readonly string[] },
): Html => {
  const state = { ...emptyForm, values: { note, tags: tags.join(', ') } }
  return html`${note ? html`<p class="prose" id="order-note">${note}</p>` : ''}
${tags.length > 0 ? html`<p id="order-tags">${tags.map((tag) => html`<a href="/dashboard/orders?${new URLSearchParams({ tag })}">${badge('soft', tag)}</a> `)}</p>` : ''}
${forRight(
  member,
  'orders',
  () => html`<details><summary>Change note and tags</summary>
<form method="post" action="/dashboard/orders/${orderId}/note" class="fields">
${textField({ name: 'note', label: 'Note', hint: 'For the people of this shop; buyers do not see it.', state, attributes: { maxlength: longestNote } })}
<p><button>Save the note</button></p></form>
<form method="post" action="/dashboard/orders/${orderId}/tags" class="fields">
${inputField({ name: 'tags', label: 'Tags', hint: 'A few short words with commas between them, to find orders by.', state, attributes: { maxlength: 400 } })}
<p><button>Save the tags</button></p></form></details>`,
)}`
}

/** A form for another address, while nothing has begun to go there or all of it was `stopped`. */
export const shipToForm = (member: Member, order: OrderView, stopped: boolean): Html | '' => {
  const { shipTo } = order
  const sent = order.items.some(({ kind, fulfilledQuantity }) => kind !== 'digital' && fulfilledQuantity > 0)
  if (!shipTo?.address || sent || !(mayMove(order) || stopped)) return ''
  const { line1 = '', line2 = '', city = '', postalCode = '', state: region = '', country } = shipTo.address
  const values = { name: shipTo.name ?? '', line1, line2, city, postal_code: postalCode, state: region }
  const field = (name: keyof typeof values, label: string, required: boolean) =>
    inputField({ name, label, state: { ...emptyForm, values }, attributes: { required, maxlength: 200 } })
  return html`${forRight(
    member,
    'orders',
    () => html`<details><summary>Change the shipping address</summary>
<form method="post" action="/dashboard/orders/${order.id}/ship-to" class="fields">
${field('name', 'Name', true)}
${field('line1', 'Street and number', true)}
${field('line2', 'Further line', false)}
${field('postal_code', 'Postal code', false)}
${field('city', 'City', true)}
${field('state', 'State or region', false)}
<p class="hint">In ${country}. The country stays, and neither tax nor shipping is calculated again.</p>
<p><button>Change the address</button></p></form></details>`,
  )}`
}
