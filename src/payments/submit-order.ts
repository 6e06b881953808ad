import { createHash } from 'node:crypto'
import { storeFinding, toProviderFinding } from '../fraud/findings.ts'
import { peopleOf } from '../fraud/people-of.ts'
import type { FraudScreen, ScreenVerdict } from '../fraud/screen-order.ts'
import { createOrder } from '../orders/create-order.ts'
import { moveFraudState } from '../orders/move-order.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import type { Config } from '../platform/config.ts'
import { ApiError } from '../platform/errors.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { TaskBusy, TaskError } from '../platform/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../platform/transaction.ts'
import {
  authorizeCharge,
  readToAuthorize,
  resumeAuthorization,
  storeAuthorization,
  type ToAuthorize,
} from './authorize-charge.ts'
import type { ChargeRow } from './charge-row.ts'
import { checkSource } from './check-source.ts'
import { lockCharge } from './locked-charge.ts'
import { moveCharge } from './move-charge.ts'
import { moveSource } from './move-source.ts'
import { observeCharge } from './observe-charge.ts'
import { attemptOperation, type ClaimedOperation, claimOperations, completeOperations } from './operations.ts'
import { planCharge, readOrderToPay } from './plan-charge.ts'
import type { Authorization, NextAction } from './provider.ts'
import type { PaymentProviders } from './providers.ts'
import { type SourceRow, sourceRowJson } from './source-row.ts'
import { sourceTypes } from './source-types.ts'

export type SubmitParts = UnitOfWork & { config: Config; providers: PaymentProviders; fraud: FraudScreen }

export type SubmitOrderInput = {
  merchantId: string
  checkoutId: string
  apiKeyId: string | null
  liveMode: boolean
  /** Where the buyer comes back to from a bank's page. */
  returnUrl: string | undefined
  idempotencyKey: string | undefined
}

export type SubmitOutcome =
  /** The order exists: `pending_payment`, `in_review` or `accepted` (R117). */
  | { outcome: 'submitted'; orderId: string }
  /** An earlier request made the order (R177). */
  | { outcome: 'consumed'; orderId: string }
  /** Nothing that could be charged is attached to the checkout. */
  | { outcome: 'no_source' }
  /** No order was made (R106–R108). */
  | { outcome: 'rejected'; because: Rejection }

/** Error codes of a 409; the buyer may be shown their messages. */
export type Rejection = 'failed-request' | 'suspected-fraud'

/** Two calls one after the other, and a little more, cannot take longer. */
const giveUpAfterMs = (config: Config): number => config.providerTimeoutMs * 4
/** Long enough for the request that made the order to answer or die. */
const concludeAfterMs = (config: Config): number => config.providerTimeoutMs * 5
const dayMs = 86_400_000

/**
 * Makes the order of a checkout that carries a source: fraud screen and authorization in one request (R66, R97). The order is stored
 * before the provider is called and shown only when the provider has answered; a process that dies in between leaves a task that
 * finishes it. The same checkout again, at the same time or later, never makes a second order or a second charge (R177).
 * @throws ApiError `not_found`, `order_in_progress`, `provider_unavailable`, and what creating an order throws
 */
export async function submitOrder(parts: SubmitParts, input: SubmitOrderInput): Promise<SubmitOutcome> {
  const begun = await inTransaction(parts, (tx) => beginOrder(tx, parts, input))
  if (begun.outcome !== 'begun') return begun
  try {
    return await concludeOrder(parts, { orderId: begun.orderId, chargeId: begun.chargeId })
  } catch (error) {
    if (error instanceof TaskBusy) throw new ApiError('order_in_progress')
    if (error instanceof ProviderError) throw new ApiError('provider_unavailable', { cause: error })
    throw error
  }
}

type Begun = SubmitOutcome | { outcome: 'begun'; orderId: string; chargeId: string }

