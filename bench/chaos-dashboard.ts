import type { PlannedFault } from './chaos-plan.ts'
import { control } from './shop.ts'
import type { Stage } from './stage.ts'

type Act = Extract<PlannedFault, { kind: 'dashboard' }>
type Row = { id: string; status: string; amount: number; amount_received: number; reversed: boolean; refunded: boolean }

/** Does what the owner of the account may do in the provider's dashboard, to one of the payments or transfers there are. */
export async function actInDashboard(stage: Stage, { act, nth }: Act): Promise<string | undefined> {
  const { stripe } = (await control(stage, 'GET', '/sandbox/books')) as {
    stripe: { paymentIntents: Row[]; transfers: Row[]; refunds: { payment_intent: string }[] }
  }
  const touched = new Set(stripe.refunds.map((refund) => refund.payment_intent))
  const paid = stripe.paymentIntents.filter(({ id, status }) => status === 'succeeded' && !touched.has(id))
  const open = stripe.paymentIntents.filter(({ status }) => status === 'requires_payment_method')
  const standing = stripe.transfers.filter(({ reversed }) => !reversed)
  const pick = <T>(rows: readonly T[]): T | undefined => rows[nth % Math.max(1, rows.length)]
  const post = async (path: string, body: object) => {
    const answer = await stage.http.sandbox.call('POST', `/sandbox/stripe/dashboard/${path}`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return answer.status < 300 ? `dashboard: ${act}` : undefined
  }
  const payment = pick(paid)
  const transfer = pick(standing)
  const unpaid = pick(open)
  switch (act) {
    case 'refund':
      return payment && post('refunds', { payment_intent: payment.id })
    case 'part':
      return payment && post('refunds', { payment_intent: payment.id, amount: Math.ceil(payment.amount / 3) })
    case 'reversal':
      return transfer && post(`transfers/${transfer.id}/reversals`, {})
    case 'cancel':
      return unpaid && post(`payment_intents/${unpaid.id}/cancel`, {})
  }
}
