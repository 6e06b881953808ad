import type { Attribution, ShippingChoice } from '../checkouts/checkout.entity.ts'
import { calculateSplits, type DistributionItem, type Rates } from '../distribution/calculate-splits.ts'
import { isPayable } from '../orders/order.state-machine.ts'
import { type OrderRow, orderRowColumns } from '../orders/order-row.ts'
import type { Config } from '../platform/config.ts'
import { type Sql, violatedConstraint } from '../platform/database.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../platform/transaction.ts'
import { cancelCharge } from './cancel-charge.ts'
import type { PaymentMethod } from './charge.entity.ts'
import { type ChargeState, isLive } from './charge.state-machine.ts'
import { moveCharge } from './move-charge.ts'
import type { Intent, PaymentProvider, PlannedSplit } from './provider.ts'
import { type PaymentProviders, providerOfMethod } from './providers.ts'

export type StartPaymentInput = {
  orderId: string
  method: PaymentMethod
  returnUrl: string | undefined
  /** Sees only its own orders (I11). */
  visibleTo: { merchantId: string; apiKeyId?: string | undefined }
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
}

type Parts = UnitOfWork & { providers: PaymentProviders; config: Config }

/**
 * Asks a provider to collect an order's total (R13–R22). Charge and splits are committed before the provider is called,
 * under the charge's id as idempotency key: whatever crashes, calling again continues the same payment.
 * A live payment of the same method is returned again; another live one is cancelled first.
 * @throws ApiError `not_found`, `order_not_payable`, `payment_method_unavailable`, `merchant_share_negative`,
 * `payment_refused`, `provider_unavailable`
 */
export async function startPayment(parts: Parts, input: StartPaymentInput): Promise<StartedPayment> {
  const name = providerOfMethod[input.method]
  const provider = name ? parts.providers.get(name) : undefined
  if (!provider) throw new ApiError('payment_method_unavailable', { parameter: 'paymentMethod' })

  for (;;) {
    const plan = await inTransaction(parts, (tx) => planPayment(tx, parts.config, provider, input)).catch(
      (error: unknown) => {
        if (violatedConstraint(error) === 'charges_live') return { outcome: 'raced' as const }
        throw error
      },
    )
    switch (plan.outcome) {
      case 'raced':
        continue
      case 'live':
        return plan.payment
      case 'other_live':
        // Its provider decides whether it can still be given up; if it was paid meanwhile, the order no longer is payable.
        await cancelCharge(parts, { orderId: input.orderId, chargeId: plan.chargeId })
        continue
      case 'planned': {
        const intent = await askProvider(parts, provider, plan.payment, input)
        await attachIntent(parts.database.sql, plan.payment, intent)
        return { ...plan.payment, clientSecret: intent.clientSecret ?? null, checkoutUrl: intent.checkoutUrl ?? null }
      }
    }
  }
}

type OrderToPay = OrderRow & {
  expiresAt: string | null
  attribution: Attribution | null
  shippingChoice: ShippingChoice | null
  items: DistributionItem[]
  sellers: { id: string; commissionBps: number | null; commissionFixed: number | null; destination: string | null }[]
  charges: LiveCharge[]
}

type LiveCharge = {
  id: string
  method: string
  provider: string
  state: ChargeState
  providerReference: string | null
  clientSecret: string | null
  checkoutUrl: string | null
  returnUrl: string | null
  createdAt: string
  splits: PlannedSplit[]
}

