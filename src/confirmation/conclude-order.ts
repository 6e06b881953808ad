import type { ChargeRow } from '../charges/charge-row.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { moveCharge } from '../charges/move-charge.ts'
import { statement } from '../database/statement.ts'
import { storeFinding, toProviderFinding } from '../fraud/findings.ts'
import { peopleOf } from '../fraud/people-of.ts'
import type { FraudScreen, ScreenVerdict } from '../fraud/screen-order.ts'
import { completeOperations } from '../operations/operations.ts'
import { publishDraft, rejectDraft } from '../orders/drafts.ts'
import { moveFraudState, releaseCredit } from '../orders/move-order.ts'
import { giveStockBack } from '../orders/stock.ts'
import type { Config } from '../platform/config.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { NextAction } from '../providers/observations.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { moveSource } from '../sources/move-source.ts'
import { TaskError } from '../tasks/task-error.ts'
import { closeTask } from '../tasks/task-writes.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import {
  type Authorized,
  authorizeCharge,
  readToAuthorize,
  storeAuthorization,
  type ToAuthorize,
} from './authorize-charge.ts'
import { observeCharge } from './observe-charge.ts'

type Target = { orderId: string; chargeId: string }

export type ConcludeParts = UnitOfWork & { config: Config; providers: PaymentProviders; fraud: FraudScreen }

/** How an order that stood as a draft ended. */
export type Conclusion =
  /** The order exists: `pending_payment`, `in_review` or `accepted`. */
  | { outcome: 'submitted'; orderId: string }
  /** An earlier request made the order. */
  | { outcome: 'consumed'; orderId: string }
  /** No order was made. */
  | { outcome: 'rejected'; because: Rejection }

/** Error codes of a 409; the buyer may be shown their messages. */
export type Rejection = 'failed-request' | 'suspected-fraud'

/** Why a draft was rejected, from the reason it was cancelled for. */
export const toRejection = (cancelReason: string | null): Rejection =>
  cancelReason === 'suspected-fraud' ? 'suspected-fraud' : 'failed-request'

/** Two calls one after the other, and a little more, cannot take longer. */
const giveUpAfterMs = (config: Config): number => config.providerTimeoutMs * 4
/** Long enough for the request that made the order to answer or die. */
const concludeAfterMs = (config: Config): number => config.providerTimeoutMs * 5

const conclusionKey = (chargeId: string): string => `${chargeId}-conclude-1`

/** Leaves a worker to conclude the order, should the request that makes it die. */
export function concludeLater(tx: Transaction, config: Config, target: Target): void {
  tx.enqueue({
    job: 'conclude-order',
    payload: target,
    dedupeKey: conclusionKey(target.chargeId),
    runAt: new Date(Date.now() + concludeAfterMs(config)),
  })
}

/**
 * Screens and authorizes an order that stands as a draft, and ends it one way: shown, or rejected without trace for its caller.
 * Repeating it continues the same authorization, so a worker finishes what a request left behind.
 */
export async function concludeOrder(parts: ConcludeParts, target: Target, taskId?: string): Promise<Conclusion> {
  const order = await readToAuthorize(parts.database, target)
  if (!order) throw new TaskError('charge_unknown', { retry: false })
  if (!order.draft || order.state !== 'pending') return answerConcluded(parts, order, taskId)

  const verdict = await parts.fraud.screen({
    orderId: order.orderId,
    merchantId: order.merchantId,
    email: order.email,
    amount: order.amount,
    currency: order.currency,
    fingerprint: order.source.fingerprint,
    ip: order.browserIp,
    people: [...order.names, ...peopleOf(order.source.owner)],
  })
  if (verdict.outcome === 'blocked') {
    await inTransaction(parts, (tx) => rejectOrder(tx, target, 'suspected-fraud', taskId))
    return { outcome: 'rejected', because: 'suspected-fraud' }
  }

  let authorized: Authorized | undefined
  try {
    authorized = await authorizeCharge(parts, order)
  } catch (error) {
    if (!(error instanceof ProviderError) || !isOver(parts, order, error)) throw error
    await inTransaction(parts, (tx) => rejectOrder(tx, target, 'failed-request', taskId))
    return { outcome: 'rejected', because: 'failed-request' }
  }
  if (!authorized) {
    const concluded = await readToAuthorize(parts.database, target)
    return answerConcluded(parts, concluded ?? order, taskId)
  }
  const answered = { ...authorized, verdict, taskId }
  return inTransaction(parts, (tx) => applyAuthorization(tx, target, answered))
}

/** What another request or a worker has made of the draft. */
async function answerConcluded(
  parts: ConcludeParts,
  order: ToAuthorize,
  taskId: string | undefined,
): Promise<Conclusion> {
  if (taskId) await inTransaction(parts, async (tx) => tx.finish(taskId))
  return order.draft
    ? { outcome: 'rejected', because: toRejection(order.cancelReason) }
    : { outcome: 'consumed', orderId: order.orderId }
}

