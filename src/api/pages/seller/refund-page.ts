import { html } from 'hono/html'
import type { OrderView } from '../../../order-view/read-order.ts'
import { decimalAmount } from '../../../platform/money.ts'
import type { RefundPreview } from '../../../refunds/preview-refund.ts'
import { type FormState, fieldError, formProblem, inputField } from '../elements.ts'
import { formatMoney } from '../locale.ts'
import type { Page } from '../page.ts'
import type { Member } from './frame.ts'

/** A part of an order of which money can go back: a line, or shipping that stands beside the lines. Minor units. */
export type RefundablePart = { field: string; name: string; left: number }

type Refund = { member: Member; order: OrderView; parts: readonly RefundablePart[] }

/** What of an order can go back in all: a form that was sent twice, or by two people, is about another amount. */
export const leftOf = (parts: readonly RefundablePart[]): number => parts.reduce((sum, { left }) => sum + left, 0)

/** What of each part goes back: all that is left, unless the seller says less. Nothing is done before it was looked at. */
export function refundPage({ member, order, parts, state }: Refund & { state: FormState }): Page {
  const money = (amount: number) => formatMoney(amount, order.currency, member.locale)
  const given = Object.keys(state.values).length > 0
  const values = given
    ? state.values
    : Object.fromEntries(parts.map(({ field, left }) => [field, decimalAmount(left, order.currency)]))
  return {
    title: `Refund ${order.email}`,
    body: html`<p class="crumb"><a href="/dashboard/orders/${order.id}">Order of ${order.email}</a></p>
<h1>Refund</h1>
${formProblem(state)}
<form method="post" action="/dashboard/orders/${order.id}/refund/preview" class="fields">
<input type="hidden" name="seen" value="${leftOf(parts)}">
<p class="hint">How much goes back of what, in ${order.currency}. Leave out what stays paid.</p>
${parts.map(({ field, name, left }) =>
  inputField({
    name: field,
    label: `${name}, at most ${money(left)}`,
    state: { ...state, values },
    attributes: { inputmode: 'decimal', autocomplete: 'off', maxlength: 20 },
  }),
)}
${fieldError(state, 'amount')}
${inputField({ name: 'reason', label: 'Reason, for your own books', state, attributes: { maxlength: 200 } })}
<p class="actions"><button class="main">Look at it first</button> <a href="/dashboard/orders/${order.id}">Back to the order</a></p>
</form>`,
  }
}

type Previewed = Refund & { preview: RefundPreview; values: Record<string, string> }

/** What would happen, and the button that makes it happen. */
export function refundPreviewPage({ member, order, parts, preview, values }: Previewed): Page {
  const money = (amount: number) => formatMoney(amount, order.currency, member.locale)
  const nameOf = (itemId: string) => parts.find(({ field }) => field === `amount-${itemId}`)?.name ?? itemId
  const own = `merchant:${member.merchantId}`
  return {
    title: `Refund ${money(preview.amount)}?`,
    body: html`<div class="shop"><h1>Refund ${money(preview.amount)}?</h1>
<p>This goes back to ${order.email} and cannot be undone. What is refunded in full can no longer be downloaded.</p>
<h2>What goes back</h2>
<ul class="rows" id="refunded">${preview.items.map(
      ({ itemId, amount }) => html`<li><p>${nameOf(itemId)}</p><span class="num">${money(amount)}</span></li>`,
    )}${preview.shipping > 0 ? html`<li><p>Shipping</p><span class="num">${money(preview.shipping)}</span></li>` : ''}</ul>
${preview.credit > 0 ? html`<p>Of it ${money(preview.credit)} go back to the buyer’s credit with you, which you keep.</p>` : ''}
<h2>Who pays it</h2>
${
  preview.from.length === 0
    ? html`<p>Nobody was paid out of this order yet: it comes out of what was collected.</p>`
    : html`<ul class="rows" id="payers">${preview.from.map(
        ({ recipient, kind, amount }) =>
          html`<li><p>${recipient === own ? 'You' : kind.replaceAll('_', ' ')} <span class="soft small">${recipient === own ? '' : recipient}</span></p><span class="num">${money(amount)}</span></li>`,
      )}</ul>`
}
<form method="post" action="/dashboard/orders/${order.id}/refund" class="actions">
${Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button class="danger">Refund ${money(preview.amount)}</button> <a href="/dashboard/orders/${order.id}/refund">No, go back</a></form></div>`,
  }
}
