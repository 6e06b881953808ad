import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { assignCaptures, bookCapture as bookEntries, failOperation } from '../charges/capture-entries.ts'
import type { ChargeRow } from '../charges/charge-row.ts'
import { lockCharge } from '../charges/locked-charge.ts'
import { moveCharge } from '../charges/move-charge.ts'
import { planSettlement } from '../charges/plan-settlement.ts'
import { scalar, statement } from '../database/statement.ts'
import { advanceMerchantOrder } from '../fulfillment/advance-merchant-order.ts'
import { toEntries } from '../ledger/ledger.ts'
import {
  attemptOperation,
  claimOperations,
  completeOperations,
  type OperationSpec,
  planOperation,
} from '../operations/operations.ts'
import { nthCaptureOf, type Purpose } from '../operations/purposes.ts'
import { setAttention } from '../orders/move-order.ts'
import { openItems } from '../orders/open-items.ts'
import type { OrderRow } from '../orders/order-row.ts'
import type { Config } from '../platform/config.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { ChargeObservation } from '../providers/observations.ts'
import type { PaymentProviders } from '../providers/providers.ts'
import { isRenewable } from '../sources/is-renewable.ts'
import { TaskError } from '../tasks/task-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { cancelCharge } from './cancel-charge.ts'
import { reauthorizeCharge, renewHold } from './reauthorize-charge.ts'
import { reconcileCharge } from './reconcile-charge.ts'

type Parts = UnitOfWork & { config: Config; providers: PaymentProviders }
type Target = { orderId: string; chargeId: string }
type Capture = { charge: ChargeRow; reference: string; amount: number; final: boolean | undefined; spec: OperationSpec }
type Step = { action: 'none' } | { action: 'cancel' } | { action: 'authorize' } | ({ action: 'capture' } & Capture)

// A new authorization, its capture and its release are three; more would mean that the provider does not do what it says.
const mostSteps = 8

/**
 * Takes the money of fulfilled pieces and releases that of cancelled ones, one call at a time for a charge. Entries stay `pending`
 * until money has moved, and are completed in the transaction that completes the operation. A definite refusal marks them `failed`;
 * a person's "again" tries them once more.
 */
export async function settleCharge(parts: Parts, target: Target, taskId?: string): Promise<void> {
  for (let count = 0; count < mostSteps; count += 1) {
    const step = await inTransaction(parts, (tx) => nextStep(tx, parts.config, target))
    switch (step.action) {
      case 'none':
        if (taskId) await inTransaction(parts, async (tx) => tx.finish(taskId))
        return
      case 'cancel':
        await cancelCharge(parts, target)
        break
      case 'authorize':
        await reauthorizeCharge(parts, target)
        break
      case 'capture':
        await capture(parts, target, step)
        break
    }
  }
  throw new TaskError('settlement_does_not_end', { retry: true })
}

const read = statement<{ chargeId: string; orderId: string; sourceId: string | null }>()((db, $) =>
  db.selectNoFrom((step) => [
    scalar(
      step
        .selectFrom('charge_entries')
        .select((e) => e.fn.coalesce(e.fn.sum<number>('amount'), sql.lit(0)).as('amount'))
        .where('charge_id', '=', $.chargeId)
        .where('kind', '=', 'capture')
        .where('state', 'in', ['pending', 'failed']),
    ).as('toCapture'),
    openItems($.orderId).as('open'),
    isRenewable($.sourceId).as('renewable'),
    step
      .selectFrom('operations as o')
      .select((o) =>
        jsonBuildObject({ purpose: o.ref('o.purpose'), amount: o.ref('o.amount'), final: o.ref('o.final') }).as(
          'capture',
        ),
      )
      .where('o.order_id', '=', $.orderId)
      .where('o.charge_id', '=', $.chargeId)
      .where('o.kind', '=', 'capture')
      .where('o.state', 'in', ['pending', 'unknown'])
      .limit(1)
      .as('underWay'),
    scalar(
      step
        .selectFrom('operations')
        .select((o) => o.fn.countAll<number>().as('count'))
        .where('order_id', '=', $.orderId)
        .where('charge_id', '=', $.chargeId)
        .where('kind', '=', 'capture'),
    ).as('captures'),
  ]),
)