async function beginOrder(tx: Transaction, parts: SubmitParts, input: SubmitOrderInput): Promise<Begun> {
  const found = await lockCheckout(tx, input)
  if (!found) throw new ApiError('not_found', { parameter: 'checkoutId' })
  const { order } = found
  // What costs nothing is not charged, whatever is attached.
  const source = found.totalAmount > 0 ? found.source : null
  if (order) return continueOrder(order, input)
  if (found.customerEnabled === false) throw new ApiError('customer_disabled', { parameter: 'customerId' })
  if (!source && found.totalAmount > 0) return { outcome: 'no_source' }

  const capabilities = source && sourceTypes[source.type]
  if (source) checkSource(source, { ...found, total: found.totalAmount })
  const made = await createOrder(tx, {
    merchantId: input.merchantId,
    cartId: input.checkoutId,
    apiKeyId: input.apiKeyId,
    liveMode: input.liveMode,
    paymentWindowMinutes: capabilities?.delayed
      ? (parts.config.pushPaymentDays * dayMs) / 60_000
      : parts.config.paymentWindowMinutes,
    draft: source !== null,
  })
  if (input.idempotencyKey !== undefined) {
    await tx.sql(
      `update orders set details = coalesce(details, '{}') || jsonb_build_object('submissionKey', $2::text) where id = $1`,
      [made.orderId, hashOf(input.idempotencyKey)],
    )
  }
  if (!source) return { outcome: 'submitted', orderId: made.orderId }

  const toPay = await readOrderToPay(tx, made.orderId, { merchantId: input.merchantId })
  const provider = parts.providers.get('stripe')
  if (!toPay || !provider?.sources) throw new ApiError('payment_method_unavailable')
  const { chargeId } = await planCharge(tx, parts.config, provider, toPay, {
    method: 'STRIPE',
    amount: toPay.totalAmount,
    returnUrl: input.returnUrl,
    sourceId: source.id,
    captureMethod: capabilities?.manualCapture ? 'manual' : 'automatic',
    type: found.chargeType ?? 'customer_initiated',
  })
  tx.enqueue({
    job: 'conclude-order',
    payload: { orderId: made.orderId, chargeId },
    dedupeKey: `${chargeId}-conclude-1`,
    runAt: new Date(Date.now() + concludeAfterMs(parts.config)),
  })
  return { outcome: 'begun', orderId: made.orderId, chargeId }
}

type FoundOrder = {
  id: string
  state: OrderState
  draft: boolean
  cancelReason: string | null
  chargeId: string | null
  submissionKey: string | null
}

function continueOrder(order: FoundOrder, input: SubmitOrderInput): Begun {
  if (order.draft) {
    if (order.state === 'pending' && order.chargeId !== null)
      return { outcome: 'begun', orderId: order.id, chargeId: order.chargeId }
    return {
      outcome: 'rejected',
      because: order.cancelReason === 'suspected-fraud' ? 'suspected-fraud' : 'failed-request',
    }
  }
  const again = input.idempotencyKey !== undefined && order.submissionKey === hashOf(input.idempotencyKey)
  return { outcome: again ? 'submitted' : 'consumed', orderId: order.id }
}

async function lockCheckout(tx: Transaction, { merchantId, checkoutId }: SubmitOrderInput) {
  await tx.sql('select id from checkouts where id = $1 for update', [checkoutId])
  const [found] = await tx.sql<{
    currency: string
    totalAmount: number
    customerId: string | null
    customerEnabled: boolean | null
    chargeType: 'customer_initiated' | 'merchant_initiated' | 'moto' | null
    source: SourceRow | null
    order: FoundOrder | null
  }>(
    `select c.currency, c.total_amount as "totalAmount", c.customer_id as "customerId", c.details ->> 'chargeType' as "chargeType",
       (select u.enabled from customers u where u.merchant_id = c.merchant_id and u.id = c.customer_id) as "customerEnabled",
       (select ${sourceRowJson('s')} from sources s where s.id = c.source_id) as source,
       (select json_build_object('id', o.id, 'state', o.state, 'draft', o.draft, 'cancelReason', o.cancel_reason,
          'submissionKey', o.details ->> 'submissionKey',
          'chargeId', (select h.id from charges h where h.order_id = o.id order by h.created_at limit 1))
        from orders o where o.checkout_id = c.id) as order
     from checkouts c where c.id = $1 and c.merchant_id = $2 and c.deleted_at is null`,
    [checkoutId, merchantId],
  )
  return found
}

/**
 * Screens and authorizes an order that stands as a draft, and ends it one way: shown, or rejected without trace for its caller.
 * Repeating it continues the same authorization, so a worker finishes what a request left behind.
 */
export async function concludeOrder(
  parts: SubmitParts,
  target: { orderId: string; chargeId: string },
  taskId?: string,
): Promise<SubmitOutcome> {
  const order = await readToAuthorize(parts.database, target)
  if (!order) throw new TaskError('charge_unknown', { retry: false })
  if (!order.draft || order.state !== 'pending') {
    if (taskId) await inTransaction(parts, async (tx) => tx.finish(taskId))
    return order.draft
      ? { outcome: 'rejected', because: 'failed-request' }
      : { outcome: 'consumed', orderId: order.orderId }
  }

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

  const [claim] = await claimOperations(parts, [
    {
      purpose: `${order.chargeId}-authorize`,
      orderId: order.orderId,
      chargeId: order.chargeId,
      kind: 'authorize',
      provider: 'stripe',
      amount: order.amount,
      currency: order.currency,
      request: { source: order.source.id, amount: order.amount },
    },
  ])
  if (claim?.outcome !== 'claimed') return { outcome: 'consumed', orderId: order.orderId }
  const { operation } = claim
  let authorization: Authorization
  try {
    authorization = await attemptOperation(parts, operation, () =>
      operation.lookUpFirst ? resumeAuthorization(parts, order) : authorizeCharge(parts, order),
    )
  } catch (error) {
    if (!(error instanceof ProviderError) || !isOver(parts, order, error)) throw error
    await inTransaction(parts, (tx) => rejectOrder(tx, target, 'failed-request', taskId))
    return { outcome: 'rejected', because: 'failed-request' }
  }
  return inTransaction(parts, (tx) => applyAuthorization(tx, target, { operation, authorization, verdict, taskId }))
}

