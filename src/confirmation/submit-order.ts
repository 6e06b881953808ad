import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { checkPaidByCredit, dueOf, planCharge, readOrderToPay } from '../charges/plan-charge.ts'
import type { ChargeType } from '../checkouts/checkout.entity.ts'
import { statement } from '../database/statement.ts'
import { createOrder } from '../orders/create-order.ts'
import { keepSubmissionKey } from '../orders/drafts.ts'
import { ApiError } from '../platform/errors.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { sourceProvider } from '../providers/ask-provider.ts'
import { creditType, sourceTypes } from '../providers/source-types.ts'
import { checkSource } from '../sources/check-source.ts'
import { sourceRow } from '../sources/source-row.ts'
import { TaskBusy } from '../tasks/task-error.ts'
import { inTransaction, type Transaction } from '../tasks/transaction.ts'
import { type ConcludeParts, type Conclusion, concludeLater, concludeOrder, toRejection } from './conclude-order.ts'

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
  | Conclusion
  /** Nothing that could be charged is attached to the checkout. */
  | { outcome: 'no_source' }

const dayMs = 86_400_000

/**
 * Makes the order of a checkout that carries a source: fraud screen and authorization in one request. The order is stored
 * before the provider is called and shown only when the provider has answered; a process that dies in between leaves a task that
 * finishes it. The same checkout again, at the same time or later, never makes a second order or a second charge.
 * @throws ApiError `not_found`, `order_in_progress`, `provider_unavailable`, and what creating an order throws
 */
export async function submitOrder(parts: ConcludeParts, input: SubmitOrderInput): Promise<SubmitOutcome> {
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

async function beginOrder(tx: Transaction, parts: ConcludeParts, input: SubmitOrderInput): Promise<Begun> {
  const found = await lockCheckout(tx, input)
  if (!found) throw new ApiError('not_found', { parameter: 'checkoutId' })
  const { order } = found
  const credit = found.totalAmount > 0 ? found.credit : 0
  const due = found.totalAmount - credit
  // What costs nothing, or no more than a credit pays, is not charged, whatever is attached.
  const source = due > 0 ? found.source : null
  if (order) return continueOrder(order, input)
  if (found.customerEnabled === false) throw new ApiError('customer_disabled', { parameter: 'customerId' })
  if (!source && due > 0) return { outcome: 'no_source' }

  if (source) checkSource(source, { ...found, total: found.totalAmount, credit })
  const capabilities = source && source.type !== creditType ? sourceTypes[source.type] : null
  const made = await createOrder(tx, {
    viewer: { merchantId: input.merchantId },
    cartId: input.checkoutId,
    apiKeyId: input.apiKeyId,
    liveMode: input.liveMode,
    paymentWindowMinutes: capabilities?.delayed
      ? (parts.config.pushPaymentDays * dayMs) / 60_000
      : parts.config.paymentWindowMinutes,
    draft: source !== null,
  })
  if (input.idempotencyKey !== undefined) {
    await keepSubmissionKey(tx, { orderId: made.orderId, details: { submissionKey: hashOf(input.idempotencyKey) } })
  }
  if (!source && credit === 0) return { outcome: 'submitted', orderId: made.orderId }

  const toPay = await readOrderToPay(tx, made.orderId, { merchantId: input.merchantId })
  if (!toPay) throw new ApiError('payment_method_unavailable')
  if (!source) {
    checkPaidByCredit(parts.config, toPay)
    return { outcome: 'submitted', orderId: made.orderId }
  }
  const provider = sourceProvider(parts.providers)
  const { chargeId } = await planCharge(tx, parts.config, provider, toPay, {
    method: provider.method,
    amount: dueOf(toPay),
    returnUrl: input.returnUrl,
    sourceId: source.id,
    captureMethod: capabilities?.manualCapture ? 'manual' : 'automatic',
    type: found.chargeType ?? 'customer_initiated',
  })
  concludeLater(tx, parts.config, { orderId: made.orderId, chargeId })
  return { outcome: 'begun', orderId: made.orderId, chargeId }
}

const lockRow = statement<{ checkoutId: string }>()((db, $) =>
  db.selectFrom('checkouts').select('id').where('id', '=', $.checkoutId).forUpdate(),
)

const readCheckout = statement<{ checkoutId: string; merchantId: string }>()((db, $) =>
  db
    .selectFrom('checkouts as c')
    .select(['c.currency', 'c.total_amount as totalAmount', 'c.customer_id as customerId'])
    .select((c) => [
      sql<ChargeType | null>`${c.ref('c.details')} ->> 'chargeType'`.as('chargeType'),
      c
        .selectFrom('customers as u')
        .select('u.enabled')
        .whereRef('u.merchant_id', '=', 'c.merchant_id')
        .whereRef('u.id', '=', 'c.customer_id')
        .as('customerEnabled'),
      c.selectFrom('sources as s').select(sourceRow.as('row')).whereRef('s.id', '=', 'c.source_id').as('source'),
      sql<number>`coalesce((${c.selectFrom('sources as s').select('s.amount').whereRef('s.id', '=', 'c.credit_source_id')}), 0)`.as(
        'credit',
      ),
      c
        .selectFrom('orders as o')
        .select((o) =>
          jsonBuildObject({
            id: o.ref('o.id'),
            state: o.ref('o.state'),
            draft: o.ref('o.draft'),
            cancelReason: o.ref('o.cancel_reason'),
            submissionKey: sql<string | null>`${o.ref('o.details')} ->> 'submissionKey'`,
            chargeId: o
              .selectFrom('charges as h')
              .select('h.id')
              .whereRef('h.order_id', '=', 'o.id')
              .orderBy('h.created_at')
              .limit(1)
              .$asScalar(),
          }).as('row'),
        )
        .whereRef('o.checkout_id', '=', 'c.id')
        .as('order'),
    ])
    .where('c.id', '=', $.checkoutId)
    .where('c.merchant_id', '=', $.merchantId)
    .where('c.deleted_at', 'is', null),
)

type FoundOrder = NonNullable<Awaited<ReturnType<typeof readCheckout>>[number]['order']>

function continueOrder(order: FoundOrder, input: SubmitOrderInput): Begun {
  if (order.draft) {
    if (order.state === 'pending' && order.chargeId !== null)
      return { outcome: 'begun', orderId: order.id, chargeId: order.chargeId }
    return { outcome: 'rejected', because: toRejection(order.cancelReason) }
  }
  const again = input.idempotencyKey !== undefined && order.submissionKey === hashOf(input.idempotencyKey)
  return { outcome: again ? 'submitted' : 'consumed', orderId: order.id }
}

async function lockCheckout(tx: Transaction, { merchantId, checkoutId }: SubmitOrderInput) {
  await lockRow(tx, { checkoutId })
  const [found] = await readCheckout(tx, { checkoutId, merchantId })
  return found
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url')
