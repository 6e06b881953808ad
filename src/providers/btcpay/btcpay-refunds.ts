import { z } from 'zod'
import { decimalAmount, isCurrency, toMinor } from '../../platform/money.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import type { RefundReport } from '../observations.ts'
import type { MoneyCall } from '../provider.ts'
import { askBtcpay, type BtcpayConnection, inStore } from './btcpay-client.ts'
import { type Payout, type PullPayment, payoutSchema, pullPaymentSchema } from './btcpay-schemas.ts'

/** What the store knows a refund of ours by, as long as it allows. */
const nameOf = (key: string): string => `Refund ${key}`.slice(0, 50)

/**
 * Lays money ready for the buyer, who claims it at the address that comes with the answer. Where an earlier attempt may have done so, it is
 * looked for by its name, also among those that were withdrawn since.
 */
export async function refundInvoice(
  btcpay: BtcpayConnection,
  reference: string,
  call: MoneyCall,
): Promise<RefundReport> {
  const known = call.lookUpFirst ? await findPullPayment(btcpay, call.key) : undefined
  if (known) return reportOf(btcpay, known)
  const made = await askBtcpay(
    btcpay,
    {
      method: 'POST',
      path: inStore(btcpay, `invoices/${encodeURIComponent(reference)}/refund`),
      body: {
        name: nameOf(call.key),
        description: `Order ${call.orderId}`,
        refundVariant: 'Custom',
        customAmount: decimalAmount(call.amount, call.currency),
        customCurrency: call.currency,
        ...(btcpay.payoutMethods.length > 0 ? { payoutMethods: btcpay.payoutMethods } : {}),
      },
    },
    pullPaymentSchema,
  )
  if (!made) throw new ProviderError('btcpay', 'refused', 'invoice_unknown')
  return reportFrom(made, [])
}

async function findPullPayment(btcpay: BtcpayConnection, key: string): Promise<PullPayment | undefined> {
  const path = inStore(btcpay, 'pull-payments?includeArchived=true')
  const all = await askBtcpay(btcpay, { method: 'GET', path }, z.array(pullPaymentSchema))
  const ours = (all ?? []).filter(({ name }) => name === nameOf(key))
  return ours.find(({ archived }) => !archived) ?? ours[0]
}

/** How a refund stands. @throws ProviderError `unavailable` where the server does not know it */
export async function retrievePullPayment(btcpay: BtcpayConnection, reference: string): Promise<RefundReport> {
  const path = `pull-payments/${encodeURIComponent(reference)}`
  const found = await askBtcpay(btcpay, { method: 'GET', path }, pullPaymentSchema)
  if (!found) throw new ProviderError('btcpay', 'unavailable', 'pull_payment_unknown', { outage: false })
  return reportOf(btcpay, found)
}

async function reportOf(btcpay: BtcpayConnection, pullPayment: PullPayment): Promise<RefundReport> {
  const path = `pull-payments/${encodeURIComponent(pullPayment.id)}/payouts`
  const payouts = await askBtcpay(btcpay, { method: 'GET', path }, z.array(payoutSchema))
  return reportFrom(pullPayment, payouts ?? [])
}

/**
 * It waits for the buyer until something of it is claimed, and is complete once all of it was paid out. Withdrawn before that, it has failed:
 * what was paid out of it by then stands in the reason for whoever looks.
 */
function reportFrom(
  { id, amount, currency, archived, viewLink }: PullPayment,
  payouts: readonly Payout[],
): RefundReport {
  const inState = (...states: Payout['state'][]) =>
    payouts
      .filter(({ state }) => states.includes(state))
      .reduce((sum, { originalAmount }) => sum + Number(originalAmount), 0)
  const [claimed, paidOut] = [inState('AwaitingApproval', 'AwaitingPayment', 'InProgress'), inState('Completed')]
  const minor = isCurrency(currency) ? toMinor(Number(amount), currency) : undefined
  const report = { reference: id, ...(minor === undefined ? {} : { amount: minor }) }
  if (paidOut > 0 && paidOut >= Number(amount)) return { ...report, state: 'complete' }
  if (claimed > 0) return { ...report, state: 'pending', claimUrl: viewLink }
  if (archived)
    return { ...report, state: 'failed', failureReason: paidOut > 0 ? 'claimed_in_part' : 'claim_withdrawn' }
  return { ...report, state: 'pending', needsBuyer: true, claimUrl: viewLink }
}
