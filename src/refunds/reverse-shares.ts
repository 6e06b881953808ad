import type { ChargeRow } from '../charges/charge-row.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { statement } from '../database/statement.ts'
import { bookMovements, type Movement, toEntries } from '../ledger/ledger.ts'
import { noteDebtors } from '../merchants/debtors.ts'
import {
  attemptOperation,
  claimOperations,
  completeOperations,
  type OperationSpec,
  planOperation,
} from '../operations/operations.ts'
import { type Purpose, reversalOf } from '../operations/purposes.ts'
import { shareWithin, taxIn } from '../orders/line-price.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { Config, RefundBearer } from '../platform/config.ts'
import { allocate } from '../platform/money.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { allocateCaptures, receivedLines } from '../splits/allocate-captures.ts'
import { type SplitLines, shippingLine } from '../splits/calculate-splits.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { bookReversals } from './book-reversals.ts'
import { moneyOf } from './refund.entity.ts'
import type { RefundEntry } from './refund-entry.ts'
import {
  bookTaken,
  closeReversedSplits,
  readLeftOfTransfer,
  readReversals,
  readToReverse,
  type ToReverse,
} from './reverse-shares.statements.ts'
import { bookSunkCosts } from './sunk-costs.ts'
import { type RefundedPart, takeBack } from './take-back.ts'

type Parts = UnitOfWork & { providers: PaymentProviders }
/** What is taken back of one transfer; `transfer` is the provider's reference. */
export type Reversal = {
  transferId: string
  amount: number
  transfer: string
  recipient: string
  destination: string
}

/**
 * Takes back what a refund's money was shared out to, from whoever got it for what is refunded, whoever has been paid already.
 * Credit is taken in the ledger, where a balance may become negative; transfers are reversed at the provider.
 */
export async function reverseShares(
  parts: Parts & { config: Pick<Config, 'refundBearer'> },
  orderId: string,
  entry: RefundEntry,
): Promise<void> {
  const target = { orderId, chargeId: entry.chargeId }
  const planned = await inTransaction(parts, async (tx) => {
    const locked = await lockCharge(tx, target)
    if (!locked) throw new TaskError('charge_unknown', { retry: false })
    await planReversal(tx, parts.config.refundBearer, locked, entry)
    return { charge: locked.charge, reversals: await readReversals(tx, { ...target, entryId: entry.id }) }
  })
  const { charge, reversals } = planned
  for (const reversal of reversals) await takeTransferBack(parts, charge, entry.id, reversal)
  await inTransaction(parts, (tx) => closeReversed(tx, charge))
}

/** Fixes once what is taken back of each split, with the transfers it is taken from. */
async function planReversal(
  tx: Transaction,
  bearer: RefundBearer,
  { order, charge }: { order: OrderRow; charge: ChargeRow },
  entry: RefundEntry,
): Promise<void> {
  const { id: entryId, refundId } = entry
  const [read] = await readToReverse(tx, { orderId: charge.orderId, chargeId: charge.id, entryId, refundId })
  if (!read || read.standing === 0) return
  if (read.open > 0) throw new TaskError('distribution_open', { retry: true })
  // What an earlier refund took that failed since is transferred again first: it could not be taken back before it is there.
  if (read.onTheirWay > 0) throw new TaskError('shares_on_their_way', { retry: true })
  // What is shared out only after the refund is taken back once that is done: what was taken before stays as it is.
  if (
    order.fulfilledBy === 'engine' &&
    order.state === 'accepted' &&
    read.splits.some(({ state }) => state === 'planned')
  )
    return
  const before = new Map(read.planned.map(({ id, amount }) => [id, amount]))
  const open = entry.amount - [...before.values()].reduce((sum, amount) => sum + amount, 0)
  if (open <= 0) return
  const shares = sharesToTake(charge, read, open)
  if (shares.length === 0) return
  // What a bank takes is no less to be taxed: until the authority is asked for relief the tax is owed, and a loss.
  const stays = ({ split }: { split: { recipient: string } }) =>
    entry.kind === 'dispute' && split.recipient.startsWith('tax:')
  const taken = shares.filter((share) => !stays(share))
  await bookTaken(tx, {
    taken: taken.map(({ split, share, lines }) => ({
      id: split.id,
      share,
      lines: plusLines(split.reversedLines, lines),
    })),
    entries: toEntries(
      shares.map(
        (each): Movement => ({
          correlationKey: `${each.split.id}-returned-${entry.id}`,
          orderId: charge.orderId,
          from: stays(each) ? 'cost:bad_debt' : each.split.recipient,
          to: `charge:${charge.id}`,
          amount: each.share,
          currency: charge.currency,
        }),
      ),
    ),
    entryId: entry.id,
    shares: taken.map(({ split, share, lines }) => ({ id: split.id, share, lines })),
  })
  const debtors = await bookSunkCosts(tx, bearer, charge, entry, taken)
  for (const { split, share } of taken) {
    let uncovered = share
    for (const { transfer, part } of takeFromTransfers(split, share, read.transfers, read.taken)) {
      uncovered -= part
      await planOperation(tx, specOf(charge, reversalOf(transfer.id, entry.id), transfer.reference, part))
    }
    if (uncovered > 0 && split.kind === 'merchant' && split.sellerId !== null) debtors.push(split.sellerId)
  }
  await noteDebtors(tx, debtors)
}

