import type { Carriers } from '../carriers/carriers.ts'
import { attachOperation, chargeEntryRow, storeChargeEntries } from '../charges/charge-entries.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { statement } from '../database/statement.ts'
import { callOffGoods } from '../goods/call-off-goods.ts'
import { completeDone } from '../operations/operations.statements.ts'
import {
  attemptOperation,
  type ClaimedOperation,
  claimOperations,
  completeOperations,
  doneRows,
} from '../operations/operations.ts'
import { refundOf } from '../operations/purposes.ts'
import { lockOrder } from '../orders/order-row.ts'
import type { Config } from '../platform/config.ts'
import { derivedId } from '../platform/ids.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { RefundReport } from '../providers/observations.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { TaskBusy, TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { writeGoods } from './goods-of-refund.ts'
import { completeCredit, observeRefund, type RefundEntry } from './refund-entry.ts'
import { giveSharesAgain } from './restore-shares.ts'
import { reverseShares } from './reverse-shares.ts'

type Parts = UnitOfWork & { providers: PaymentProviders; carriers: Carriers; config: Pick<Config, 'refundBearer'> }

const readEntries = statement<{ orderId: string; refundId: string }>()((db, $) =>
  db
    .selectFrom('charge_entries as e')
    .select(chargeEntryRow)
    .where('e.order_id', '=', $.orderId)
    .where('e.refund_id', '=', $.refundId)
    .orderBy('e.created_at')
    .orderBy('e.id'),
)

/**
 * Gives a refund's money back: to the buyer first, then takes its part of the shares back; of one that failed since, gives them again.
 * Repeating it continues where it stopped; a refund that waits for the buyer or the bank goes on by webhook.
 */
export async function carryOutRefund(
  parts: Parts,
  { orderId, refundId }: { orderId: string; refundId: string },
  taskId: string,
): Promise<void> {
  const read = () => readEntries(parts.database, { orderId, refundId })
  if (await stopGoods(parts, { orderId, refundId })) {
    for (const entry of await read()) await payBack(parts, orderId, entry)
  }
  for (const entry of await read()) {
    if (entry.state === 'complete') await reverseShares(parts, orderId, entry)
    if (entry.state === 'failed') await giveSharesAgain(parts, orderId, entry)
  }
  await inTransaction(parts, async (tx) => {
    if ((await readEntries(tx, { orderId, refundId })).length === 0) {
      const order = await lockOrder(tx, orderId)
      if (order) await completeCredit(tx, order, refundId)
    }
    tx.finish(taskId)
  })
}

// `untouched`: nothing was asked of a provider for it.
const readGoods = statement<{ refundId: string }>()((db, $) =>
  db
    .selectFrom('refunds as r')
    .innerJoin('orders as o', 'o.id', 'r.order_id')
    .select((r) => [
      r.or([r('r.forced', '=', true), r('r.origin', '=', 'provider')]).as('forced'),
      r
        .and([
          r('r.state', '=', 'pending'),
          r.not(
            r.exists(
              r
                .selectFrom('charge_entries as e')
                .select('e.id')
                .whereRef('e.refund_id', '=', 'r.id')
                .where((e) => e.or([e('e.state', '<>', 'pending'), e('e.operation_id', 'is not', null)])),
            ),
          ),
        ])
        .as('untouched'),
      'r.items',
    ])
    .where('r.id', '=', $.refundId)
    .where('o.fulfilled_by', '=', 'engine'),
)

/**
 * Calls the goods off whose money is about to go back. Returns false, with the refund failed, when they are on their way: what the buyer
 * gets is not paid back unasked. Of a refund that was forced or made elsewhere is only written on it what left.
 */
async function stopGoods(parts: Parts, target: { orderId: string; refundId: string }): Promise<boolean> {
  const [refund] = await readGoods(parts.database, { refundId: target.refundId })
  if (!refund || !(refund.untouched || refund.forced)) return true
  const itemIds = refund.items.map(({ itemId }) => itemId)
  const left = await callOffGoods(parts, { orderId: target.orderId, itemIds })
  if (left.length === 0) return true
  await inTransaction(parts, (tx) => writeGoods(tx, target.refundId, left))
  if (refund.forced) return true
  await inTransaction(parts, (tx) => keepMoney(tx, target))
  return false
}

const readPending = statement<{ orderId: string; refundId: string }>()((db, $) =>
  db
    .selectFrom('charge_entries as e')
    .select(chargeEntryRow)
    .where('e.order_id', '=', $.orderId)
    .where('e.refund_id', '=', $.refundId)
    .where('e.state', '=', 'pending'),
)

async function keepMoney(tx: Transaction, { orderId, refundId }: { orderId: string; refundId: string }): Promise<void> {
  const entries = await readPending(tx, { orderId, refundId })
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

const readLate = statement<{ chargeId: string }>()((db, $) =>
  db
    .selectFrom('charge_entries as e')
    .select(chargeEntryRow)
    .where('e.charge_id', '=', $.chargeId)
    .where('e.kind', '=', 'refund')
    .where('e.refund_id', 'is', null),
)

async function findOrMakeEntry(tx: Transaction, charge: ChargeRow): Promise<RefundEntry | undefined> {
  const entries = await readLate(tx, { chargeId: charge.id })
  const entry = entries.find(({ state }) => state !== 'failed')
  const amount = charge.capturedAmount - charge.refundedAmount
  if (entry || amount === 0) return entry
  const id = derivedId('chargeRefund', charge.id, 'late', entries.length + 1)
  const made: RefundEntry = {
    id,
    kind: 'refund',
    chargeId: charge.id,
    refundId: null,
    operationId: null,
    amount,
    state: 'pending',
  }
  await storeChargeEntries(tx, {
    entries: [{ id, charge_id: charge.id, order_id: charge.orderId, kind: 'refund', amount, state: 'pending' }],
  })
  return made
}

const findSame = statement<{ orderId: string; reference: string; operationId: string }>()((db, $) =>
  db
    .selectFrom('operations')
    .select('id')
    .where('order_id', '=', $.orderId)
    .where('kind', '=', 'refund')
    .where('provider_reference', '=', $.reference)
    .where('id', '<>', $.operationId),
)

const findUnanswered = statement<{ orderId: string; entryId: string }>()((db, $) =>
  db
    .selectFrom('operations')
    .select('id')
    .where('order_id', '=', $.orderId)
    .where('kind', '=', 'refund')
    .where('entry_id', '=', $.entryId)
    .where('state', 'in', ['pending', 'unknown']),
)

/**
 * Asks the provider for one refund of one charge, once, and applies its answer. A webhook may have told how it ended before anybody heard
 * the answer: the refund is found then, and its operation ends, too.
 */
async function payBack(parts: Parts, orderId: string, entry: RefundEntry): Promise<void> {
  const told = entry.state === 'complete' || entry.state === 'failed'
  if (told && !(await isUnanswered(parts, orderId, entry))) return
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
      ...refundOf(entry.id),
      orderId,
      chargeId: charge.id,
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
    report = await attemptOperation(parts, operation, async ({ id: key, lookUpFirst, sentAt }) => {
      const answer = await refund(reference, { key, orderId, amount, currency, lookUpFirst, sentAt })
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
    const [present] = await attachOperation(tx, { entryId: entry.id, operationId: operation.id })
    // Whoever restored a database may ask anew for what was booked since as somebody else's refund: it is one, and was given once.
    const [before] = await findSame(tx, { orderId, reference: report.reference, operationId: operation.id })
    if (report.state !== 'failed') await acceptOperation(tx, operation, report)
    if (before) report = { reference: report.reference, state: 'failed', failureReason: 'refunded_before' }
    if (present) await observeRefund(tx, locked.order, locked.charge, present, report, 'refund')
  })
}

const isUnanswered = async ({ database }: Parts, orderId: string, { id: entryId }: RefundEntry): Promise<boolean> =>
  (await findUnanswered(database, { orderId, entryId })).length > 0

/** The provider has taken the refund on. That it is complete is told when the money is on its way. */
async function acceptOperation(tx: Transaction, operation: ClaimedOperation, report: RefundReport): Promise<void> {
  const done = [{ operation, reference: report.reference }]
  if (report.state === 'complete') return completeOperations(tx, done)
  const completed = await completeDone(tx, { done: doneRows(done) })
  if (completed.length !== 1) throw new TaskBusy('operation_lease_lost')
}
