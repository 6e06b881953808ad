import { isLive } from '../charges/charge.state-machine.ts'
import { attachIntent, lockChargeAlone } from '../charges/charge-writes.ts'
import { moveCharge } from '../charges/move-charge.ts'
import { type LiveCharge, planCharge, readOrderToPay } from '../charges/plan-charge.ts'
import { violatedConstraint } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import type { Viewer } from '../merchants/viewer.ts'
import { isPayable } from '../orders/order.state-machine.ts'
import type { Config } from '../platform/config.ts'
import { ApiError } from '../platform/errors.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { expiredCode } from '../providers/charge-states.ts'
import type { PaymentMethod } from '../providers/payment-methods.ts'
import type { Intent, PlannedSplit } from '../providers/provider.ts'
import { type PaymentProvider, type PaymentProviders, providerOfMethod } from '../providers/providers.ts'
import { inGroup } from '../tasks/in-group.ts'
import { wakeTasks } from '../tasks/task-writes.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import { cancelCharge } from './cancel-charge.ts'

export type StartPaymentInput = {
  orderId: string
  method: PaymentMethod
  returnUrl: string | undefined
  /** Sees only its own orders (I11). */
  visibleTo: Viewer
}

export type StartedPayment = {
  orderId: string
  chargeId: string
  provider: string
  clientSecret: string | null
  checkoutUrl: string | null
  expiresTime: string
  currency: string
  splits: PlannedSplit[]
  /** The provider may have been asked for it before the database was restored. */
  lookUpFirst: boolean
  /** The provider's id of the payment, where a webhook was faster with it than the answer. */
  reference: string | null
}

type Parts = UnitOfWork & { providers: PaymentProviders; config: Config }

/** So many payments of one charge may be made at once, where a provider has no idempotency keys. */
const mostTwins = 3

/** Another request has made the order's live charge, or the one of this number with its shares. */
const racedConstraints: readonly string[] = ['charges_live', 'charges_pkey', 'splits_pkey']

/**
 * Asks a provider to collect an order's total. Charge and splits are committed before the provider is called,
 * under the charge's id as idempotency key: whatever crashes, calling again continues the same payment.
 * A live payment of the same method is returned again; another live one is cancelled first.
 * @throws ApiError `not_found`, `order_not_payable`, `out_of_stock`, `payment_method_unavailable`, `merchant_share_negative`,
 * `payment_refused`, `provider_unavailable`
 */
export async function startPayment(parts: Parts, input: StartPaymentInput): Promise<StartedPayment> {
  const provider = providerOfMethod(parts.providers, input.method)
  if (!provider) throw new ApiError('payment_method_unavailable', { parameter: 'paymentMethod' })

  for (let twins = 0; ; ) {
    const together = { kind: 'plan-payment', about: input.orderId }
    const plan = await inGroup(parts, together, (tx) => planPayment(tx, parts.config, provider, input)).catch(
      (error: unknown) => {
        if (racedConstraints.includes(violatedConstraint(error) ?? '')) return { outcome: 'raced' as const }
        throw error
      },
    )
    switch (plan.outcome) {
      case 'raced':
        continue
      case 'live':
        return plan.payment
      case 'other_live': {
        // Its provider decides whether it can still be given up; if it was paid meanwhile, the order no longer is payable.
        const { underWay } = await cancelCharge(parts, { orderId: input.orderId, chargeId: plan.chargeId })
        if (underWay) throw new ApiError('payment_under_way')
        continue
      }
      case 'planned': {
        const intent = await askProvider(parts, provider, plan.payment, input)
        const answer = { clientSecret: intent.clientSecret ?? null, checkoutUrl: intent.checkoutUrl ?? null }
        const payment = { chargeId: plan.payment.chargeId, reference: intent.reference }
        const [stored] = await storeIntent(parts.database, { ...payment, ...answer })
        if (stored?.attached) return { ...plan.payment, ...answer }
        // Another request was faster, or a webhook: the charge has that payment, and nobody is told how to pay this one.
        if (twins === mostTwins) throw new ApiError('provider_unavailable')
        twins += 1
      }
    }
  }
}

