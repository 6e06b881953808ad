import { html } from 'hono/html'
import type { SplitView } from '../../../distribution/read-distribution.ts'
import type { OrderView } from '../../../order-view/read-order.ts'
import { badge, time } from '../elements.ts'
import { nameOfMethod } from '../name-of-method.ts'
import type { Html } from '../page.ts'
import type { Member } from './frame.ts'

type Money = (amount: number) => string

/** What an order costs, of what that is made, and what of it is paid and given back. */
export const totals = (order: OrderView, money: Money): Html => {
  const sum = (pick: (charge: OrderView['charges'][number]) => number) =>
    order.charges.reduce((total, charge) => total + pick(charge), 0)
  const held = sum((charge) =>
    charge.state === 'capturable' ? charge.amount - charge.capturedAmount - charge.cancelledAmount : 0,
  )
  const goods =
    order.fulfilledBy === 'merchant'
      ? order.subtotal - order.totalShipping
      : order.items.reduce((total, { amount }) => total + amount, 0)
  const rows: [string, number, 'always' | 'if any'][] = [
    // A checkout's subtotal has the shipping in it, a cart's lines add up.
    ['Goods', goods, 'if any'],
    ['Discount', -order.totalDiscount, 'if any'],
    ['Shipping', order.totalShipping, 'if any'],
    ['Tax', order.totalTax, 'if any'],
    ['Duty', order.totalDuty, 'if any'],
    ['Fees', order.totalFees, 'if any'],
    ['Total', order.totalAmount, 'always'],
    ['Of it by credit', order.creditAmount, 'if any'],
    ['Paid by customer credit', order.creditAmount, 'if any'],
    ['Held', held, 'if any'],
    ['Paid', sum((charge) => charge.capturedAmount), 'always'],
    ['Refunded', sum((charge) => charge.refundedAmount), 'if any'],
    ['Returned to customer credit', order.creditReturned, 'if any'],
  ]
  return html`<dl class="facts" id="totals">${rows.map(([label, amount, when]) =>
    amount === 0 && when === 'if any' ? '' : html`<div><dt>${label}</dt><dd class="num">${money(amount)}</dd></div>`,
  )}</dl>`
}

/** Each payment with its provider's reference. */
export const chargeList = ({ charges }: OrderView, member: Member, money: Money): Html =>
  charges.length === 0
    ? html`<p class="soft">No payment was begun.</p>`
    : html`<ul class="rows">${charges.map(
        (
          charge,
        ) => html`<li><div><p>${nameOfMethod(charge.method)} · <code>${charge.providerReference ?? charge.id}</code></p>
<p class="soft small">${time(charge.createdAt, member.locale)}${charge.failureMessage ? html` · ${charge.failureMessage}` : ''}${
          charge.refundedAmount > 0 ? html` · ${money(charge.refundedAmount)} refunded` : ''
        }</p></div>
<div class="side">${badge(charge.state === 'failed' ? 'bad' : charge.state === 'complete' ? 'good' : 'soft', charge.state)}<span class="num">${money(charge.amount)}</span></div></li>`,
      )}</ul>`

/** Who gets what of the money, and what the seller keeps of it. */
export const shareList = (splits: readonly SplitView[], member: Member, money: Money): Html => {
  const own = `merchant:${member.merchantId}`
  const kept = splits.filter(({ recipient }) => recipient === own).reduce((sum, { amount }) => sum + amount, 0)
  return html`<p>Yours of it: <strong>${money(kept)}</strong></p>
<ul class="rows">${splits.map(
    ({ kind, recipient, state, amount }) =>
      html`<li><div><p>${kind.replaceAll('_', ' ')}</p><p class="soft small">${recipient === own ? 'You' : recipient} · ${state}</p></div>
<span class="num">${money(amount)}</span></li>`,
  )}</ul>`
}
