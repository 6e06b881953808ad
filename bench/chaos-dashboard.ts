import type { ByHand } from './books.ts'
import type { PlannedFault } from './chaos-plan.ts'
import { control } from './shop.ts'
import type { Stage } from './stage.ts'

type Act = Extract<PlannedFault, { kind: 'dashboard' }>
type Row = { id: string; status: string; amount: number; amount_received: number; reversed: boolean; refunded: boolean }

/**
 * Does what the owner of the account may do in the provider's dashboard, to one of the payments or transfers there are. Returns what was
 * done, or undefined when there was nothing to do it to.
 */
export async function actInDashboard(stage: Stage, { act, nth }: Act): Promise<ByHand | undefined> {
  const { stripe } = (await control(stage, 'GET', '/sandbox/books')) as {
    stripe: { paymentIntents: Row[]; transfers: Row[]; refunds: { payment_intent: string }[] }
  }
  const touched = new Set(stripe.refunds.map((refund) => refund.payment_intent))
  const paid = stripe.paymentIntents.filter(({ id, status }) => status === 'succeeded' && !touched.has(id))
  const open = stripe.paymentIntents.filter(({ status }) => status === 'requires_payment_method')
  const standing = stripe.transfers.filter(({ reversed }) => !reversed)
  const pick = <T>(rows: readonly T[]): T | undefined => rows[nth % Math.max(1, rows.length)]
  const post = async (path: string, done: Omit<ByHand, 'act'>, body: object = {}): Promise<ByHand | undefined> => {
    const answer = await stage.http.sandbox.call('POST', `/sandbox/stripe/dashboard/${path}`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return answer.status < 300 ? { act, ...done } : undefined
  }
  const payment = pick(paid)
  const transfer = pick(standing)
  const unpaid = pick(open)
  switch (act) {
    case 'refund':
    case 'part': {
      if (!payment) return undefined
      const { id } = payment
      const amount = act === 'part' ? Math.ceil(payment.amount / 3) : payment.amount
      return post('refunds', { id, amount }, { payment_intent: id, amount })
    }
    case 'reversal':
      return transfer && post(`transfers/${transfer.id}/reversals`, { id: transfer.id, amount: transfer.amount })
    case 'cancel':
      return unpaid && post(`payment_intents/${unpaid.id}/cancel`, { id: unpaid.id, amount: unpaid.amount })
  }
}