/** What is taken back of which split for so much of a refund; what was fixed for it before stays as it is. */
export function sharesToTake(charge: ChargeRow, read: ToReverse, amount: number) {
  const before = new Set(read.planned.map(({ id }) => id))
  const splits = withReceived(charge, read).filter(({ id }) => !before.has(id))
  const byId = new Map(read.splits.map((split) => [split.id, split]))
  return takeBack(splits, partsOf(amount, read.refund)).flatMap(({ id, share, lines }) => {
    const split = byId.get(id)
    return split ? [{ split, share, lines }] : []
  })
}

/** The splits of a charge with what they have of which line: of one that was captured in parts, what its captures were made for. */
function withReceived(charge: ChargeRow, { splits, captures }: ToReverse): ToReverse['splits'] {
  if (charge.capturedAmount === charge.amount) return splits
  const shares = allocateCaptures(splits, captures)
  return splits.map((split, index) => ({ ...split, lines: receivedLines(shares, index) }))
}

/** What an entry gives back of each line and of each seller's shipping; one of several charges its part of all of them. */
function partsOf(amount: number, refund: ToReverse['refund']): RefundedPart[] {
  const parts: RefundedPart[] = [
    ...(refund?.items ?? []).map((item) => ({
      sellerId: item.sellerId ?? '',
      line: item.itemId,
      amount: moneyOf(item),
      tax: item.parts ? taxIn(item.parts) : refund?.type === 'tax' ? item.amount : undefined,
    })),
    ...(refund?.shipping ?? []).map(({ sellerId, amount }) => ({ sellerId, line: shippingLine, amount })),
  ]
  if (parts.length === 0) return [{ sellerId: '', line: '', amount }]
  const amounts = allocate(
    amount,
    parts.map((part) => part.amount),
  )
  return parts.map((part, index) => {
    const share = amounts[index] ?? 0
    const { amount: whole, tax } = part
    return { ...part, amount: share, tax: tax === undefined ? undefined : shareWithin(tax, whole, share) }
  })
}

function plusLines(before: SplitLines, more: SplitLines): SplitLines {
  const sums = { ...before }
  for (const [line, amount] of Object.entries(more)) sums[line] = (sums[line] ?? 0) + amount
  return sums
}

/** The latest transfers first; a share that was only credited has none. */
function takeFromTransfers(
  split: ToReverse['splits'][number],
  share: number,
  transfers: ToReverse['transfers'],
  taken: ToReverse['taken'],
) {
  let left = share
  return transfers
    .filter(({ splitId }) => splitId === split.id)
    .flatMap((transfer) => {
      const earlier = taken.filter(({ transferId }) => transferId === transfer.id)
      const part = Math.min(left, transfer.amount - earlier.reduce((sum, { amount }) => sum + amount, 0))
      left -= part
      return part > 0 ? [{ transfer, part }] : []
    })
}

