import type { OrderState } from '../orders/order.state-machine.ts'
import type { ChargeState } from '../providers/charge-states.ts'
import type { NextAction } from '../providers/observations.ts'
import { creditType } from '../providers/source-types.ts'
import type { SourceRow } from '../sources/source-row.ts'
import { isAuthorized } from './charge.state-machine.ts'

/** Digital River's states of a payment session. */
export type SessionState =
  | 'requires_source'
  | 'requires_confirmation'
  | 'requires_action'
  | 'pending'
  | 'pending_funds'
  | 'pending_redirect'
  | 'complete'
  | 'cancelled'
  | 'failed'

/** How far the payment of a checkout or order has come. Amounts in minor units. */
export type PaymentSession = {
  id: string
  state: SessionState
  amountContributed: number
  amountRemaining: number
  clientSecret?: string | undefined
  nextAction?: NextAction | undefined
}

/** What of a checkout its credit pays, in minor units: never more than it costs. */
export const creditIn = (
  sources: readonly Pick<SourceRow, 'state' | 'type' | 'amount'>[],
  totalAmount: number,
): number =>
  Math.min(totalAmount, sources.find(({ state, type }) => type === creditType && state === 'chargeable')?.amount ?? 0)

/** A checkout waits for a source and then for its order. */
export function sessionOfCheckout(checkout: {
  id: string
  totalAmount: number
  sources: readonly Pick<SourceRow, 'state' | 'type' | 'amount'>[]
}): PaymentSession {
  const { totalAmount } = checkout
  const due = totalAmount - creditIn(checkout.sources, totalAmount)
  const covered = due === 0 || checkout.sources.some(({ state, type }) => state === 'chargeable' && type !== creditType)
  const contributed = covered ? totalAmount : totalAmount - due
  return {
    id: checkout.id,
    state: covered ? 'requires_confirmation' : 'requires_source',
    amountContributed: contributed,
    amountRemaining: checkout.totalAmount - contributed,
  }
}

type SessionCharge = {
  state: ChargeState
  amount: number
  sourceId: string | null
  clientSecret: string | null
  nextAction: NextAction | null
}

/** An order's session follows its last charge; `nextAction` is what the buyer has to do. */
export function sessionOfOrder(order: {
  checkoutId: string
  state: OrderState
  totalAmount: number
  creditAmount: number
  charges: readonly SessionCharge[]
}): PaymentSession {
  const charge = order.charges.at(-1)
  const state = stateOf(order, charge)
  const due = order.totalAmount - order.creditAmount
  const covered = due === 0 || charge?.sourceId || (charge && isAuthorized(charge.state))
  const contributed = covered ? order.totalAmount : order.creditAmount
  const waits = state === 'pending_funds' || state === 'pending_redirect' || state === 'requires_action'
  return {
    id: order.checkoutId,
    state,
    amountContributed: contributed,
    amountRemaining: order.totalAmount - contributed,
    ...(waits && charge?.clientSecret ? { clientSecret: charge.clientSecret } : {}),
    ...(waits && charge?.nextAction ? { nextAction: charge.nextAction } : {}),
  }
}

function stateOf(
  order: { state: OrderState; totalAmount: number; creditAmount: number },
  charge: SessionCharge | undefined,
): SessionState {
  if (!charge && order.totalAmount === order.creditAmount)
    return order.creditAmount > 0 && order.state === 'cancelled' ? 'cancelled' : 'complete'
  if (!charge) return order.state === 'cancelled' ? 'cancelled' : 'requires_source'
  if (isAuthorized(charge.state)) return 'complete'
  // Money that was to be sent and never came: the session failed, whatever the order was ended by.
  if (charge.state === 'failed') return 'failed'
  if (charge.state === 'cancelled')
    return charge.nextAction?.action === 'show_payment_instructions' ? 'failed' : 'cancelled'
  if (charge.nextAction?.action === 'show_payment_instructions') return 'pending_funds'
  if (charge.nextAction) return 'pending_redirect'
  return charge.sourceId === null ? 'requires_source' : 'pending'
}
