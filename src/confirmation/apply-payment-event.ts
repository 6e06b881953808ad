import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { isAuthorized } from '../charges/charge.state-machine.ts'
import { type ChargeRow, chargeRow } from '../charges/charge-row.ts'
import { attachPayment } from '../charges/charge-writes.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { statement } from '../database/statement.ts'
import { applyDispute } from '../disputes/apply-dispute.ts'
import { matchCharge } from '../inbox/inbox-writes.ts'
import { moveFraudState, moveOrder, setAttention } from '../orders/move-order.ts'
import { isClosed, isPayable } from '../orders/order.state-machine.ts'
import { type OrderRow, orderRow } from '../orders/order-row.ts'
import { bookPayoutReversals } from '../payouts/book-payout-reversals.ts'
import type { Observation } from '../providers/observations.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { applyRefund } from '../refunds/apply-refund.ts'
import { bookReversals } from '../refunds/book-reversals.ts'
import { callForRefunds } from '../refunds/call-for-refunds.ts'
import { applySetupEvent } from '../sources/apply-setup-event.ts'
import { TaskError } from '../tasks/task-error.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { closeReview } from './decide-review.ts'
import { observeCharge } from './observe-charge.ts'

type Parts = { providers: PaymentProviders }

/**
 * Applies one stored webhook to its charge and order, forward only, whatever order events arrive in.
 * An event whose order is not known yet throws a retriable error: it is kept and tried again, and shown as an orphan
 * after the last attempt, never swallowed (I4).
 */
export async function applyPaymentEvent(tx: Transaction, parts: Parts, inboxEventId: string): Promise<void> {
  const found = (await lockEventWithCharge(tx, inboxEventId)) ?? (await findChargeLater(tx, inboxEventId))
  if (!found) return handleUnmatched(tx, parts, inboxEventId)
  const { event, order, charge } = found
  tx.only(order.id)
  if (event.handledAt !== null) return
  // Its own request decides about it first.
  if (order.draft && order.state === 'pending') throw new TaskError('order_being_made', { retry: true })

  const cause = `${event.provider}.${event.type}`
  const provider = parts.providers.get(event.provider)
  if (!provider) throw new TaskError('provider_not_configured', { retry: true })
  const seen = provider.observe({ type: event.type, body: event.body })
  // Metadata is only a hint: the payment that carries it must be the one this charge was made for.
  if (charge.provider !== event.provider) throw new TaskError('foreign_provider', { retry: false })
  if (charge.providerReference !== null && event.reference !== null && charge.providerReference !== event.reference) {
    tx.note({
      orderId: order.id,
      kind: 'drop',
      subject: 'charge',
      subjectId: charge.id,
      cause,
      detail: { reason: 'foreign payment' },
    })
    // Money all the same, when it is told to have come: of a second page of one payment, or of a time before a restore.
    if ((seen.kind === 'charge' && isAuthorized(seen.state)) || (seen.kind === 'ask' && seen.ofMoney))
      await setAttention(tx, order.id, { reason: 'a payment arrived that the order does not know' })
    return tx.handled({ inboxEventId, orderId: order.id, outcome: 'reference_mismatch' })
  }
  if (charge.providerReference === null && event.reference !== null) {
    await attachPayment(tx, { id: charge.id, reference: event.reference })
    charge.providerReference = event.reference
  }
  if (seen.kind === 'ask') {
    // Nothing to ask by: the answer that has it is on its way, or was lost, and then a person has to look.
    if (charge.providerReference === null) throw new TaskError('payment_without_reference', { retry: true })
    const payload = { orderId: order.id, chargeId: charge.id }
    tx.enqueue({ job: 'reconcile-charge', payload, dedupeKey: `${inboxEventId}-ask` })
    return tx.handled({ inboxEventId, orderId: order.id, outcome: 'asked' })
  }
  const outcome = await applyObservation(tx, order, charge, seen, cause)
  tx.handled({ inboxEventId, orderId: order.id, outcome })
}

async function applyObservation(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  seen: Exclude<Observation, { kind: 'ask' }>,
  cause: string,
): Promise<string> {
  switch (seen.kind) {
    case 'charge':
      return observeCharge(tx, order, charge, seen, cause)
    case 'review':
      return applyReview(tx, order, charge, seen.result, cause)
    case 'dispute':
      return applyDispute(tx, order, charge, seen, cause)
    case 'refund':
      return applyRefund(tx, order, charge, seen, cause)
    case 'refunded':
      return (await callForRefunds(tx, charge, seen.refundedAmount)) ? 'applied' : 'no_change'
    case 'unreadable':
      throw new TaskError('event_unreadable', { retry: false })
    case 'transfer':
    case 'setup':
    case 'nothing':
      return 'no_change'
  }
}

/** A review opens before anything left; closing it accepts or blocks the order, exactly one of both. */
async function applyReview(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  result: 'opened' | 'approved' | 'rejected',
  cause: string,
): Promise<string> {
  if (result === 'opened') {
    const moved = await moveOrder(tx, order, 'in_review', cause)
    if (moved !== 'moves') return moved === 'same' ? 'no_change' : 'dropped'
    await moveFraudState(tx, order, 'review_opened', cause)
    return 'applied'
  }
  // A payment that we gave up or back ends its review, too: that is our own word, not a verdict.
  if (result === 'rejected' && (isClosed(order.state) || (await readGivenUp(tx, { chargeId: charge.id })).length > 0))
    return 'no_change'
  const beforeAcceptance = isPayable(order.state) || order.state === 'in_review'
  if (result === 'rejected' && !beforeAcceptance) {
    tx.note({
      orderId: order.id,
      kind: 'drop',
      subject: 'fraud',
      subjectId: order.id,
      from: order.state,
      to: 'blocked',
      cause,
    })
    await setAttention(tx, order.id, { reason: 'fraud review rejected after acceptance' })
    return 'dropped'
  }
  const paid = isAuthorized(charge.state) && beforeAcceptance ? charge : undefined
  const before = order.fraudState
  await closeReview(tx, order, paid, result === 'approved' ? 'approve' : 'block', cause)
  return order.fraudState === before ? 'no_change' : 'applied'
}