async function planPayment(tx: Transaction, config: Config, provider: PaymentProvider, input: StartPaymentInput) {
  const order = await readOrderToPay(tx, input.orderId, input.visibleTo)
  if (!order) throw new ApiError('not_found', { parameter: 'orderId' })
  if (!isPayable(order.state) || order.totalAmount === 0) throw new ApiError('order_not_payable')
  if (order.creditAmount > 0) {
    throw new ApiError('order_not_payable', {
      message: 'What the credit of this order leaves is paid by the card that it was made with. Make a new checkout.',
    })
  }
  if (order.shortLine !== null) throw new ApiError('out_of_stock', { parameter: `items.${order.shortLine}` })
  if (provider.currencies?.includes(order.currency) === false) {
    throw new ApiError('payment_method_unavailable', {
      message: `${input.method} takes ${provider.currencies.join(', ')} only.`,
      parameter: 'paymentMethod',
    })
  }

  const expiresTime = new Date(order.expiresAt ?? Date.now()).toISOString()
  const describe = (
    charge: Pick<LiveCharge, 'id' | 'provider' | 'providerReference' | 'clientSecret' | 'checkoutUrl' | 'splits'>,
  ): StartedPayment => ({
    orderId: order.id,
    chargeId: charge.id,
    provider: charge.provider,
    clientSecret: charge.clientSecret,
    checkoutUrl: charge.checkoutUrl,
    expiresTime,
    currency: order.currency,
    splits: charge.splits,
    lookUpFirst: order.restored,
    reference: charge.providerReference,
  })
  const live = order.charges.filter((charge) => isLive(charge.state))
  const other = live.find((charge) => charge.method !== input.method)
  if (other) return { outcome: 'other_live' as const, chargeId: other.id }
  const same = live.find((charge) => charge.method === input.method)
  // Nobody can pay it any more.
  const ended = same?.state === 'failed' && same.failureCode === expiredCode
  // A reference alone is not enough: a webhook may have brought it while the provider's answer with the secret was lost.
  if (!ended && (same?.clientSecret || same?.checkoutUrl)) return { outcome: 'live' as const, payment: describe(same) }
  if (same && !ended && Date.now() - Date.parse(same.createdAt) < retireAfterMs(config))
    return { outcome: 'planned' as const, payment: describe(same) }
  if (same)
    await retireCharge(tx, order.id, same.id, ended ? 'payment-intent expired' : 'payment-intent never answered')

  const { chargeId, splits } = await planCharge(tx, config, provider, order, {
    method: input.method,
    amount: order.totalAmount,
    returnUrl: input.returnUrl,
  })
  return {
    outcome: 'planned' as const,
    payment: describe({
      id: chargeId,
      provider: provider.name,
      providerReference: null,
      clientSecret: null,
      checkoutUrl: null,
      splits,
    }),
  }
}

/**
 * A provider that answers a request with an error keeps that answer for its key. Once no earlier call can still be running, two of them
 * one after the other, the payment is asked for under a new key.
 */
const retireAfterMs = (config: Config): number => config.providerTimeoutMs * 2.5

/**
 * Gives up a charge of a locked order that nobody can pay, because it has expired or nobody was ever given its secret. A webhook may bring the payment's id
 * without locking the order, hence the charge is read again under its own lock.
 */
async function retireCharge(tx: Transaction, orderId: string, id: string, cause: string): Promise<void> {
  const [charge] = await lockChargeAlone(tx, { id })
  if (!charge) throw new Error(`charge ${id} does not exist`)
  if (charge.providerReference !== null) {
    tx.enqueue({ job: 'cancel-charge', payload: { orderId, chargeId: id }, dedupeKey: `${id}-cancel-1` })
  }
  await moveCharge(tx, { id, orderId, state: charge.state }, 'cancelled', cause, { failureCode: 'superseded' })
}

/** Calls the provider outside any transaction. Only a definite refusal ends the charge; anything else may be tried again. */
async function askProvider(
  parts: Parts,
  provider: PaymentProvider,
  payment: StartedPayment,
  input: StartPaymentInput,
): Promise<Intent> {
  const amount = payment.splits.reduce((sum, split) => sum + split.amount, 0)
  try {
    return await provider.createIntent({
      chargeId: payment.chargeId,
      orderId: payment.orderId,
      amount,
      currency: payment.currency,
      splits: payment.splits,
      returnUrl: input.returnUrl ?? parts.config.publicUrl,
      lookUpFirst: payment.lookUpFirst,
      reference: payment.reference ?? undefined,
      expiresInSeconds: Math.max(60, Math.floor((Date.parse(payment.expiresTime) - Date.now()) / 1000)),
    })
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.outcome !== 'refused') throw new ApiError('provider_unavailable', { cause: error })
    await inTransaction(parts, async (tx) => {
      const [charge] = await lockChargeAlone(tx, { id: payment.chargeId })
      if (charge?.state === 'pending') {
        await moveCharge(
          tx,
          { id: payment.chargeId, orderId: payment.orderId, state: charge.state },
          'cancelled',
          'payment-intent refused',
          {
            failureCode: error.code,
          },
        )
      }
    })
    throw new ApiError('payment_refused', {
      ...(error.publicMessage ? { message: error.publicMessage } : {}),
      cause: error,
    })
  }
}

/** Stores the provider's answer, unless the charge has another payment by now, and wakes events that arrived before it and could not be matched. */
const storeIntent = statement<{
  chargeId: string
  reference: string
  clientSecret: string | null
  checkoutUrl: string | null
}>({ chargeId: 'text', reference: 'text', clientSecret: 'text', checkoutUrl: 'text' })((db, $) =>
  db
    .with('attached', () => attachIntent($))
    .with('woken', (step) =>
      wakeTasks(
        step
          .selectFrom('inbox_events as e')
          .innerJoin('attached as a', (on) =>
            on.onRef('a.provider', '=', 'e.provider').onRef('a.provider_reference', '=', 'e.reference'),
          )
          .select('e.id as key')
          .where('e.handled_at', 'is', null),
      ),
    )
    .selectNoFrom((step) => step.exists(step.selectFrom('attached').select('provider')).as('attached')),
)
