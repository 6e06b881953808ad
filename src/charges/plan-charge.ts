import type { Attribution, ChargeType, ShippingChoice } from '../checkouts/checkout.entity.ts'
import { type Viewer, viewerParams, visibleSql } from '../merchants/viewer.ts'
import { isRestoredSql } from '../operations/restored.ts'
import { lineTotalSql, shippingOfSellers } from '../orders/line-total.ts'
import { type OrderRow, orderRowColumns } from '../orders/order-row.ts'
import type { Config } from '../platform/config.ts'
import { ApiError } from '../platform/errors.ts'
import { derivedId } from '../platform/ids.ts'
import type { ChargeState } from '../providers/charge-states.ts'
import type { PaymentProvider, PlannedSplit } from '../providers/provider.ts'
import { calculateSplits, type DistributionItem, type Rates } from '../splits/calculate-splits.ts'
import type { Transaction } from '../tasks/transaction.ts'

export type OrderToPay = OrderRow & {
  expiresAt: string | null
  attribution: Attribution | null
  shippingChoice: ShippingChoice | null
  items: DistributionItem[]
  sellers: { id: string; commissionBps: number | null; commissionFixed: number | null; destination: string | null }[]
  charges: LiveCharge[]
  /** The database was restored to a moment before the order: its payments may exist without a trace of them here. */
  restored: boolean
}

export type LiveCharge = {
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

/**
 * The order under its row lock with everything the distribution needs, in one statement. One that waited for the lock does not see
 * the charge made meanwhile; the index that allows one live charge an order catches that.
 */
export async function readOrderToPay(
  tx: Transaction,
  orderId: string,
  visibleTo: Viewer,
): Promise<OrderToPay | undefined> {
  const [order] = await tx.sql<OrderToPay>(
    `select ${orderRowColumns('o')}, o.expires_at as "expiresAt", o.attribution, o.shipping_choice as "shippingChoice",
      (select coalesce(json_agg(json_build_object('id', i.id, 'sellerId', i.seller_id, 'total', ${lineTotalSql('i')}, 'unitPrice', i.unit_price, 'quantity', i.quantity,
          'commissionBps', i.commission_bps, 'affiliateBps', i.affiliate_bps) order by i.position), '[]')
        from order_items i where i.order_id = o.id) as items,
      (select coalesce(json_agg(json_build_object('id', m.id, 'commissionBps', m.commission_bps, 'commissionFixed', m.commission_fixed,
          'destination', m.stripe_account_id)), '[]')
        from merchants m where m.id in (select seller_id from order_items i where i.order_id = o.id)) as sellers,
      (select coalesce(json_agg(json_build_object('id', c.id, 'method', c.method, 'provider', c.provider, 'state', c.state,
          'providerReference', c.provider_reference, 'clientSecret', c.client_secret, 'checkoutUrl', c.checkout_url,
          'returnUrl', c.return_url, 'createdAt', c.created_at, 'splits', (select json_agg(json_build_object('id', s.id, 'kind', s.kind, 'recipient', s.recipient,
            'amount', s.amount) order by s.position) from splits s where s.charge_id = c.id)) order by c.created_at), '[]')
        from charges c where c.order_id = o.id) as charges,
      ${isRestoredSql('o.id')} as restored
    from orders o
    where o.id = $1 and ${visibleSql('o', '$2', '$3')} for update of o`,
    [orderId, ...viewerParams(visibleTo)],
  )
  return order
}

function planSplits(order: OrderToPay, provider: PaymentProvider, config: Config, amount: number) {
  const parts = order.shippingChoice?.parts ?? []
  const fulfilmentCost = new Map<string, number>()
  for (const { sellerId, cost } of parts) fulfilmentCost.set(sellerId, (fulfilmentCost.get(sellerId) ?? 0) + cost)
  const { affiliateId, referrerId, referrerBps } = order.attribution ?? {}
  const rates: Rates = { ...config.rates, providerFee: config.rates.providerFees[provider.name] }
  const plan = calculateSplits({
    provider: provider.name,
    amount,
    items: order.items,
    shipping: shippingOfSellers(order),
    fulfilmentCost,
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
  return plan.splits
}

/** How a charge is to be made of an order. `amount` in minor units. */
export type ChargePlan = {
  /** Of a charge that was made before the database was restored to a moment without it. */
  id?: string
  method: string
  amount: number
  returnUrl: string | undefined
  sourceId?: string | undefined
  captureMethod?: 'automatic' | 'manual'
  type?: ChargeType | undefined
}

/**
 * Stores a charge with its planned shares before the provider is asked (R16, R29), in one statement. The charge's id is the
 * provider's idempotency key: the order's first, second, third payment of its method always bears the same. @throws ApiError `merchant_share_negative`
 */
export async function planCharge(
  tx: Transaction,
  config: Config,
  provider: PaymentProvider,
  order: OrderToPay,
  plan: ChargePlan,
): Promise<{ chargeId: string; splits: (PlannedSplit & { destination: string | null })[] }> {
  const earlier = order.charges.filter(({ method }) => method === plan.method).length
  const chargeId = plan.id ?? derivedId('charge', order.id, plan.method, earlier + 1)
  const splits = planSplits(order, provider, config, plan.amount).map((split, position) => ({
    id: derivedId('split', chargeId, position),
    ...split,
  }))
  await tx.sql(
    `with planned as (
      insert into charges (id, order_id, method, provider, currency, amount, state, state_transitions, return_url, next_check_at,
        source_id, capture_method, type)
      values ($1, $2, $3, $4, $5, $6, 'pending', jsonb_build_object('pending', $9::text), $7, now() + interval '10 minutes',
        $10, $11, $12)
    ), noted as (
      insert into order_timeline (order_id, kind, subject, subject_id, to_state, cause, detail)
      select $2, 'note', 'charge', $1, 'pending', 'payment-intent', jsonb_build_object('method', $3::text, 'splits', jsonb_array_length($8::jsonb))
      where not $13::boolean
    )
    insert into splits (id, charge_id, order_id, position, kind, recipient, destination, seller_id, lines, amount, currency)
    select id, $1, $2, position, kind, recipient, destination, "sellerId", lines, amount, $5
    from jsonb_to_recordset($8::jsonb) as s(id text, position int, kind text, recipient text, destination text, "sellerId" text, lines jsonb,
      amount bigint)`,
    [
      chargeId,
      order.id,
      plan.method,
      provider.name,
      order.currency,
      plan.amount,
      plan.returnUrl ?? null,
      JSON.stringify(splits.map((split, position) => ({ ...split, position }))),
      new Date().toISOString(),
      plan.sourceId ?? null,
      plan.captureMethod ?? 'automatic',
      plan.type ?? 'customer_initiated',
      order.draft,
    ],
  )
  return { chargeId, splits }
}