async function planPayment(tx: Transaction, config: Config, provider: PaymentProvider, input: StartPaymentInput) {
  const order = await readOrderToPay(tx, input)
  if (!order) throw new ApiError('not_found', { parameter: 'orderId' })
  if (!isPayable(order.state) || order.totalAmount === 0) throw new ApiError('order_not_payable')
  if (provider.currencies?.includes(order.currency) === false) {
    throw new ApiError('payment_method_unavailable', {
      message: `${input.method} takes ${provider.currencies.join(', ')} only.`,
      parameter: 'paymentMethod',
    })
  }

  const expiresTime = new Date(order.expiresAt ?? Date.now()).toISOString()
  const describe = (
    charge: Pick<LiveCharge, 'id' | 'provider' | 'clientSecret' | 'checkoutUrl' | 'splits'>,
  ): StartedPayment => ({
    orderId: order.id,
    chargeId: charge.id,
    provider: charge.provider,
    clientSecret: charge.clientSecret,
    checkoutUrl: charge.checkoutUrl,
    expiresTime,
    currency: order.currency,
    splits: charge.splits,
  })
  const live = order.charges.filter((charge) => isLive(charge.state))
  const other = live.find((charge) => charge.method !== input.method)
  if (other) return { outcome: 'other_live' as const, chargeId: other.id }
  const same = live.find((charge) => charge.method === input.method)
  // A reference alone is not enough: a webhook may have brought it while the provider's answer with the secret was lost.
  if (same?.clientSecret || same?.checkoutUrl) return { outcome: 'live' as const, payment: describe(same) }
  if (same && Date.now() - Date.parse(same.createdAt) < retireAfterMs(config))
    return { outcome: 'planned' as const, payment: describe(same) }
  if (same) await retireCharge(tx, order.id, same)

  const splits = planSplits(order, provider, config)
  const chargeId = newId('charge')
  await tx.sql(
    `with planned as (
      insert into charges (id, order_id, method, provider, currency, amount, state, state_transitions, return_url, next_check_at)
      values ($1, $2, $3, $4, $5, $6, 'pending', jsonb_build_object('pending', $9::text), $7, now() + interval '10 minutes')
    ), noted as (
      insert into order_timeline (order_id, kind, subject, subject_id, to_state, cause, detail)
      values ($2, 'note', 'charge', $1, 'pending', 'payment-intent', jsonb_build_object('method', $3::text, 'splits', jsonb_array_length($8::jsonb)))
    )
    insert into splits (id, charge_id, order_id, position, kind, recipient, destination, amount, currency)
    select id, $1, $2, position, kind, recipient, destination, amount, $5
    from jsonb_to_recordset($8::jsonb) as s(id text, position int, kind text, recipient text, destination text, amount bigint)`,
    [
      chargeId,
      order.id,
      input.method,
      provider.name,
      order.currency,
      order.totalAmount,
      input.returnUrl ?? null,
      JSON.stringify(splits.map((split, position) => ({ ...split, position }))),
      new Date().toISOString(),
    ],
  )
  return {
    outcome: 'planned' as const,
    payment: describe({ id: chargeId, provider: provider.name, clientSecret: null, checkoutUrl: null, splits }),
  }
}

/**
 * A provider that answers a request with an error keeps that answer for its key. Once no earlier call can still be running, two of them
 * one after the other, the payment is asked for under a new key.
 */
const retireAfterMs = (config: Config): number => config.providerTimeoutMs * 2.5

/** Gives up a charge whose secret nobody was ever given, so that nobody can pay it. */
async function retireCharge(
  tx: Transaction,
  orderId: string,
  { id, state, providerReference }: LiveCharge,
): Promise<void> {
  if (providerReference !== null) {
    tx.enqueue({ job: 'cancel-charge', payload: { orderId, chargeId: id }, dedupeKey: `${id}-cancel-1` })
  }
  await moveCharge(tx, { id, orderId, state }, 'cancelled', 'payment-intent never answered', {
    failureCode: 'superseded',
  })
}

/**
 * The order under its row lock with everything the distribution needs, in one statement. One that waited for the lock does not see
 * the charge made meanwhile; the index that allows one live charge an order catches that.
 */