/**
 * Refused for good, or answered with an error for so long that no call can still be running and no webhook tells of a payment.
 * Should there be one all the same, its first event finds a charge that was given up, and it is cancelled.
 */
const isOver = ({ config }: ConcludeParts, order: ToAuthorize, error: ProviderError): boolean =>
  error.outcome === 'refused' ||
  (error.outcome === 'unknown' && Date.now() - order.chargeCreatedAt.getTime() > giveUpAfterMs(config))

type Answered = Authorized & {
  verdict: ScreenVerdict
  taskId: string | undefined
}

async function applyAuthorization(
  tx: Transaction,
  target: Target,
  { operation, authorization, verdict, taskId }: Answered,
): Promise<Conclusion> {
  const locked = await lockCharge(tx, target)
  if (!locked) throw new TaskError('charge_unknown', { retry: false })
  const { order, charge } = locked
  const { observation, reference } = authorization
  await completeOperations(tx, [{ operation, reference }])
  await storeAuthorization(tx, charge, authorization)
  const opinion = toProviderFinding(charge.provider, observation)
  if (opinion) await storeFinding(tx, order.id, opinion)
  if (!order.draft) return { outcome: 'consumed', orderId: order.id }
  if (order.state !== 'pending') {
    // Rejected while its provider was asked: what that holds now is given up, and the draft stays unseen.
    await observeCharge(tx, order, charge, observation, 'authorization')
    if (taskId) tx.finish(taskId)
    return { outcome: 'rejected', because: await readRejection(tx, order.id) }
  }
  if (observation.state === 'failed' || observation.state === 'cancelled') {
    const because = observation.risk?.outcome === 'blocked' ? 'suspected-fraud' : 'failed-request'
    await rejectOrder(tx, target, because, taskId, true)
    return { outcome: 'rejected', because }
  }

  await publishDraft(tx, { orderId: order.id, at: new Date().toISOString() })
  order.draft = false
  tx.note({
    orderId: order.id,
    kind: 'transition',
    subject: 'order',
    subjectId: order.id,
    to: 'pending',
    cause: 'created',
  })
  tx.note({
    orderId: order.id,
    kind: 'note',
    subject: 'charge',
    subjectId: charge.id,
    to: 'pending',
    cause: 'authorization',
  })
  if (verdict.outcome === 'review') await moveFraudState(tx, order, 'review_opened', 'fraud screen')
  // Our screen has nothing against an order that waits for its buyer; with the money its provider may still object.
  else if (authorization.nextAction) await moveFraudState(tx, order, 'passed', 'fraud screen')
  await observeCharge(tx, order, charge, observation, 'authorization')
  if (charge.state === 'pending' && authorization.nextAction) await awaitBuyer(tx, charge, authorization.nextAction)
  await closeConclusion(tx, charge.id, taskId)
  return { outcome: 'submitted', orderId: order.id }
}

const readCancelReason = statement<{ orderId: string }>()((db, $) =>
  db.selectFrom('orders').select('cancel_reason as cancelReason').where('id', '=', $.orderId),
)

async function readRejection(tx: Transaction, orderId: string): Promise<Rejection> {
  const [order] = await readCancelReason(tx, { orderId })
  return toRejection(order?.cancelReason ?? null)
}

/** A source that its buyer must still act on waits for that. */
async function awaitBuyer(tx: Transaction, charge: ChargeRow, nextAction: NextAction): Promise<void> {
  if (charge.sourceId === null) return
  await moveSource(tx, charge.sourceId, nextAction.action === 'redirect' ? 'pending_redirect' : 'pending_funds')
}

/** Ends a draft: nobody ever sees it, and what its provider may hold is given up. */
async function rejectOrder(
  tx: Transaction,
  target: Target,
  because: Rejection,
  taskId: string | undefined,
  reachedProvider = false,
): Promise<void> {
  const locked = await lockCharge(tx, target)
  if (!locked?.order.draft) return
  await rejectDraft(tx, {
    orderId: target.orderId,
    reason: because,
    stamp: { cancelled: new Date().toISOString() },
  })
  await giveStockBack(tx, locked.order)
  if (locked.order.creditAmount > 0) await releaseCredit(tx, { orderId: target.orderId })
  await moveCharge(tx, locked.charge, 'cancelled', because, { failureCode: because })
  if (reachedProvider) {
    tx.enqueue({ job: 'cancel-charge', payload: target, dedupeKey: `${target.chargeId}-cancel-1` })
  }
  await closeConclusion(tx, target.chargeId, taskId)
}

/** The task that would have finished the order has nothing left to do. */
async function closeConclusion(tx: Transaction, chargeId: string, taskId: string | undefined): Promise<void> {
  if (taskId) return tx.finish(taskId)
  await closeTask(tx, { dedupeKey: conclusionKey(chargeId) })
}
