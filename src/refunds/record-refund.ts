import { attachOperation, chargeEntryRow } from '../charges/charge-entries.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { statement } from '../database/statement.ts'
import { completeByHand } from '../operations/operations.statements.ts'
import { recordOperation } from '../operations/operations.ts'
import { refundOf } from '../operations/purposes.ts'
import { ApiError } from '../platform/errors.ts'
import { statementFormatOf } from '../providers/registry.ts'
import { resumeTasks } from '../tasks/task-writes.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { applyRefund } from './apply-refund.ts'
import { observeRefund, type RefundEntry } from './refund-entry.ts'

/** What somebody gave back without us. `amount` in minor units: absent for what the order waits for, or else all that is left. */
export type GivenBack = { orderId: string; chargeId: string; reference: string; amount?: number | undefined }

const cause = 'by hand'

const readStanding = statement<{ orderId: string; chargeId: string }>()((db, $) =>
  db
    .selectFrom('charge_entries as e')
    .select(chargeEntryRow)
    .select('e.claim_url as claimUrl')
    .where('e.order_id', '=', $.orderId)
    .where('e.charge_id', '=', $.chargeId)
    .where('e.kind', '=', 'refund')
    .where('e.state', 'in', ['pending', 'pending_information'])
    .orderBy('e.created_at')
    .orderBy('e.id'),
)

const findSame = statement<{ chargeId: string; orderId: string; reference: string }>()((db, $) =>
  db
    .selectFrom('operations')
    .select('id')
    .where('order_id', '=', $.orderId)
    .where('charge_id', '=', $.chargeId)
    .where('kind', '=', 'refund')
    .where('state', '=', 'complete')
    .where('provider_reference', '=', $.reference),
)

/**
 * Books money that a person gave back past us, in the provider's pages or from a bank: the refund that waits for it is done, or one is
 * booked that nobody had asked for. The same reference again changes nothing. Only for providers whose books are statements, which show it.
 * Returns the charge as it stands, and whether anything was booked.
 * @throws ApiError `not_found`, `order_not_refundable`, `invalid_parameter`, `operation_in_progress`
 */
export async function recordRefund(
  tx: Transaction,
  { orderId, chargeId, reference, amount }: GivenBack,
): Promise<{ charge: ChargeRow; booked: boolean }> {
  const locked = await lockCharge(tx, { orderId, chargeId })
  if (!locked) throw new ApiError('not_found', { parameter: 'chargeId' })
  const { order, charge } = locked
  if (!statementFormatOf(charge.provider))
    throw new ApiError('invalid_parameter', {
      message: 'This provider tells of its refunds itself.',
      parameter: 'chargeId',
    })
  if ((await findSame(tx, { orderId, chargeId, reference })).length > 0) return { charge, booked: false }
  const left = charge.capturedAmount - charge.refundedAmount
  const waiting = await readStanding(tx, { orderId, chargeId })
  const entry = waiting.find((each) => amount === undefined || each.amount === amount)
  const given = entry?.amount ?? amount ?? left
  // Whoever has been given it by hand could fetch it once more.
  if (entry?.claimUrl)
    throw new ApiError('operation_in_progress', {
      message:
        'Its buyer can fetch it. Withdraw the claim at the provider first; what is given back then is booked here.',
      parameter: 'chargeId',
    })
  if (given <= 0 || given > left) throw new ApiError('order_not_refundable', { parameter: 'amount' })
  if (entry) {
    const operationId = await concludeOperation(tx, charge, entry, reference)
    await attachOperation(tx, { entryId: entry.id, operationId })
    await observeRefund(tx, order, charge, { ...entry, operationId }, { state: 'complete' }, cause)
    callForShares(tx, orderId, entry)
  } else {
    const seen = { reference, operationId: undefined, state: 'complete', amount: given } as const
    await applyRefund(tx, order, charge, seen, cause)
  }
  // What waited for it goes on, and ends.
  if (order.attention?.taskId) await resumeTasks(tx, { ids: [order.attention.taskId] })
  return { charge: (await lockCharge(tx, { orderId, chargeId }))?.charge ?? charge, booked: true }
}

/** The operation of a refund, done: one of which nobody knew how it ended, or one that was never begun. */
async function concludeOperation(
  tx: Transaction,
  charge: ChargeRow,
  entry: RefundEntry,
  reference: string,
): Promise<string> {
  const [unknown] = await completeByHand(tx, { orderId: charge.orderId, entryId: entry.id, reference })
  if (unknown) return unknown.id
  const { id: chargeId, orderId, provider, currency, providerReference } = charge
  const { amount } = entry
  const request = { reference: providerReference, amount }
  const spec = { ...refundOf(entry.id), orderId, chargeId, provider, amount, currency, request }
  const made = await recordOperation(tx, spec, reference)
  if (!made) throw new ApiError('operation_in_progress')
  return made
}

function callForShares(tx: Transaction, orderId: string, { id, refundId }: RefundEntry): void {
  tx.note({ orderId, kind: 'event', subject: 'refund', subjectId: id, cause: 'order.charge.refund.complete' })
  if (refundId !== null)
    tx.enqueue({ job: 'carry-out-refund', payload: { orderId, refundId }, dedupeKey: `${id}-shares-1` })
}
