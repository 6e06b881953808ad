import type { Carriers } from '../carriers/carriers.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../database/transaction.ts'
import { callOffGoods } from '../goods/call-off-goods.ts'
import {
  attemptOperation,
  type ClaimedOperation,
  claimOperations,
  completeOperations,
  completeOperationsSql,
  toDoneRows,
} from '../operations/operations.ts'
import { derivedId } from '../platform/ids.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { RefundReport } from '../providers/provider.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { TaskBusy, TaskError } from '../tasks/task-error.ts'
import { observeRefund, type RefundEntry, refundEntryColumns } from './refund-entry.ts'
import { giveSharesAgain } from './restore-shares.ts'
import { reverseShares } from './reverse-shares.ts'

type Parts = UnitOfWork & { providers: PaymentProviders; carriers: Carriers }

/**
 * Gives a refund's money back: to the buyer first, then takes its part of the shares back; of one that failed since, gives them again.
 * Repeating it continues where it stopped; a refund that waits for the buyer or the bank goes on by webhook.
 */
export async function carryOutRefund(
  parts: Parts,
  { orderId, refundId }: { orderId: string; refundId: string },
  taskId: string,
): Promise<void> {
  const read = () =>
    parts.database.sql<RefundEntry>(
      `select ${refundEntryColumns} from charge_entries where order_id = $1 and refund_id = $2 order by created_at, id`,
      [orderId, refundId],
    )
  if (await stopGoods(parts, { orderId, refundId })) {
    for (const entry of await read()) await payBack(parts, orderId, entry)
  }
  for (const entry of await read()) {
    if (entry.state === 'complete') await reverseShares(parts, orderId, entry)
    if (entry.state === 'failed') await giveSharesAgain(parts, orderId, entry)
  }
  await inTransaction(parts, async (tx) => tx.finish(taskId))
}

/**
 * Calls the goods off whose money is about to go back. Returns false, with the refund failed, when they are on their way: what the buyer
 * gets is not paid back unasked.
 */
async function stopGoods(parts: Parts, target: { orderId: string; refundId: string }): Promise<boolean> {
  const [refund] = await parts.database.sql<{ forced: boolean; untouched: boolean }>(
    `select r.forced or r.origin = 'provider' as forced, r.state = 'pending' and not exists (
       select 1 from charge_entries e where e.refund_id = r.id and (e.state <> 'pending' or e.operation_id is not null)) as untouched
     from refunds r join orders o on o.id = r.order_id where r.id = $1 and o.fulfilled_by = 'engine'`,
    [target.refundId],
  )
  if (!refund || !(refund.untouched || refund.forced)) return true
  if ((await callOffGoods(parts, target, refund.forced)) === 'called_off') return true
  await inTransaction(parts, (tx) => keepMoney(tx, target))
  return false
}

async function keepMoney(tx: Transaction, { orderId, refundId }: { orderId: string; refundId: string }): Promise<void> {
  const entries = await tx.sql<RefundEntry>(
    `select ${refundEntryColumns} from charge_entries where order_id = $1 and refund_id = $2 and state = 'pending'`,
    [orderId, refundId],
  )
  for (const entry of entries) {
    const locked = await lockCharge(tx, { orderId, chargeId: entry.chargeId })
    if (!locked) throw new TaskError('charge_unknown', { retry: false })
    const report = { state: 'failed', failureReason: 'goods_on_their_way' } as const
    await observeRefund(tx, locked.order, locked.charge, entry, report, 'goods on their way')
  }
}

/**
 * Gives the whole captured amount of a charge back that nothing was distributed of: late money and blocked orders (I7).
 * A provider that cannot refund leaves the order waiting for a person.
 */
export async function refundCharge(
  parts: Parts,
  target: { orderId: string; chargeId: string },
  taskId: string,
): Promise<void> {
  const entry = await inTransaction(parts, async (tx) => {
    const locked = await lockCharge(tx, target)
    if (!locked) throw new TaskError('charge_unknown', { retry: false })
    return findOrMakeEntry(tx, locked.charge)
  })
  if (entry) await payBack(parts, target.orderId, entry)
  await inTransaction(parts, async (tx) => tx.finish(taskId))
}

