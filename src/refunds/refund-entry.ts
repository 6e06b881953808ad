import { sql } from 'kysely'
import { type ChargeEntryRow, explainFailure, keepClaimUrl, setEntryState } from '../charges/charge-entries.ts'
import type { ChargeEntryState } from '../charges/charge-entry.entity.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import { countRefunded } from '../charges/refunded-amount.ts'
import { db, type Hole, merged, type NewRow, now, statement } from '../database/statement.ts'
import { insertEntries, toEntries } from '../ledger/ledger.ts'
import { setAttention } from '../orders/move-order.ts'
import { notifyBuyer } from '../orders/notify-buyer.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { type ItemAmount, releaseRefund } from '../orders/refunded-items.ts'
import { allocate } from '../platform/money.ts'
import { judge } from '../platform/state-machine.ts'
import type { RefundReport } from '../providers/observations.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { closeRefunded, refundFailed, reopenRefunded } from './close-refunded.ts'
import { moneyOf } from './refund.entity.ts'
import { type RefundState, refundTransitions } from './refund.state-machine.ts'
import { restoreShares } from './restore-shares.ts'

/** One refund of one charge, under its order's row lock. Minor units. */
export type RefundEntry = ChargeEntryRow

type Booked = {
  entries: readonly NewRow<'ledger_entries'>[]
  chargeId: string
  amount: number
  refundId: string | null
}

/** Counts what went back by a refund, or came back where negative. */
const countPaidBack = (refundId: Hole<string | null>, amount: Hole<number>) =>
  db
    .updateTable('refunds')
    .set((r) => ({ refunded_amount: r('refunded_amount', '+', amount.typed('bigint')), updated_at: now }))
    .where('id', '=', refundId)

const book = statement<Booked>()((db, $) =>
  db
    .with('entered', () => insertEntries($.entries))
    .with('counted', () => countPaidBack($.refundId, $.amount))
    .with('refunded', () => countRefunded($.chargeId, $.amount))
    .selectNoFrom(sql.lit(true).as('booked')),
)

const bookBack = statement<Booked & { entryId: string; reason: string }>()((db, $) =>
  db
    .with('entered', () => insertEntries($.entries))
    .with('counted', () => countPaidBack($.refundId, $.amount))
    .with('refunded', () => countRefunded($.chargeId, $.amount))
    .with('failed', () => explainFailure($.entryId, $.reason))
    .selectNoFrom(sql.lit(true).as('booked')),
)

/**
 * Applies what the provider says about a refund, forward only: by its answer, by webhook, or again. One that fails after it looked good
 * is booked back with all that followed from it, and needs a person, as does every other while money is left. Returns whether anything changed.
 */
export async function observeRefund(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  entry: RefundEntry,
  report: Pick<RefundReport, 'state' | 'needsBuyer' | 'claimUrl' | 'failureReason'>,
  cause: string,
): Promise<boolean> {
  if (entry.state === 'failed') return false
  switch (report.state) {
    case 'complete':
      if (entry.state === 'complete') return false
      await completeEntry(tx, order, charge, entry, cause)
      return true
    case 'pending':
      if (report.claimUrl) await offerClaim(tx, order, entry, report.claimUrl)
      if (!report.needsBuyer || entry.state !== 'pending') return false
      await moveEntry(tx, entry, 'pending_information')
      await moveRefund(tx, order, entry, 'pending_information', cause)
      return true
    case 'failed':
      await failEntry(tx, order, charge, entry, report.failureReason ?? 'refund_failed', cause)
      return true
  }
}

/** Tells the buyer, once, where to fetch what goes back: nobody else can. */
async function offerClaim(tx: Transaction, order: OrderRow, entry: RefundEntry, claimUrl: string): Promise<void> {
  const [kept] = await keepClaimUrl(tx, { entryId: entry.id, claimUrl })
  if (kept) notifyBuyer(tx, order, 'refund_claim', entry.id)
}

const countOpen = statement<{ orderId: string; refundId: string }>()((db, $) =>
  db
    .selectFrom('charge_entries')
    .select((e) => e.fn.countAll<number>().as('entries'))
    .where('order_id', '=', $.orderId)
    .where('refund_id', '=', $.refundId)
    .where('state', '<>', 'complete'),
)

async function completeEntry(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  entry: RefundEntry,
  cause: string,
): Promise<void> {
  await book(tx, {
    entries: toEntries([movementOf(charge, entry)]),
    chargeId: charge.id,
    amount: entry.amount,
    refundId: entry.refundId,
  })
  charge.refundedAmount += entry.amount
  await moveEntry(tx, entry, 'complete')
  if (entry.refundId === null) return
  const [open] = await countOpen(tx, { orderId: order.id, refundId: entry.refundId })
  if (open?.entries === 0) await moveRefund(tx, order, entry, 'succeeded', cause)
  await closeRefunded(tx, order, entry.refundId)
}

/** Ends a refund of which nothing is money: it goes back to a credit, and no provider is asked. Repeating it changes nothing. */
export async function completeCredit(tx: Transaction, order: OrderRow, refundId: string): Promise<void> {
  if (await moveRefund(tx, order, { refundId }, 'succeeded', 'refund')) await closeRefunded(tx, order, refundId)
}

