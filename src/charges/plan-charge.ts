import { type Expression, expressionBuilder, sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { ChargeType } from '../checkouts/checkout.entity.ts'
import { db, insertRows, jsonList, type NewRow, scalar, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { merchantAccount } from '../ledger/merchant-account.ts'
import { type Viewer, type ViewerValues, viewerTypes, viewerValues, visible } from '../merchants/viewer.ts'
import { isRestored } from '../operations/restored.ts'
import { lineTaxOf, lineTotalOf, shippingOfSellers } from '../orders/line-total.ts'
import { orderRow } from '../orders/order-row.ts'
import { shortLine } from '../orders/stock.ts'
import type { Config } from '../platform/config.ts'
import { ApiError } from '../platform/errors.ts'
import { derivedId } from '../platform/ids.ts'
import type { PaymentMethod } from '../providers/payment-methods.ts'
import type { PaymentProvider } from '../providers/providers.ts'
import { calculateSplits, type Rates, type SplitDraft } from '../splits/calculate-splits.ts'
import { insertSplits } from '../splits/insert-splits.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { destinations } from '../tax/places.ts'
import { taxAccount } from '../tax/tax-account.ts'
import type { TaxAddress } from '../tax/tax-calculator.ts'
import type { TimelineLine } from '../timeline/timeline-line.ts'

const o = expressionBuilder<{ o: Tables['orders'] }, 'o'>()

/** The merchant that owes the taxes of `orders as o`; null where none are owed, or by the platform. */
const taxOwner = sql<
  string | null
>`case when ${o('o.total_tax', '>', 0)} then ${o.ref('o.selling_entity')} ->> 'ownerId' end`

/** Who owes the taxes of `orders as o`, and where; null where none are owed. */
const taxedAt = o
  .case()
  .when('o.total_tax', '>', 0)
  .then(
    jsonBuildObject({
      ownerId: taxOwner,
      sellingEntityId: sql<string | null>`${o.ref('o.selling_entity')} ->> 'id'`,
      shipTo: sql<TaxAddress | null>`${o.ref('o.ship_to')} -> 'address'`,
      billTo: sql<TaxAddress | null>`${o.ref('o.bill_to')} -> 'address'`,
    }),
  )
  .end()

const itemsOf = (orderId: Expression<string>) =>
  scalar(
    db
      .selectFrom('order_items as i')
      .select((i) =>
        jsonList(
          jsonBuildObject({
            id: i.ref('i.id'),
            sellerId: i.ref('i.seller_id'),
            total: lineTotalOf,
            tax: lineTaxOf,
            credit: i.ref('i.credit_amount'),
            kind: i.ref('i.kind'),
            unitPrice: i.ref('i.unit_price'),
            quantity: i.ref('i.quantity'),
            commissionBps: i.ref('i.commission_bps'),
            affiliateBps: i.ref('i.affiliate_bps'),
          }),
          i.ref('i.position'),
        ).as('list'),
      )
      .where('i.order_id', '=', orderId),
  )

const sellersOf = (orderId: Expression<string>) =>
  scalar(
    db
      .selectFrom('merchants as m')
      .select((m) =>
        jsonList(
          jsonBuildObject({
            id: m.ref('m.id'),
            commissionBps: m.ref('m.commission_bps'),
            commissionFixed: m.ref('m.commission_fixed'),
            destination: m.ref('m.stripe_account_id'),
          }),
        ).as('list'),
      )
      .where((m) =>
        m.or([
          m('m.id', 'in', db.selectFrom('order_items as i').select('i.seller_id').where('i.order_id', '=', orderId)),
          m('m.id', '=', taxOwner),
        ]),
      ),
  )

const splitsOfCharge = (chargeId: Expression<string>) =>
  scalar(
    db
      .selectFrom('splits as s')
      .select((s) =>
        jsonList(
          jsonBuildObject({
            id: s.ref('s.id'),
            kind: s.ref('s.kind'),
            recipient: s.ref('s.recipient'),
            amount: s.ref('s.amount'),
          }),
          s.ref('s.position'),
        ).as('list'),
      )
      .where('s.charge_id', '=', chargeId),
  )

const chargesOf = (orderId: Expression<string>) =>
  scalar(
    db
      .selectFrom('charges as c')
      .select((c) =>
        jsonList(
          jsonBuildObject({
            id: c.ref('c.id'),
            method: c.ref('c.method'),
            provider: c.ref('c.provider'),
            state: c.ref('c.state'),
            providerReference: c.ref('c.provider_reference'),
            clientSecret: c.ref('c.client_secret'),
            checkoutUrl: c.ref('c.checkout_url'),
            returnUrl: c.ref('c.return_url'),
            failureCode: c.ref('c.failure_code'),
            createdAt: c.ref('c.created_at'),
            splits: splitsOfCharge(c.ref('c.id')),
          }),
          c.ref('c.created_at'),
        ).as('list'),
      )
      .where('c.order_id', '=', orderId),
  )

const readToPay = statement<{ orderId: string } & ViewerValues>({ orderId: 'text', ...viewerTypes })((db, $) =>
  db
    .selectFrom('orders as o')
    .select(orderRow)
    .select((o) => [
      'o.expires_at as expiresAt',
      'o.attribution',
      'o.shipping_choice as shippingChoice',
      taxedAt.as('taxedAt'),
      itemsOf(o.ref('o.id')).as('items'),
      sellersOf(o.ref('o.id')).as('sellers'),
      chargesOf(o.ref('o.id')).as('charges'),
      // The database was restored to a moment before the order: its payments may exist without a trace of them here.
      isRestored(o.ref('o.id')).as('restored'),
      shortLine.as('shortLine'),
    ])
    .where('o.id', '=', $.orderId)
    .where((o) => visible(o.ref('o.merchant_id'), o.ref('o.api_key_id'), $))
    .forUpdate('o'),
)

export type OrderToPay = Awaited<ReturnType<typeof readToPay>>[number]
export type LiveCharge = NonNullable<OrderToPay['charges']>[number]

/**
 * The order under its row lock with everything the distribution needs, in one statement. One that waited for the lock does not see
 * the charge made meanwhile; the index that allows one live charge an order catches that.
 */
export async function readOrderToPay(
  tx: Transaction,
  orderId: string,
  visibleTo: Viewer,
): Promise<OrderToPay | undefined> {
  const [order] = await readToPay(tx, { orderId, ...viewerValues(visibleTo) })
  return order
}

/** Who gets the tax of each kind of goods: the authority's account, or the merchant that sells in its own name. */
function taxRecipients({ taxedAt, sellers, merchantId }: OrderToPay) {
  if (!taxedAt) return undefined
  const { ownerId, sellingEntityId } = taxedAt
  const places = destinations(taxedAt)
  const owing = sellingEntityId === null ? merchantId : ownerId
  const destination = sellers.find(({ id }) => id === owing)?.destination ?? null
  return (physical: boolean) => {
    const place = physical ? places.goods : places.digital
    if (owing !== null || sellingEntityId === null || !place)
      return { recipient: merchantAccount(owing ?? merchantId), destination }
    return { recipient: taxAccount(sellingEntityId, place), destination: null }
  }
}

type Terms = Pick<PaymentProvider, 'settlement' | 'expectedFee'>

function planSplits(order: OrderToPay, provider: Terms, config: Config, amount: number) {
  const parts = order.shippingChoice?.parts ?? []
  const fulfilmentCost = new Map<string, number>()
  for (const { sellerId, cost } of parts) fulfilmentCost.set(sellerId, (fulfilmentCost.get(sellerId) ?? 0) + cost)
  const { affiliateId, referrerId, referrerBps } = order.attribution ?? {}
  const live = provider.settlement === 'live'
  const taxRecipient = taxRecipients(order)
  const rates: Rates = { ...config.rates, providerFee: provider.expectedFee }
  const plan = calculateSplits({
    amount,
    items: order.items.map(({ tax, kind, ...item }) => {
      const to = tax > 0 ? taxRecipient?.(kind !== 'digital') : undefined
      return to ? { ...item, tax: { ...to, destination: live ? to.destination : null, amount: tax } } : item
    }),
    shipping: shippingOfSellers(order),
    fulfilmentCost,
    sellers: new Map(
      order.sellers.map((seller) => [seller.id, { ...seller, destination: live ? seller.destination : null }]),
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

/** What of an order is asked of a provider: all that its buyer's credit does not pay. Minor units. */
export const dueOf = (order: Pick<OrderToPay, 'totalAmount' | 'creditAmount'>): number =>
  order.totalAmount - order.creditAmount

/**
 * Refuses an order that a credit pays alone while anybody else than its merchant is to have a share of it: there is no money to take that
 * from. @throws ApiError `merchant_share_negative`
 */
export function checkPaidByCredit(config: Config, order: OrderToPay): void {
  planSplits(order, { settlement: 'off_platform', expectedFee: { bps: 0, fixed: 0 } }, config, 0)
}

const storePlan = statement<{
  charge: NewRow<'charges'>
  splits: readonly NewRow<'splits'>[]
}>({ charge: 'jsonb', splits: 'jsonb' })((db, $) =>
  db
    .with('planned', () => insertRows('charges', $.charge))
    .with('shared', () => insertSplits($.splits))
    .selectNoFrom(sql.lit(1).as('stored')),
)

const firstCheckMs = 600_000

const planned = (orderId: string, chargeId: string, method: string, splits: number): TimelineLine => ({
  orderId,
  kind: 'note',
  subject: 'charge',
  subjectId: chargeId,
  to: 'pending',
  cause: 'payment-intent',
  detail: { method, splits },
})

/** How a charge is to be made of an order. `amount` in minor units. */
export type ChargePlan = {
  /** Of a charge that was made before the database was restored to a moment without it. */
  id?: string
  method: PaymentMethod
  amount: number
  returnUrl: string | undefined
  sourceId?: string | undefined
  captureMethod?: 'automatic' | 'manual'
  type?: ChargeType | undefined
}

/**
 * Stores a charge with its planned shares before the provider is asked, The charge's id is the
 * provider's idempotency key: the order's first, second, third payment of its method always bears the same. @throws ApiError `merchant_share_negative`
 */
export async function planCharge(
  tx: Transaction,
  config: Config,
  provider: PaymentProvider,
  order: OrderToPay,
  plan: ChargePlan,
): Promise<{ chargeId: string; splits: (SplitDraft & { id: string })[] }> {
  const earlier = order.charges.filter(({ method }) => method === plan.method).length
  const chargeId = plan.id ?? derivedId('charge', order.id, plan.method, earlier + 1)
  const splits = planSplits(order, provider, config, plan.amount).map((split, position) => ({
    id: derivedId('split', chargeId, position),
    ...split,
  }))
  const at = new Date()
  await storePlan(tx, {
    charge: {
      id: chargeId,
      order_id: order.id,
      method: plan.method,
      provider: provider.name,
      currency: order.currency,
      amount: plan.amount,
      state: 'pending',
      state_transitions: { pending: at.toISOString() },
      return_url: plan.returnUrl ?? null,
      next_check_at: new Date(at.getTime() + firstCheckMs),
      source_id: plan.sourceId ?? null,
      capture_method: plan.captureMethod ?? 'automatic',
      type: plan.type ?? 'customer_initiated',
    },
    splits: splits.map(({ id, kind, recipient, destination, sellerId, lines, amount }, position) => ({
      id,
      charge_id: chargeId,
      order_id: order.id,
      position,
      kind,
      recipient,
      destination,
      seller_id: sellerId,
      lines,
      amount,
      currency: order.currency,
    })),
  })
  // A draft is told of by whoever shows it.
  if (!order.draft) tx.note(planned(order.id, chargeId, plan.method, splits.length))
  return { chargeId, splits }
}