/**
 * Refused for good, or answered with an error for so long that no call can still be running and no webhook tells of a payment.
 * Should there be one all the same, its first event finds a charge that was given up, and it is cancelled.
 */
const isOver = ({ config }: SubmitParts, order: ToAuthorize, error: ProviderError): boolean =>
  error.outcome === 'refused' ||
  (error.outcome === 'unknown' && Date.now() - Date.parse(order.chargeCreatedAt) > giveUpAfterMs(config))

type Answered = {
  operation: ClaimedOperation
  authorization: Authorization
  verdict: ScreenVerdict
  taskId: string | undefined
}

async function applyAuthorization(
  tx: Transaction,
  target: { orderId: string; chargeId: string },
  { operation, authorization, verdict, taskId }: Answered,
): Promise<SubmitOutcome> {
  const locked = await lockCharge(tx, target)
  if (!locked) throw new TaskError('charge_unknown', { retry: false })
  const { order, charge } = locked
  const { observation, reference } = authorization
  await completeOperations(tx, [{ operation, reference }])
  await storeAuthorization(tx, charge, authorization)
  const opinion = toProviderFinding(charge.provider, observation)
  if (opinion) await storeFinding(tx, order.id, opinion)
  if (!order.draft) return { outcome: 'consumed', orderId: order.id }
  if (observation.state === 'failed' || observation.state === 'cancelled') {
    const because = observation.risk?.outcome === 'blocked' ? 'suspected-fraud' : 'failed-request'
    await rejectOrder(tx, target, because, taskId, true)
    return { outcome: 'rejected', because }
  }

  await publishDraft(tx, order.id)
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
  await observeCharge(tx, order, charge, observation, 'authorization')
  if (charge.state === 'pending' && authorization.nextAction) {
    await awaitBuyer(tx, charge, authorization.nextAction)
    // A bank's page or a card's challenge may still bring a review with the money; a transfer brings nothing but money.
    if (verdict.outcome === 'passed' && authorization.nextAction.action === 'show_payment_instructions')
      await moveFraudState(tx, order, 'passed', 'fraud screen')
  }
  await closeConclusion(tx, charge.id, taskId)
  return { outcome: 'submitted', orderId: order.id }
}

/** A source that its buyer must still act on waits for that. */
async function awaitBuyer(tx: Transaction, charge: ChargeRow, nextAction: NextAction): Promise<void> {
  if (charge.sourceId === null) return
  await moveSource(tx, charge.sourceId, nextAction.action === 'redirect' ? 'pending_redirect' : 'pending_funds')
}

async function publishDraft(tx: Transaction, orderId: string): Promise<void> {
  const now = new Date().toISOString()
  await tx.sql(
    `update orders set draft = false, updated_at = now(),
       state_transitions = jsonb_build_object('created', state_transitions -> 'pending', 'submitted', $2::text)
     where id = $1 and draft`,
    [orderId, now],
  )
}

/** Ends a draft: nobody ever sees it, and what its provider may hold is given up. */
async function rejectOrder(
  tx: Transaction,
  target: { orderId: string; chargeId: string },
  because: Rejection,
  taskId: string | undefined,
  reachedProvider = false,
): Promise<void> {
  const locked = await lockCharge(tx, target)
  if (!locked?.order.draft) return
  await tx.sql(
    `update orders set state = 'cancelled', cancel_reason = $2, expires_at = null, updated_at = now(),
       state_transitions = state_transitions || jsonb_build_object('cancelled', $3::text)
     where id = $1 and draft and state = 'pending'`,
    [target.orderId, because, new Date().toISOString()],
  )
  await moveCharge(tx, locked.charge, 'cancelled', because, { failureCode: because })
  if (reachedProvider) {
    tx.enqueue({ job: 'cancel-charge', payload: target, dedupeKey: `${target.chargeId}-cancel-1` })
  }
  await closeConclusion(tx, target.chargeId, taskId)
}

/** The task that would have finished the order has nothing left to do. */
async function closeConclusion(tx: Transaction, chargeId: string, taskId: string | undefined): Promise<void> {
  if (taskId) return tx.finish(taskId)
  await tx.sql(`update tasks set state = 'done', done_at = now() where dedupe_key = $1 and state <> 'done'`, [
    `${chargeId}-conclude-1`,
  ])
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url')