async function findOrMakeEntry(tx: Transaction, charge: ChargeRow): Promise<RefundEntry | undefined> {
  const entries = await tx.sql<RefundEntry>(
    `select ${refundEntryColumns} from charge_entries where charge_id = $1 and kind = 'refund' and refund_id is null`,
    [charge.id],
  )
  const entry = entries.find(({ state }) => state !== 'failed')
  const amount = charge.capturedAmount - charge.refundedAmount
  if (entry || amount === 0) return entry
  const [made] = await tx.sql<RefundEntry>(
    `insert into charge_entries (id, charge_id, order_id, kind, amount) values ($1, $2, $3, 'refund', $4) returning ${refundEntryColumns}`,
    [derivedId('chargeRefund', charge.id, 'late', entries.length + 1), charge.id, charge.orderId, amount],
  )
  return made
}

/**
 * Asks the provider for one refund of one charge, once, and applies its answer. A webhook may have told how it ended before anybody heard
 * the answer: the refund is found then, and its operation ends, too.
 */
async function payBack(parts: Parts, orderId: string, entry: RefundEntry): Promise<void> {
  const told = entry.state === 'complete' || entry.state === 'failed'
  if (told && !(await isUnanswered(parts, entry))) return
  const target = { orderId, chargeId: entry.chargeId }
  const found = await inTransaction(parts, (tx) => lockCharge(tx, target))
  if (!found) throw new TaskError('charge_unknown', { retry: false })
  const { charge } = found
  const provider = parts.providers.get(charge.provider)
  if (!provider) throw new TaskError('provider_not_configured', { retry: true })
  const { providerReference: reference, currency } = charge
  const refund = provider.refund?.bind(provider)
  if (!refund || reference === null) throw new TaskError('refund_by_hand', { retry: false })
  const { amount } = entry
  const [claim] = await claimOperations(parts, [
    {
      purpose: `${entry.id}-refund`,
      orderId,
      chargeId: charge.id,
      kind: 'refund',
      provider: charge.provider,
      amount,
      currency,
      request: { reference, amount },
    },
  ])
  if (claim?.outcome !== 'claimed') return
  const { operation } = claim
  let report: RefundReport
  try {
    report = await attemptOperation(parts, operation, async ({ id: key, lookUpFirst }) => {
      const answer = await refund(reference, { key, orderId, amount, currency, lookUpFirst })
      if (answer.state !== 'failed') return answer
      throw new ProviderError(provider.name, 'refused', answer.failureReason ?? 'refund_failed')
    })
  } catch (error) {
    if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    report = { reference, state: 'failed', failureReason: error.code }
  }
  await inTransaction(parts, async (tx) => {
    const locked = await lockCharge(tx, target)
    if (!locked) throw new TaskError('charge_unknown', { retry: false })
    const [present] = await tx.sql<RefundEntry>(
      `update charge_entries set operation_id = $2 where id = $1 returning ${refundEntryColumns}`,
      [entry.id, operation.id],
    )
    // Whoever restored a database may ask anew for what was booked since as somebody else's refund: it is one, and was given once.
    const [before] = await tx.sql<{ id: string }>(
      `select id from operations where order_id = $1 and kind = 'refund' and provider_reference = $2 and id <> $3`,
      [orderId, report.reference, operation.id],
    )
    if (report.state !== 'failed') await acceptOperation(tx, operation, report)
    if (before) report = { reference: report.reference, state: 'failed', failureReason: 'refunded_before' }
    if (present) await observeRefund(tx, locked.order, locked.charge, present, report, 'refund')
  })
}

const isUnanswered = async ({ database }: Parts, entry: RefundEntry): Promise<boolean> => {
  const open = await database.sql(`select 1 from operations where purpose = $1 and state in ('pending', 'unknown')`, [
    `${entry.id}-refund`,
  ])
  return open.length > 0
}

/** The provider has taken the refund on. That it is complete is told when the money is on its way. */
async function acceptOperation(tx: Transaction, operation: ClaimedOperation, report: RefundReport): Promise<void> {
  const done = [{ operation, reference: report.reference }]
  if (report.state === 'complete') return completeOperations(tx, done)
  const completed = await tx.sql<{ id: string }>(completeOperationsSql('$1'), [toDoneRows(done)])
  if (completed.length !== 1) throw new TaskBusy('operation_lease_lost')
}
