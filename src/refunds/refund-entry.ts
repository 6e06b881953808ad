import type { ChargeEntryState } from '../charges/charge-entry.entity.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import type { Transaction } from '../database/transaction.ts'
import { insertLedgerSql, toLedgerRows } from '../ledger/ledger.ts'
import { setAttention } from '../orders/move-order.ts'
import { notifyBuyer } from '../orders/notify-buyer.ts'
import type { OrderRow } from '../orders/order-row.ts'
import { allocate } from '../platform/money.ts'
import { judge } from '../platform/state-machine.ts'
import type { RefundReport } from '../providers/provider.ts'
import { closeRefunded, refundFailed, reopenRefunded } from './close-refunded.ts'
import type { RefundItem, RefundShipping } from './refund.entity.ts'
import { type RefundState, refundTransitions } from './refund.state-machine.ts'
import { restoreShares } from './restore-shares.ts'

/** One refund of one charge, under its order's row lock. Minor units. */
export type RefundEntry = {
  id: string
  chargeId: string
  refundId: string | null
  operationId: string | null
  amount: number
  state: ChargeEntryState
}

export const refundEntryColumns = `id, charge_id as "chargeId", refund_id as "refundId", operation_id as "operationId", amount, state`

/**
 * Applies what the provider says about a refund, forward only: by its answer, by webhook, or again. One that fails after it looked good
 * is booked back with all that followed from it, and needs a person, as does every other while money is left. Returns whether anything changed.
 */
export async function observeRefund(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  entry: RefundEntry,
  report: Pick<RefundReport, 'state' | 'needsBuyer' | 'failureReason'>,
  cause: string,
): Promise<boolean> {
  if (entry.state === 'failed') return false
  switch (report.state) {
    case 'complete':
      if (entry.state === 'complete') return false
      await completeEntry(tx, order, charge, entry, cause)
      return true
    case 'pending':
      if (!report.needsBuyer || entry.state !== 'pending') return false
      await setEntryState(tx, entry, 'pending_information')
      await moveRefund(tx, order, entry, 'pending_information', cause)
      return true
    case 'failed':
      await failEntry(tx, order, charge, entry, report.failureReason ?? 'refund_failed', cause)
      return true
  }
}

async function completeEntry(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  entry: RefundEntry,
  cause: string,
): Promise<void> {
  await tx.sql(
    `with entered as (${insertLedgerSql('$3')}
    ), counted as (
      update refunds set refunded_amount = refunded_amount + $2, updated_at = now() where id = $4
    )
    update charges set refunded_amount = refunded_amount + $2, updated_at = now() where id = $1`,
    [charge.id, entry.amount, toLedgerRows([movementOf(charge, entry)]), entry.refundId],
  )
  charge.refundedAmount += entry.amount
  await setEntryState(tx, entry, 'complete')
  if (entry.refundId === null) return
  const [open] = await tx.sql<{ entries: number }>(
    `select count(*) as entries from charge_entries where order_id = $2 and refund_id = $1 and state <> 'complete'`,
    [entry.refundId, order.id],
  )
  if (open?.entries === 0) await moveRefund(tx, order, entry, 'succeeded', cause)
  await closeRefunded(tx, order, entry.refundId)
}

const movementOf = (charge: ChargeRow, entry: RefundEntry) => ({
  correlationKey: entry.operationId ?? entry.id,
  orderId: charge.orderId,
  from: `charge:${charge.id}`,
  to: `provider:${charge.provider}`,
  amount: entry.amount,
  currency: charge.currency,
})

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
  await tx.sql(
    `with entered as (${insertLedgerSql('$3')}
    ), counted as (
      update refunds set refunded_amount = refunded_amount - $2, updated_at = now() where id = $4
    ), failed as (
      update charge_entries set failure_code = $5 where id = $6
    )
    update charges set refunded_amount = refunded_amount - $2, updated_at = now() where id = $1`,
    [charge.id, late ? entry.amount : 0, toLedgerRows(late ? [back] : []), entry.refundId, reason, entry.id],
  )
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
  await setEntryState(tx, entry, 'failed')
  // Where somebody was faster and gave everything back at the provider, nothing is left to decide about.
  if (late || charge.refundedAmount < charge.capturedAmount) await setAttention(tx, order.id, { reason: refundFailed })
  if (entry.refundId === null) return
  await releaseItems(tx, entry)
  await tx.sql('update refunds set failure_reason = $2 where id = $1', [entry.refundId, reason])
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

/** What did not go back can be asked for again. */
async function releaseItems(tx: Transaction, entry: RefundEntry): Promise<void> {
  const [refund] = await tx.sql<{ items: RefundItem[]; shipping: RefundShipping[] }>(
    'select items, shipping from refunds where id = $1',
    [entry.refundId],
  )
  const { items = [], shipping = [] } = refund ?? {}
  // Shipping beside the lines is counted by its refunds alone.
  const amounts = allocate(
    entry.amount,
    [...items, ...shipping].map(({ amount }) => amount),
  )
  await tx.sql(
    `update order_items i set refunded_amount = greatest(0, i.refunded_amount - s.amount)
     from (select item_id, sum(amount) as amount from jsonb_to_recordset($1::jsonb) as r(item_id text, amount bigint) group by 1) s
     where i.id = s.item_id`,
    [JSON.stringify(items.map((item, index) => ({ item_id: item.itemId, amount: amounts[index] ?? 0 })))],
  )
}

async function setEntryState(tx: Transaction, entry: RefundEntry, to: ChargeEntryState): Promise<void> {
  await tx.sql('update charge_entries set state = $2, updated_at = now() where id = $1', [entry.id, to])
  entry.state = to
}

async function moveRefund(
  tx: Transaction,
  order: OrderRow,
  { refundId }: RefundEntry,
  to: RefundState,
  cause: string,
): Promise<void> {
  const [refund] = await tx.sql<{ state: RefundState }>('select state from refunds where id = $1', [refundId])
  if (!refund || refundId === null || judge(refundTransitions, refund.state, to) !== 'moves') return
  await tx.sql(
    `update refunds set state = $2, state_transitions = state_transitions || jsonb_build_object($2::text, $3::text), updated_at = now()
     where id = $1`,
    [refundId, to, new Date().toISOString()],
  )
  if (to === 'succeeded') notifyBuyer(tx, order, 'refund', refundId)
  tx.note({
    orderId: order.id,
    kind: 'transition',
    subject: 'refund',
    subjectId: refundId,
    from: refund.state,
    to,
    cause,
  })
}
