import type { ChargeRow } from '../charges/charge-row.ts'
import { attemptOperation, type ClaimedOperation, claimOperations } from '../operations/operations.ts'
import type { PaymentProvider } from '../providers/provider.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'

type Recipient = { id: string; destination: string | null }

/** What of a split is paid out by one transfer, in minor units. The purpose names the transfer once and for all. */
export type Share<Split extends Recipient> = { split: Split; amount: number; purpose: string }

export type DoneTransfer<Split extends Recipient> = {
  split: Split
  amount: number
  /** Absent when an earlier attempt completed it. */
  operation?: ClaimedOperation
  operationId: string
  reference: string
}

/**
 * Transfers shares of a charge to their connected accounts, each exactly once. When one fails the others are booked with
 * `book` before its error is thrown. `unchanged` pays nothing out of an order of which a refund was asked for since it was read, or
 * whose money a dispute holds.
 */
export async function transferShares<Split extends Recipient>(
  parts: UnitOfWork,
  provider: PaymentProvider,
  charge: ChargeRow,
  shares: readonly Share<Split>[],
  book: (tx: Transaction, through: readonly DoneTransfer<Split>[]) => Promise<void>,
  unchanged?: { orderId: string; refundCount: number },
): Promise<DoneTransfer<Split>[]> {
  if (shares.length === 0) return []
  const transfer = provider.transfer?.bind(provider)
  const { providerChargeId, orderId, currency } = charge
  if (!transfer) throw new TaskError('transfer_not_supported', { retry: false })
  if (providerChargeId === null) throw new TaskError('charge_without_money', { retry: true })
  const claims = await claimOperations(
    parts,
    shares.map(({ split, amount, purpose }) => ({
      purpose,
      orderId,
      chargeId: charge.id,
      kind: 'transfer' as const,
      provider: provider.name,
      amount,
      currency,
      request: { destination: split.destination, amount, from: providerChargeId },
    })),
    unchanged,
  )
  const attempts = await Promise.allSettled(
    shares.map(async ({ split, amount }, index): Promise<DoneTransfer<Split>> => {
      const claim = claims[index]
      if (!claim || !split.destination) throw new Error(`split ${split.id} was not claimed`)
      if (claim.outcome === 'complete')
        return { split, amount, operationId: claim.id, reference: claim.reference ?? '' }
      const { operation } = claim
      const { reference } = await attemptOperation(parts, operation, () =>
        transfer({
          key: operation.id,
          orderId,
          amount,
          currency,
          destination: split.destination ?? '',
          providerChargeId,
          splitId: split.id,
          lookUpFirst: operation.lookUpFirst,
          fromBalance: charge.multicapture,
        }),
      )
      return { split, amount, operation, operationId: operation.id, reference }
    }),
  )
  const done = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []))
  const failed = attempts.find((attempt) => attempt.status === 'rejected')
  if (failed) {
    await inTransaction(parts, (tx) => book(tx, done))
    throw failed.reason
  }
  return done
}