const movementOf = (charge: ChargeRow, entry: RefundEntry) => ({
  correlationKey: entry.operationId ?? entry.id,
  orderId: charge.orderId,
  from: `charge:${charge.id}`,
  to: `provider:${charge.provider}`,
  amount: entry.amount,
  currency: charge.currency,
})

const explainRefund = statement<{ refundId: string; reason: string }>()((db, $) =>
  db.updateTable('refunds').set({ failure_reason: $.reason }).where('id', '=', $.refundId),
)

async function failEntry(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  entry: RefundEntry,
  reason: string,
  cause: string,
): Promise<void> {
  const late = entry.state === 'complete'
  const { correlationKey, from, to, ...movement } = movementOf(charge, entry)
  const back = { ...movement, correlationKey: `${correlationKey}-failed`, from: to, to: from }
  await bookBack(tx, {
    entries: toEntries(late ? [back] : []),
    chargeId: charge.id,
    amount: late ? -entry.amount : 0,
    refundId: entry.refundId,
    entryId: entry.id,
    reason,
  })
  if (late) {
    charge.refundedAmount -= entry.amount
    tx.note({
      orderId: order.id,
      kind: 'event',
      subject: 'refund',
      subjectId: entry.id,
      cause: 'order.charge.refund.failed',
      detail: { code: reason },
    })
  }
  await moveEntry(tx, entry, 'failed')
  // Where somebody was faster and gave everything back at the provider, nothing is left to decide about.
  if (late || charge.refundedAmount < charge.capturedAmount) await setAttention(tx, order.id, { reason: refundFailed })
  if (entry.refundId === null) return
  await releaseItems(tx, entry, entry.refundId)
  await explainRefund(tx, { refundId: entry.refundId, reason })
  await moveRefund(tx, order, entry, 'failed', cause)
  if (!late) return
  await reopenRefunded(tx, order, entry.refundId, cause)
  await restoreShares(tx, charge, entry)
  tx.enqueue({
    job: 'carry-out-refund',
    payload: { orderId: order.id, refundId: entry.refundId },
    dedupeKey: `${entry.id}-shares-back-1`,
  })
}

const readItems = statement<{ refundId: string }>()((db, $) =>
  db.selectFrom('refunds').select(['items', 'shipping']).where('id', '=', $.refundId),
)

const release = statement<{ amounts: readonly ItemAmount[] }>()((_, $) => releaseRefund($.amounts))

/** What of a line's money did not go back can be asked for again. */
async function releaseItems(tx: Transaction, entry: RefundEntry, refundId: string): Promise<void> {
  const [refund] = await readItems(tx, { refundId })
  const { items = [], shipping = [] } = refund ?? {}
  // Shipping beside the lines is counted by its refunds alone.
  const amounts = allocate(entry.amount, [...items.map(moneyOf), ...shipping.map(({ amount }) => amount)])
  await release(tx, { amounts: items.map(({ itemId }, index) => ({ itemId, amount: amounts[index] ?? 0, credit: 0 })) })
}

/** Nor did what would have gone back to a credit: it does with the whole refund, or not at all. */
async function releaseCredit(tx: Transaction, refundId: string): Promise<void> {
  const [refund] = await readItems(tx, { refundId })
  const credits = (refund?.items ?? []).map(({ itemId, credit = 0 }) => ({ itemId, amount: credit, credit }))
  await release(tx, { amounts: credits })
}

async function moveEntry(tx: Transaction, entry: RefundEntry, to: ChargeEntryState): Promise<void> {
  await setEntryState(tx, { entryId: entry.id, state: to })
  entry.state = to
}

const readState = statement<{ refundId: string }>()((db, $) =>
  db.selectFrom('refunds').select(['state', 'credit_amount as credit']).where('id', '=', $.refundId),
)

const move = statement<{ refundId: string; to: RefundState; credit: number; stamp: Record<string, string> }>()(
  (db, $) =>
    db
      .updateTable('refunds')
      .set((r) => ({
        state: $.to,
        state_transitions: merged(r.ref('state_transitions'), $.stamp),
        refunded_amount: r('refunded_amount', '+', $.credit.typed('bigint')),
        updated_at: now,
      }))
      .where('id', '=', $.refundId),
)

async function moveRefund(
  tx: Transaction,
  order: OrderRow,
  { refundId }: Pick<RefundEntry, 'refundId'>,
  to: RefundState,
  cause: string,
): Promise<boolean> {
  if (refundId === null) return false
  const [refund] = await readState(tx, { refundId })
  if (!refund || judge(refundTransitions, refund.state, to) !== 'moves') return false
  const { credit } = refund
  const returned = to === 'succeeded' ? credit : refund.state === 'succeeded' ? -credit : 0
  await move(tx, { refundId, to, credit: returned, stamp: { [to]: new Date().toISOString() } })
  if (to === 'failed' && credit > 0) await releaseCredit(tx, refundId)
  if (to === 'succeeded') notifyBuyer(tx, order, 'refund', refundId)
  tx.note({
    orderId: order.id,
    kind: 'transition',
    subject: 'refund',
    subjectId: refundId,
    from: refund.state,
    to,
    cause,
    ...(credit > 0 ? { detail: { credit } } : {}),
  })
  return true
}