function specOf(charge: ChargeRow, purpose: Purpose, transfer: string, amount: number): OperationSpec {
  const { orderId, provider, currency } = charge
  const request = { transfer, amount }
  return { ...purpose, orderId, chargeId: charge.id, provider, amount, currency, request }
}

/**
 * Takes a transfer back. If the provider refuses, somebody else may have taken of it: that is booked, and the task tries again for what is
 * left.
 */
async function takeTransferBack(parts: Parts, charge: ChargeRow, entryId: string, reversal: Reversal): Promise<void> {
  try {
    await reverseTransfer(parts, charge, entryId, reversal)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    const seen = await parts.providers.get(charge.provider)?.listReversals?.(reversal.transfer)
    const standing = await inTransaction(parts, async (tx) => {
      const locked = seen && (await lockCharge(tx, { orderId: charge.orderId, chargeId: charge.id }))
      if (locked) await bookReversals(tx, locked.charge, reversal.transferId, seen, 'refund')
      const [row] = await readLeftOfTransfer(tx, { transferId: reversal.transferId })
      return row ?? { amount: 0, left: 0 }
    })
    // Also when a webhook has told of it a moment ago, and when another refund of ours took of it and has not heard the answer.
    const takenThere = (seen ?? []).reduce((sum, { amount }) => sum + amount, 0)
    const left = Math.min(standing.left, standing.amount - takenThere)
    throw left < reversal.amount ? new TaskError('reversed_elsewhere', { retry: true, cause: error }) : error
  }
}

const findFailed = statement<{ entryId: string }>()((db, $) =>
  db
    .selectFrom('charge_entries')
    .select('refund_id as refundId')
    .where('id', '=', $.entryId)
    .where('state', '=', 'failed'),
)

/** Takes one transfer back at the provider for an entry, once; a refusal is thrown. */
export async function reverseTransfer(
  parts: Parts,
  charge: ChargeRow,
  entryId: string,
  reversal: Reversal,
): Promise<void> {
  const provider = parts.providers.get(charge.provider)
  if (!provider) throw new TaskError('provider_not_configured', { retry: true })
  const reverse = provider.reverseTransfer?.bind(provider)
  if (!reverse) throw new TaskError('reversal_by_hand', { retry: false })
  const { orderId, currency } = charge
  const { transferId, transfer, amount } = reversal
  const [claim] = await claimOperations(parts, [specOf(charge, reversalOf(transferId, entryId), transfer, amount)])
  if (claim?.outcome !== 'claimed') return
  const { operation } = claim
  const { reference } = await attemptOperation(parts, operation, ({ id: key, lookUpFirst }) =>
    reverse(transfer, { key, orderId, amount, currency, lookUpFirst }),
  )
  await inTransaction(parts, async (tx) => {
    await completeOperations(tx, [{ operation, reference }])
    const from = `account:${reversal.destination}`
    await bookMovements(tx, [{ correlationKey: operation.id, orderId, from, to: reversal.recipient, amount, currency }])
    // Its refund failed while it was made: another worker may have looked already for what is to be given again.
    const [failed] = await findFailed(tx, { entryId })
    if (failed?.refundId) {
      const payload = { orderId, refundId: failed.refundId }
      tx.enqueue({ job: 'carry-out-refund', payload, dedupeKey: `${operation.id}-again-1` })
    }
  })
}

async function closeReversed(tx: Transaction, charge: ChargeRow): Promise<void> {
  const closed = await closeReversedSplits(tx, { chargeId: charge.id })
  if (closed.length === 0) return
  tx.note({
    orderId: charge.orderId,
    kind: 'transition',
    subject: 'split',
    subjectId: charge.id,
    from: 'executed',
    to: 'reversed',
    cause: 'refund',
    detail: { splits: closed.length },
  })
}
