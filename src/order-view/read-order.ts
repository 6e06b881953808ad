import { type Expression, expressionBuilder, sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { taxIdentifierRow } from '../customers/tax-identifier-row.ts'
import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { type Page, readPage } from '../database/page.ts'
import { db, jsonList, scalar, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { type Viewer, type ViewerValues, viewerValues, visible } from '../merchants/viewer.ts'
import {
  byIndex,
  foundOrders,
  inStates,
  isFound,
  type OrderCondition,
  ofBuyer,
  ofEmail,
  ofSku,
  ofTag,
} from '../orders/find-orders.ts'
import { deliveryState } from '../orders/held-by-dispute.ts'
import type { FraudState, OrderState } from '../orders/order.state-machine.ts'
import { sourceRow } from '../sources/source-row.ts'

const taxIdentifiersOf = (o: { identifiers: Expression<unknown> }) =>
  scalar(
    db
      .selectFrom(sql<{ entry: { id: string } }>`jsonb_array_elements(${o.identifiers})`.as<'a'>(sql`a(entry)`))
      .innerJoin('tax_identifiers as t', (on) => on.on((a) => sql<boolean>`${a.ref('t.id')} = a.entry ->> 'id'`))
      .select(jsonList(taxIdentifierRow).as('list')),
  )

const itemsOf = (orderId: Expression<string>) =>
  scalar(
    orderOfItems
      .selectFrom('order_items as i')
      .leftJoin('deliveries as d', 'd.order_item_id', 'i.id')
      .select((i) => {
        const content = jsonBuildObject({
          contentType: i.ref('d.content_type').$notNull(),
          content: i.ref('d.content').$notNull(),
        })
        const delivered = sql<boolean>`${i.ref('d.id')} is not null and ${deliveryState(i.ref('d.state'))} = 'delivered'`
        return jsonList(
          jsonBuildObject({
            id: i.ref('i.id'),
            skuId: i.ref('i.sku_id'),
            sellerId: i.ref('i.seller_id'),
            kind: i.ref('i.kind'),
            product: i.ref('i.product'),
            quantity: i.ref('i.quantity'),
            unitPrice: i.ref('i.unit_price'),
            amount: i.ref('i.amount'),
            taxRate: i.ref('i.tax_rate'),
            taxAmount: i.ref('i.tax_amount'),
            shippingAmount: i.ref('i.shipping_amount'),
            shippingTaxAmount: i.ref('i.shipping_tax_amount'),
            dutyAmount: i.ref('i.duty_amount'),
            feeAmount: i.ref('i.fee_amount'),
            feeTaxAmount: i.ref('i.fee_tax_amount'),
            refundedAmount: i.ref('i.refunded_amount'),
            creditAmount: i.ref('i.credit_amount'),
            creditRefundedAmount: i.ref('i.credit_refunded_amount'),
            discount: i.ref('i.discount'),
            subscription: i.ref('i.subscription'),
            shipFrom: i.ref('i.ship_from'),
            metadata: i.ref('i.metadata'),
            state: i.ref('i.state'),
            stateTransitions: i.ref('i.state_transitions'),
            fulfilledQuantity: i.ref('i.fulfilled_quantity'),
            cancelledQuantity: i.ref('i.cancelled_quantity'),
            returnedQuantity: i.ref('i.returned_quantity'),
            delivery: i.case().when(delivered).then(content).end(),
          }),
          i.ref('i.position'),
        ).as('list')
      })
      .where('i.order_id', '=', orderId),
  )

// A delivery's state depends on its order, which the view's statement reads.
const orderOfItems = expressionBuilder<Tables & { o: Tables['orders'] }, 'o'>()

const entriesOf = (chargeId: Expression<string>) =>
  scalar(
    db
      .selectFrom('charge_entries as e')
      .select((e) =>
        jsonList(
          jsonBuildObject({
            id: e.ref('e.id'),
            kind: e.ref('e.kind'),
            amount: e.ref('e.amount'),
            state: e.ref('e.state'),
            orderItemId: e.ref('e.order_item_id'),
            fulfillmentId: e.ref('e.fulfillment_id'),
            refundId: e.ref('e.refund_id'),
            claimUrl: e.ref('e.claim_url'),
            failureCode: e.ref('e.failure_code'),
            failureMessage: e.ref('e.failure_message'),
            createdAt: e.ref('e.created_at'),
            updatedAt: e.ref('e.updated_at'),
          }),
          sql`${e.ref('e.created_at')}, ${e.ref('e.id')}`,
        ).as('list'),
      )
      .where('e.charge_id', '=', chargeId),
  )

const chargesOf = (orderId: Expression<string>) =>
  scalar(
    db
      .selectFrom('charges as c')
      .select((c) =>
        jsonList(
          jsonBuildObject({
            id: c.ref('c.id'),
            createdAt: c.ref('c.created_at'),
            method: c.ref('c.method'),
            provider: c.ref('c.provider'),
            providerReference: c.ref('c.provider_reference'),
            currency: c.ref('c.currency'),
            amount: c.ref('c.amount'),
            state: c.ref('c.state'),
            capturedAmount: c.ref('c.captured_amount'),
            cancelledAmount: c.ref('c.cancelled_amount'),
            refundedAmount: c.ref('c.refunded_amount'),
            failureCode: c.ref('c.failure_code'),
            failureMessage: c.ref('c.failure_message'),
            type: c.ref('c.type'),
            sourceId: c.ref('c.source_id'),
            captureMethod: c.ref('c.capture_method'),
            clientSecret: c.ref('c.client_secret'),
            nextAction: c.ref('c.next_action'),
            entries: entriesOf(c.ref('c.id')),
          }),
          c.ref('c.created_at'),
        ).as('list'),
      )
      .where('c.order_id', '=', orderId),
  )

/** What pays an order: what was charged, and last the credit beside it. */
const sourcesOf = (o: { id: Expression<string>; creditSourceId: Expression<string | null> }) =>
  scalar(
    db
      .selectFrom('sources as s')
      .select((s) => jsonList(sourceRow, s('s.provider', 'is', null)).as('list'))
      .where('s.id', 'in', (s) =>
        s
          .selectFrom('charges as c')
          .select('c.source_id')
          .where('c.order_id', '=', o.id)
          .unionAll(db.selectNoFrom(sql<string | null>`${o.creditSourceId}`.as('source_id'))),
      ),
  )

/** Parcels and print jobs of an order, the oldest first. */
export const shipmentsOf = (orderId: Expression<string>) =>
  scalar(
    db
      .selectFrom('shipments as s')
      .select((s) =>
        jsonList(
          jsonBuildObject({
            id: s.ref('s.id'),
            path: s.ref('s.path'),
            state: s.ref('s.state'),
            carrier: s.ref('s.carrier'),
            service: s.ref('s.service'),
            trackingNumber: s.ref('s.tracking_number'),
            trackingUrl: s.ref('s.tracking_url'),
            labelUrl: s.ref('s.label_url'),
            itemIds: s.ref('s.item_ids'),
          }),
          s.ref('s.created_at'),
        ).as('list'),
      )
      .where('s.order_id', '=', orderId),
  )

/** What went back, or is about to, of shipping that stands beside the lines. */
const shippingRefundsOf = (orderId: Expression<string>) =>
  scalar(
    db
      .selectFrom('refunds as r')
      .innerJoinLateral(
        (r) => r.fn<{ part: unknown }>('jsonb_array_elements', ['r.shipping']).as<'s'>(sql`s(part)`),
        (on) => on.onTrue(),
      )
      .select((r) => {
        const asked = sql<number>`(s.part ->> 'amount')::bigint`
        return jsonList(
          jsonBuildObject({
            sellerId: sql<string>`s.part ->> 'sellerId'`,
            amount: r
              .case()
              .when('r.state', '<>', 'failed')
              .then(asked)
              .else(sql<number>`${asked} * ${r.ref('r.refunded_amount')} / ${r.ref('r.amount')}`)
              .end(),
          }),
        ).as('list')
      })
      .where('r.order_id', '=', orderId),
  )

/** What has gone back to the credit that pays a part of an order. */
const creditReturnedOf = (orderId: Expression<string>) =>
  scalar(
    db
      .selectFrom('refunds as r')
      .select((r) => r.fn.coalesce(r.fn.sum<number>('r.credit_amount'), r.lit(0)).as('amount'))
      .where('r.order_id', '=', orderId)
      .where('r.state', '=', 'succeeded'),
  )

/** Invoices and credit memos whose file is there. */
export const documentsOf = (orderId: Expression<string>) =>
  scalar(
    db
      .selectFrom('order_documents as d')
      .innerJoin('files as f', 'f.id', 'd.file_id')
      .select((d) =>
        jsonList(
          jsonBuildObject({ kind: d.ref('d.kind'), number: d.ref('d.number'), fileId: d.ref('d.file_id') }),
          d.ref('d.id'),
        ).as('list'),
      )
      .where('f.state', '=', 'stored')
      .where('d.order_id', '=', orderId),
  )

const selectView = () =>
  db
    .selectFrom('orders as o')
    .select([
      'o.id',
      'o.checkout_id as checkoutId',
      'o.created_at as createdAt',
      'o.updated_at as updatedAt',
      'o.expires_at as expiresAt',
      'o.upstream_id as upstreamId',
      'o.customer_id as customerId',
      'o.email',
      'o.currency',
      'o.locale',
      'o.state',
      'o.state_transitions as stateTransitions',
      'o.fraud_state as fraudState',
      'o.fraud_state_transitions as fraudStateTransitions',
      'o.dispute_state as disputeState',
      'o.subtotal',
      'o.total_tax as totalTax',
      'o.total_duty as totalDuty',
      'o.total_fees as totalFees',
      'o.total_discount as totalDiscount',
      'o.total_shipping as totalShipping',
      'o.total_amount as totalAmount',
      'o.credit_source_id as creditSourceId',
      'o.credit_amount as creditAmount',
      'o.ship_to as shipTo',
      'o.bill_to as billTo',
      'o.shipping_choice as shippingChoice',
      'o.attribution',
      'o.attention',
      'o.cancel_reason as cancelReason',
      'o.request_to_be_forgotten as requestToBeForgotten',
      'o.metadata',
      'o.live_mode as liveMode',
      'o.fulfilled_by as fulfilledBy',
      'o.details',
      'o.coupon',
      'o.tax_inclusive as taxInclusive',
      'o.customer_type as customerType',
      'o.selling_entity as sellingEntity',
    ])
    .select((o) => [
      taxIdentifiersOf({ identifiers: o.ref('o.tax_identifiers') }).as('taxIdentifiers'),
      sourcesOf({ id: o.ref('o.id'), creditSourceId: o.ref('o.credit_source_id') }).as('sources'),
      itemsOf(o.ref('o.id')).as('items'),
      chargesOf(o.ref('o.id')).as('charges'),
      shipmentsOf(o.ref('o.id')).as('shipments'),
      shippingRefundsOf(o.ref('o.id')).as('shippingRefunds'),
      creditReturnedOf(o.ref('o.id')).as('creditReturned'),
      documentsOf(o.ref('o.id')).as('documents'),
    ])
    .where('o.draft', '=', false)

const readOne = statement<{ orderId: string } & ViewerValues>()((_, $) =>
  selectView()
    .where('o.id', '=', $.orderId)
    .where((o) => visible(o.ref('o.merchant_id'), o.ref('o.api_key_id'), $)),
)

/** An order with everything a caller may see, in minor units. */
export type OrderView = Awaited<ReturnType<typeof readOne>>[number]
export type ChargeEntryView = OrderView['charges'][number]['entries'][number]

/** Reads one order in one statement, or undefined when it does not exist or is someone else's. */
export async function readOrder(sql: Sql, viewer: Viewer, orderId: string): Promise<OrderView | undefined> {
  const [order] = await readOne(sql, { orderId, ...viewerValues(viewer) })
  return order
}

export type OrderFilter = {
  state?: OrderState | undefined
  email?: string | undefined
  checkoutId?: string | undefined
  upstreamId?: string | undefined
  ids?: readonly string[] | undefined
  upstreamIds?: readonly string[] | undefined
  customerId?: string | undefined
  currency?: string | undefined
  fraudState?: FraudState | undefined
  skuId?: string | undefined
  tag?: string | undefined
  created?: Period | undefined
  /** How the buyer's address or name begins, or the order's id. */
  text?: string | undefined
}

/** Lists a merchant's orders, newest first, in one statement. Order ids sort by time. */
export async function listOrders(
  on: Sql,
  merchantId: string,
  filter: OrderFilter,
  page: Page,
): Promise<{ hasMore: boolean; orders: OrderView[] }> {
  const found = foundOrders(merchantId, page, conditionsOf(filter))
  const { hasMore, rows } = await readPage(on, page, 'o.id', () => selectView().where(isFound(found)))
  return { hasMore, orders: rows }
}

const o = expressionBuilder<{ o: Tables['orders'] }, 'o'>()
const ofUpstream = (ids: readonly string[]) =>
  byIndex(sql<boolean>`(o.upstream_id is not null and o.upstream_id = any(${ids}::text[]))`)

/** What orders are looked for by, that which finds few first. */
const conditionsOf = (filter: OrderFilter): OrderCondition[] => [
  ...given(filter.ids, (ids) => byIndex(sql<boolean>`o.id = any(${ids}::text[])`)),
  ...given(filter.checkoutId, (id) => byIndex(sql<boolean>`o.checkout_id = ${id}`)),
  ...given(filter.upstreamId, (id) => ofUpstream([id])),
  ...given(filter.upstreamIds, ofUpstream),
  ...given(filter.text, ofBuyer),
  ...given(filter.email, ofEmail),
  ...given(filter.customerId, (id) => byIndex(sql<boolean>`o.customer_id = ${id}`)),
  ...given(filter.state, (state) => inStates([state])),
  ...given(filter.fraudState, (state) => byIndex(o('o.fraud_state', '=', state))),
  ...given(filter.skuId, ofSku),
  ...given(filter.tag, ofTag),
  ...given(filter.created, (period) =>
    byIndex(sql<boolean>`(${sql.join(madeWithin('o', 'order', period), sql` and `)})`),
  ),
  ...given(filter.currency, (currency) => byIndex(o('o.currency', '=', currency))),
]

const given = <T>(value: T | undefined, condition: (value: T) => OrderCondition): OrderCondition[] =>
  value === undefined ? [] : [condition(value)]