async function readOrderToPay(tx: Transaction, { orderId, visibleTo }: StartPaymentInput) {
  const [order] = await tx.sql<OrderToPay>(
    `select ${orderRowColumns('o')}, o.expires_at as "expiresAt", o.attribution, o.shipping_choice as "shippingChoice",
      (select coalesce(json_agg(json_build_object('sellerId', i.seller_id, 'unitPrice', i.unit_price, 'quantity', i.quantity,
          'commissionBps', i.commission_bps, 'affiliateBps', i.affiliate_bps) order by i.position), '[]')
        from order_items i where i.order_id = o.id) as items,
      (select coalesce(json_agg(json_build_object('id', m.id, 'commissionBps', m.commission_bps, 'commissionFixed', m.commission_fixed,
          'destination', m.stripe_account_id)), '[]')
        from merchants m where m.id in (select seller_id from order_items i where i.order_id = o.id)) as sellers,
      (select coalesce(json_agg(json_build_object('id', c.id, 'method', c.method, 'provider', c.provider, 'state', c.state,
          'providerReference', c.provider_reference, 'clientSecret', c.client_secret, 'checkoutUrl', c.checkout_url,
          'returnUrl', c.return_url, 'createdAt', c.created_at, 'splits', (select json_agg(json_build_object('id', s.id, 'kind', s.kind, 'recipient', s.recipient,
            'amount', s.amount) order by s.position) from splits s where s.charge_id = c.id)) order by c.created_at), '[]')
        from charges c where c.order_id = o.id) as charges
    from orders o
    where o.id = $1 and o.merchant_id = $2 and ($3::text is null or o.api_key_id = $3) for update of o`,
    [orderId, visibleTo.merchantId, visibleTo.apiKeyId ?? null],
  )
  return order
}

function planSplits(order: OrderToPay, provider: PaymentProvider, config: Config) {
  const parts = order.shippingChoice?.parts ?? []
  const perSeller = (amount: (part: (typeof parts)[number]) => number) => {
    const sums = new Map<string, number>()
    for (const part of parts) sums.set(part.sellerId, (sums.get(part.sellerId) ?? 0) + amount(part))
    return sums
  }
  const { affiliateId, referrerId, referrerBps } = order.attribution ?? {}
  const rates: Rates = { ...config.rates, providerFee: config.rates.providerFees[provider.name] }
  const plan = calculateSplits({
    provider: provider.name,
    amount: order.totalAmount,
    items: order.items,
    shipping: perSeller((part) => part.amount),
    fulfilmentCost: perSeller((part) => part.cost),
    sellers: new Map(
      order.sellers.map((seller) => [
        seller.id,
        { ...seller, destination: provider.settlement === 'live' ? seller.destination : null },
      ]),
    ),
    rates,
    affiliateId,
    referrer: referrerId ? { id: referrerId, bps: referrerBps ?? config.rates.referrerBps } : undefined,
  })
  if (plan.outcome === 'merchant_share_negative') {
    throw new ApiError('merchant_share_negative', {
      message: `The fees and costs of this order exceed what merchant ${plan.sellerId} is paid.`,
    })
  }
  return plan.splits.map((split) => ({ id: newId('split'), ...split }))
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
      expiresInSeconds: Math.max(60, Math.floor((Date.parse(payment.expiresTime) - Date.now()) / 1000)),
    })
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.outcome !== 'refused') throw new ApiError('provider_unavailable', { cause: error })
    await inTransaction(parts, async (tx) => {
      const [charge] = await tx.sql<{ state: ChargeState }>('select state from charges where id = $1 for update', [
        payment.chargeId,
      ])
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

/** Stores the provider's answer, and wakes events that arrived before it and could not be matched (W5). */
async function attachIntent(sql: Sql, payment: StartedPayment, intent: Intent): Promise<void> {
  await sql(
    `with attached as (
      update charges set provider_reference = $2, client_secret = $3, checkout_url = $4, updated_at = now()
      where id = $1 and (provider_reference is null or provider_reference = $2) returning provider
    )
    update tasks set run_at = now(), enqueued_at = null, attempts = 0, state = 'pending'
    from inbox_events e, attached a
    where e.provider = a.provider and e.reference = $2 and e.handled_at is null
      and tasks.dedupe_key = e.id and tasks.state <> 'done'`,
    [payment.chargeId, intent.reference, intent.clientSecret ?? null, intent.checkoutUrl ?? null],
  )
}