const readGivenUp = statement<{ chargeId: string }>()((db, $) =>
  db
    .selectFrom('operations')
    .select('id')
    .where('charge_id', '=', $.chargeId)
    .where('kind', 'in', ['cancel', 'refund'])
    .limit(1),
)

const lockEvent = statement<{ inboxEventId: string }>({ inboxEventId: 'text' })((db, $) =>
  db
    .selectFrom('inbox_events as e')
    .innerJoin('charges as c', 'c.id', 'e.charge_id')
    .innerJoin('orders as o', 'o.id', 'c.order_id')
    .select(orderRow)
    .select((e) => [
      chargeRow.as('charge'),
      jsonBuildObject({
        id: e.ref('e.id'),
        provider: e.ref('e.provider'),
        type: e.ref('e.type'),
        reference: e.ref('e.reference'),
        body: e.ref('e.body'),
        handledAt: e.ref('e.handled_at'),
      }).as('event'),
    ])
    .where('e.id', '=', $.inboxEventId)
    .forUpdate(['o', 'c', 'e']),
)

async function lockEventWithCharge(tx: Transaction, inboxEventId: string) {
  const [row] = await lockEvent(tx, { inboxEventId })
  if (!row) return undefined
  const { event, charge, ...order } = row
  return { event, charge, order }
}

/** The charge of an event that came before we knew the payment's id. */
async function findChargeLater(tx: Transaction, inboxEventId: string) {
  const found = await matchCharge(tx, { inboxEventId })
  return found.length === 1 ? lockEventWithCharge(tx, inboxEventId) : undefined
}

const lockUnmatched = statement<{ inboxEventId: string }>()((db, $) =>
  db
    .selectFrom('inbox_events as e')
    .leftJoin('operations as o', (on) =>
      on.on('o.id', '=', (eb) => sql<string>`${eb.ref('e.body')} -> 'metadata' ->> 'operationId'`),
    )
    // An event about a refund may name nothing but what the provider calls it.
    .leftJoin('operations as r', (on) =>
      on
        .onRef('r.provider_reference', '=', 'e.reference')
        .onRef('r.provider', '=', 'e.provider')
        .on('r.kind', '=', 'refund'),
    )
    .select([
      'e.id',
      'e.provider',
      'e.type',
      'e.reference',
      'e.body',
      'e.handled_at as handledAt',
      'o.order_id as operationOrderId',
      'o.charge_id as operationChargeId',
      'r.id as refundId',
      'r.order_id as refundOrderId',
    ])
    .where('e.id', '=', $.inboxEventId)
    .forUpdate('e'),
)

async function handleUnmatched(tx: Transaction, parts: Parts, inboxEventId: string): Promise<void> {
  const [event] = await lockUnmatched(tx, { inboxEventId })
  if (!event || event.handledAt !== null) return
  const provider = parts.providers.get(event.provider)
  const seen = provider?.observe({ type: event.type, body: event.body })
  if (provider && seen?.kind === 'setup') return applySetupEvent(tx, provider, event)
  if (seen?.kind === 'unreadable') throw new TaskError('event_unreadable', { retry: false })
  if (seen?.kind === 'ask' && event.refundId !== null && event.refundOrderId !== null) {
    const payload = { orderId: event.refundOrderId, operationId: event.refundId }
    tx.enqueue({ job: 'check-refund', payload, dedupeKey: `${inboxEventId}-ask` })
    return tx.handled({ inboxEventId, orderId: event.refundOrderId, outcome: 'asked' })
  }
  if (event.operationOrderId) {
    const target = { orderId: event.operationOrderId, chargeId: event.operationChargeId ?? '' }
    const outcome = seen ? await applyToOperation(tx, target, seen, `${event.provider}.${event.type}`) : 'no_change'
    return tx.handled({ inboxEventId, orderId: event.operationOrderId, outcome })
  }
  throw new TaskError('order_unknown', { retry: true })
}

/** Applies what is told of the object that one of our operations made. */
async function applyToOperation(
  tx: Transaction,
  target: { orderId: string; chargeId: string },
  seen: Observation,
  cause: string,
): Promise<string> {
  if (seen.kind === 'transfer' && seen.operationId !== undefined) {
    const ofPayout = await bookPayoutReversals(tx, seen.operationId, seen.reversals)
    if (ofPayout !== undefined) return ofPayout ? 'applied' : 'no_change'
  }
  const locked = seen.kind === 'refund' || seen.kind === 'transfer' ? await lockCharge(tx, target) : undefined
  if (!locked) return 'no_change'
  if (seen.kind === 'refund') return applyRefund(tx, locked.order, locked.charge, seen, cause)
  if (seen.kind !== 'transfer' || seen.operationId === undefined) return 'no_change'
  const booked = await bookReversals(tx, locked.charge, seen.operationId, seen.reversals, cause)
  return booked ? 'applied' : 'no_change'
}