/** Decides what is asked of the provider and fixes which entries that is for. An operation under way is finished first. */
async function nextStep(tx: Transaction, config: Config, target: Target): Promise<Step> {
  const locked = await lockCharge(tx, target)
  if (!locked) throw new TaskError('charge_unknown', { retry: false })
  const { order, charge } = locked
  const none = { action: 'none' } as const
  if (order.fulfilledBy !== 'merchant' || charge.captureMethod !== 'manual') return none
  if (order.state !== 'accepted' && order.state !== 'fulfilled') return none
  if (charge.state === 'pending') return { action: 'authorize' }
  if (charge.state !== 'capturable') return none
  const reference = charge.providerReference
  if (reference === null) throw new TaskError('charge_without_reference', { retry: false })

  const [found] = await read(tx, { chargeId: charge.id, orderId: order.id, sourceId: charge.sourceId })
  if (!found) return none
  if (found.underWay) {
    const { purpose, amount, final } = found.underWay
    const underWay = { kind: 'capture' as const, purpose, chargeId: charge.id, final: final ?? undefined }
    return { action: 'capture', ...planCapture(charge, reference, amount ?? 0, underWay) }
  }

  const lapsing = isLapsing(charge, config)
  const step = planSettlement({
    multicapture: charge.multicapture,
    captured: charge.capturedAmount,
    toCapture: found.toCapture,
    open: found.open > 0,
    lapsing,
    renewable: found.renewable,
  })
  if (step.action === 'none' && lapsing) await warnOfLapse(tx, order)
  if (step.action !== 'capture') return step
  const purpose = nthCaptureOf(charge.id, found.captures + 1, step.final)
  const planned = planCapture(charge, reference, step.amount, purpose)
  const id = await planOperation(tx, planned.spec)
  await assignCaptures(tx, { chargeId: charge.id, operationId: id })
  return { action: 'capture', ...planned }
}

const isLapsing = ({ authorizedUntil }: ChargeRow, config: Config): boolean =>
  authorizedUntil !== null && Date.parse(authorizedUntil) - Date.now() < config.captureMarginHours * 3_600_000

async function warnOfLapse(tx: Transaction, order: OrderRow): Promise<void> {
  const reason = 'the authorization is about to lapse'
  if (order.attention?.reason !== reason) await setAttention(tx, order.id, { reason })
}

function planCapture(
  charge: ChargeRow,
  reference: string,
  amount: number,
  purpose: Purpose & { final: boolean | undefined },
): Capture {
  const { orderId, currency, provider } = charge
  const { final } = purpose
  const request = { reference, amount, final: final ?? null }
  const spec = { ...purpose, orderId, provider, amount, currency, request }
  return { charge, reference, amount, final, spec }
}

async function capture(
  parts: Parts,
  target: Target,
  { charge, reference, amount, final, spec }: Capture,
): Promise<void> {
  const provider = parts.providers.get(charge.provider)
  if (!provider) throw new TaskError('provider_not_configured', { retry: true })
  const [claim] = await claimOperations(parts, [spec])
  if (claim?.outcome !== 'claimed') return
  const { operation } = claim
  const expected = charge.capturedAmount + amount
  let seen: ChargeObservation
  try {
    seen = await attemptOperation(parts, operation, async ({ id: key, lookUpFirst, sentAt }) => {
      const { orderId, currency } = charge
      const answer = await provider.capture(reference, { key, orderId, amount, currency, lookUpFirst, sentAt, final })
      // A refused capture is answered with how the payment stands; it took place if the money is there.
      if ((answer.capturedAmount ?? 0) === expected && answer.state !== 'cancelled') return answer
      throw new ProviderError(provider.name, 'refused', answer.failureCode ?? `payment_${answer.state}`)
    })
  } catch (error) {
    if (!(error instanceof ProviderError) || error.outcome !== 'refused') throw error
    await inTransaction(parts, (tx) =>
      failOperation(tx, {
        chargeId: charge.id,
        operationId: operation.id,
        failureCode: error.code,
        failureMessage: error.publicMessage ?? null,
      }),
    )
    await reconcileCharge(parts, target, 'capture')
    const after = await inTransaction(parts, (tx) => lockCharge(tx, target))
    if (after?.charge.state === 'capturable') throw new TaskError('capture_refused', { retry: false, cause: error })
    return
  }
  await inTransaction(parts, async (tx) => {
    const locked = await lockCharge(tx, target)
    if (!locked) throw new TaskError('charge_unknown', { retry: false })
    await completeOperations(tx, [{ operation, reference }])
    await bookCapture(tx, locked.order, locked.charge, { operationId: operation.id, amount, final, seen })
  })
}

type Captured = { operationId: string; amount: number; final: boolean | undefined; seen: ChargeObservation }

/** Books one capture, and the release of the rest if it was the last. What is still open then is authorized anew. */
async function bookCapture(
  tx: Transaction,
  order: OrderRow,
  charge: ChargeRow,
  { operationId, amount, final, seen }: Captured,
): Promise<void> {
  const last = final !== false
  charge.capturedAmount += amount
  await bookEntries(tx, {
    chargeId: charge.id,
    operationId,
    capturedAmount: charge.capturedAmount,
    last,
    providerChargeId: seen.providerChargeId ?? null,
    entries: toEntries([
      {
        correlationKey: operationId,
        orderId: order.id,
        from: `provider:${charge.provider}`,
        to: `charge:${charge.id}`,
        amount,
        currency: charge.currency,
      },
    ]),
  })
  tx.enqueue({
    job: 'distribute-capture',
    payload: { orderId: order.id, chargeId: charge.id },
    dedupeKey: `${operationId}-distribute-1`,
  })
  if (!last) return
  await moveCharge(tx, charge, 'complete', 'capture', { capturedAmount: charge.capturedAmount })
  await renewHold(tx, order, charge)
  await advanceMerchantOrder(tx, order, 'capture')
}
