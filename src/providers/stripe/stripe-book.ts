import type Stripe from 'stripe'
import type { BankLine, BankLineKind } from '../bank-line.ts'
import { fromStripe } from './stripe-amounts.ts'
import type { StripeClient } from './stripe-client.ts'
import { readList } from './stripe-look-up.ts'

/** https://docs.stripe.com/reports/balance-transaction-types */
const kinds: Partial<Record<Stripe.BalanceTransaction.Type, BankLineKind>> = {
  charge: 'charge',
  payment: 'charge',
  refund: 'refund',
  payment_refund: 'refund',
  refund_failure: 'refund_failure',
  payment_failure_refund: 'refund_failure',
  transfer: 'transfer',
  transfer_refund: 'reversal',
  transfer_cancel: 'reversal',
  transfer_failure: 'reversal',
  stripe_fee: 'fee',
  // What goes to our own bank account, and what comes from it.
  payout: 'payout',
  payout_cancel: 'payout',
  payout_failure: 'payout',
  topup: 'payout',
  topup_reversal: 'payout',
}

const disputed: ReadonlySet<string> = new Set(['dispute', 'dispute_reversal'])

const kindOf = ({ type, reporting_category }: Stripe.BalanceTransaction): BankLineKind => {
  if (reporting_category === 'partial_capture_reversal') return 'charge'
  if (disputed.has(reporting_category)) return 'dispute'
  return kinds[type] ?? 'other'
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** A refund by way of the buyer's own balance at Stripe is two: ours is known by the second, and only the first moves money of ours. */
function operationOf(source: Stripe.BalanceTransaction['source']): string | undefined {
  if (source === null || typeof source === 'string' || !('metadata' in source)) return undefined
  return source.metadata?.operationId
}

/** The balance transactions from one moment up to another, oldest first. @throws ProviderError */
export async function readStripeBook(connection: StripeClient, from: Date, to: Date): Promise<BankLine[]> {
  const created = { gte: seconds(from), lte: seconds(to) }
  const rows = await readList(connection, (client, page) =>
    client.balanceTransactions.list({ created, expand: ['data.source'], ...page }),
  )
  return rows.toReversed().map((row) => {
    const currency = row.currency.toUpperCase()
    const { source } = row
    return {
      reference: row.id,
      kind: kindOf(row),
      source: typeof source === 'string' ? source : source?.id,
      operationId: operationOf(source),
      amount: fromStripe(row.amount, currency),
      fee: fromStripe(row.fee, currency),
      currency,
      at: new Date(row.created * 1000),
      availableOn: new Date(row.available_on * 1000),
    }
  })
}
