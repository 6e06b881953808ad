import type { ChargeRow } from '../charges/charge-row.ts'
import { statement } from '../database/statement.ts'
import {
  attemptOperation,
  type ClaimedOperation,
  claimOperations,
  type OperationSpec,
  recordFailedAttempt,
} from '../operations/operations.ts'
import type { Purpose } from '../operations/purposes.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProvider } from '../providers/providers.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'

type Recipient = { id: string; destination: string | null }

/** What of a split is paid out by one transfer, in minor units. */
export type Share<Split extends Recipient> = { split: Split; amount: number; transfer: Purpose }

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
  const { orderId, currency } = charge
  if (!transfer) throw new TaskError('transfer_not_supported', { retry: false })
  const providerChargeId = moneyOf(charge)
  const claims = await claimOperations(
    parts,
    shares.map((share) => specOf(provider, charge, share)),
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

const readOpen = statement<{ purposes: readonly string[] }>()((db, $) =>
  db
    .selectFrom('operations')
    .select('purpose')
    .where('purpose', '=', (o) => o.fn.any($.purposes.typed('text[]')))
    .where('set_aside', '=', false)
    .where('state', 'in', ['pending', 'unknown']),
)

/**
 * Learns of shares of a closed order how transfers ended that were begun and never answered for, as when their worker died. What was made
 * is booked with `book`, so that it is taken back like every other share; what was not is not made any more.
 * @throws TaskBusy while another worker may be making one of them
 */
export async function concludeTransfers<Split extends Recipient>(
  parts: UnitOfWork,
  provider: PaymentProvider,
  charge: ChargeRow,
  shares: readonly Share<Split>[],
  book: (tx: Transaction, through: readonly DoneTransfer<Split>[]) => Promise<void>,
): Promise<void> {
  const open = await readOpen(parts.database, { purposes: shares.map(({ transfer }) => transfer.purpose) })
  const begun = shares.filter(({ transfer }) => open.some(({ purpose }) => purpose === transfer.purpose))
  if (begun.length === 0) return
  const find = provider.findTransfer?.bind(provider)
  if (!find) throw new TaskError('transfer_not_supported', { retry: false })
  const { orderId, currency } = charge
  const claims = await claimOperations(
    parts,
    begun.map((share) => specOf(provider, charge, share)),
  )
  const through: DoneTransfer<Split>[] = []
  const missing: ClaimedOperation[] = []
  for (const [index, { split, amount }] of begun.entries()) {
    const claim = claims[index]
    if (claim?.outcome !== 'claimed') continue
    const { operation } = claim
    const made = await find({ key: operation.id, orderId, amount, currency })
    if (made) through.push({ split, amount, operation, operationId: operation.id, reference: made.reference })
    else missing.push(operation)
  }
  if (through.length > 0) await inTransaction(parts, (tx) => book(tx, through))
  for (const operation of missing)
    await recordFailedAttempt(parts, operation, new ProviderError(provider.name, 'refused', 'called_off'))
}

function specOf(
  provider: PaymentProvider,
  charge: ChargeRow,
  { split, amount, transfer }: Share<Recipient>,
): OperationSpec {
  const { id: chargeId, orderId, currency } = charge
  const request = { destination: split.destination, amount, from: moneyOf(charge) }
  return { ...transfer, orderId, chargeId, provider: provider.name, amount, currency, request }
}

function moneyOf({ providerChargeId }: ChargeRow): string {
  if (providerChargeId === null) throw new TaskError('charge_without_money', { retry: true })
  return providerChargeId
}
