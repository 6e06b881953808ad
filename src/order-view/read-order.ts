import type { SkuKind } from '../catalog/sku.entity.ts'
import type { ChargeEntryKind, ChargeEntryState } from '../charges/charge-entry.entity.ts'
import type {
  Attribution,
  CheckoutDetails,
  SellerSnapshot,
  ShippingChoice,
  SubscriptionInfo,
} from '../checkouts/checkout.entity.ts'
import type { ItemDiscount } from '../checkouts/discount.ts'
import type { CheckoutTotals, PricedCheckoutLine } from '../checkouts/price-checkout.ts'
import { type TaxIdentifierRow, taxIdentifierRowJson } from '../customers/tax-identifier-row.ts'
import type { Sql } from '../database/database.ts'
import { type Viewer, viewerParams, visibleSql } from '../merchants/viewer.ts'
import { deliveryStateSql } from '../orders/held-by-dispute.ts'
import type { Attention } from '../orders/order.entity.ts'
import type { FraudState, ItemState, OrderState } from '../orders/order.state-machine.ts'
import type { Party } from '../parties/address.ts'
import type { CustomerType } from '../parties/customer-type.ts'
import type { ChargeState } from '../providers/charge-states.ts'
import type { NextAction } from '../providers/provider.ts'
import { type SourceRow, sourceRowJson } from '../sources/source-row.ts'

/** An order with everything a caller may see, in minor units. */
export type OrderView = CheckoutTotals & {
  id: string
  checkoutId: string
  createdAt: string
  updatedAt: string
  expiresAt: string | null
  upstreamId: string | null
  customerId: string | null
  email: string
  currency: string
  locale: string
  state: OrderState
  stateTransitions: Record<string, string>
  fraudState: FraudState | null
  fraudStateTransitions: Record<string, string>
  disputeState: string | null
  shipTo: Party | null
  billTo: Party | null
  shippingChoice: ShippingChoice | null
  attribution: Attribution | null
  attention: Attention | null
  cancelReason: string | null
  requestToBeForgotten: boolean
  metadata: Record<string, string | number | boolean>
  liveMode: boolean
  fulfilledBy: 'engine' | 'merchant'
  details: CheckoutDetails | null
  taxInclusive: boolean
  customerType: CustomerType
  sellingEntity: SellerSnapshot | null
  taxIdentifiers: TaxIdentifierRow[]
  items: ItemView[]
  charges: ChargeView[]
  sources: SourceRow[]
  shipments: ShipmentView[]
  /** What went back, or is about to, of shipping that stands beside the lines. */
  shippingRefunds: { sellerId: string; amount: number }[]
  /** Invoices and credit memos whose file is there. */
  documents: { kind: 'invoice' | 'credit_memo'; fileId: string }[]
}

type ItemView = PricedCheckoutLine & {
  skuId: string | null
  sellerId: string
  kind: SkuKind
  product: Record<string, unknown>
  quantity: number
  refundedAmount: number
  discount: ItemDiscount | null
  subscription: SubscriptionInfo | null
  shipFrom: Party | null
  metadata: Record<string, string | number | boolean> | null
  state: ItemState
  stateTransitions: Record<string, string>
  fulfilledQuantity: number
  cancelledQuantity: number
  returnedQuantity: number
  delivery: { contentType: string; content: string } | null
}

type ChargeView = {
  id: string
  createdAt: string
  method: string
  provider: string
  providerReference: string | null
  currency: string
  amount: number
  state: ChargeState
  capturedAmount: number
  cancelledAmount: number
  refundedAmount: number
  failureCode: string | null
  failureMessage: string | null
  type: string
  sourceId: string | null
  captureMethod: 'automatic' | 'manual'
  clientSecret: string | null
  nextAction: NextAction | null
  entries: ChargeEntryView[]
}

export type ChargeEntryView = {
  id: string
  kind: ChargeEntryKind
  amount: number
  state: ChargeEntryState
  orderItemId: string | null
  fulfillmentId: string | null
  refundId: string | null
  failureCode: string | null
  failureMessage: string | null
  createdAt: string
  updatedAt: string
}

type ShipmentView = {
  id: string
  path: string
  state: string
  carrier: string | null
  service: string | null
  trackingNumber: string | null
  trackingUrl: string | null
  labelUrl: string | null
  itemIds: string[]
}

const viewSql = `
  select o.id, o.checkout_id as "checkoutId", o.created_at as "createdAt", o.updated_at as "updatedAt", o.expires_at as "expiresAt",
    o.upstream_id as "upstreamId", o.customer_id as "customerId", o.email, o.currency, o.locale, o.state,
    o.state_transitions as "stateTransitions", o.fraud_state as "fraudState", o.fraud_state_transitions as "fraudStateTransitions",
    o.dispute_state as "disputeState", o.subtotal, o.total_tax as "totalTax", o.total_duty as "totalDuty", o.total_fees as "totalFees",
    o.total_discount as "totalDiscount", o.total_shipping as "totalShipping", o.total_amount as "totalAmount", o.ship_to as "shipTo",
    o.bill_to as "billTo", o.shipping_choice as "shippingChoice", o.attribution, o.attention, o.cancel_reason as "cancelReason",
    o.request_to_be_forgotten as "requestToBeForgotten", o.metadata, o.live_mode as "liveMode",
    o.fulfilled_by as "fulfilledBy", o.details, o.tax_inclusive as "taxInclusive", o.customer_type as "customerType",
    o.selling_entity as "sellingEntity",
    (select coalesce(json_agg(${taxIdentifierRowJson('t')}), '[]') from jsonb_array_elements(o.tax_identifiers) a
      join tax_identifiers t on t.id = a ->> 'id') as "taxIdentifiers",
    (select coalesce(json_agg(${sourceRowJson('s')}), '[]') from sources s
      where s.id in (select c.source_id from charges c where c.order_id = o.id)) as sources,
    (select coalesce(json_agg(json_build_object('id', i.id, 'skuId', i.sku_id, 'sellerId', i.seller_id, 'kind', i.kind, 'product', i.product,
        'quantity', i.quantity, 'amount', i.amount, 'taxRate', i.tax_rate, 'taxAmount', i.tax_amount,
        'shippingAmount', i.shipping_amount, 'shippingTaxAmount', i.shipping_tax_amount, 'dutyAmount', i.duty_amount,
        'feeAmount', i.fee_amount, 'feeTaxAmount', i.fee_tax_amount, 'refundedAmount', i.refunded_amount, 'discount', i.discount,
        'subscription', i.subscription, 'shipFrom', i.ship_from, 'metadata', i.metadata, 'state', i.state,
        'stateTransitions', i.state_transitions, 'fulfilledQuantity', i.fulfilled_quantity, 'cancelledQuantity', i.cancelled_quantity,
        'returnedQuantity', i.returned_quantity, 'delivery', case when d.id is null or ${deliveryStateSql('o', 'd')} <> 'delivered' then null
          else json_build_object('contentType', d.content_type, 'content', d.content) end) order by i.position), '[]')
      from order_items i left join deliveries d on d.order_item_id = i.id where i.order_id = o.id) as items,
    (select coalesce(json_agg(json_build_object('id', c.id, 'createdAt', c.created_at, 'method', c.method, 'provider', c.provider,
        'providerReference', c.provider_reference, 'currency', c.currency, 'amount', c.amount, 'state', c.state,
        'capturedAmount', c.captured_amount, 'cancelledAmount', c.cancelled_amount, 'refundedAmount', c.refunded_amount,
        'failureCode', c.failure_code, 'failureMessage', c.failure_message, 'type', c.type, 'sourceId', c.source_id,
        'captureMethod', c.capture_method, 'clientSecret', c.client_secret, 'nextAction', c.next_action,
        'entries', (select coalesce(json_agg(json_build_object('id', e.id, 'kind', e.kind, 'amount', e.amount, 'state', e.state,
            'orderItemId', e.order_item_id, 'fulfillmentId', e.fulfillment_id, 'refundId', e.refund_id, 'failureCode', e.failure_code,
            'failureMessage', e.failure_message, 'createdAt', e.created_at, 'updatedAt', e.updated_at) order by e.created_at, e.id), '[]')
          from charge_entries e where e.charge_id = c.id)) order by c.created_at), '[]')
      from charges c where c.order_id = o.id) as charges,
    (select coalesce(json_agg(json_build_object('id', s.id, 'path', s.path, 'state', s.state, 'carrier', s.carrier, 'service', s.service,
        'trackingNumber', s.tracking_number, 'trackingUrl', s.tracking_url, 'labelUrl', s.label_url, 'itemIds', s.item_ids)
        order by s.created_at), '[]')
      from shipments s where s.order_id = o.id) as shipments,
    (select coalesce(json_agg(json_build_object('sellerId', s ->> 'sellerId', 'amount', case when r.state <> 'failed' then (s ->> 'amount')::bigint
        else (s ->> 'amount')::bigint * r.refunded_amount / r.amount end)), '[]')
      from refunds r, jsonb_array_elements(r.shipping) s where r.order_id = o.id) as "shippingRefunds",
    (select coalesce(json_agg(json_build_object('kind', d.kind, 'fileId', d.file_id) order by d.id), '[]')
      from order_documents d join files f on f.id = d.file_id and f.state = 'stored' where d.order_id = o.id) as documents
  from orders o`

/** Reads one order in one statement, or undefined when it does not exist or is someone else's. */
export async function readOrder(sql: Sql, viewer: Viewer, orderId: string): Promise<OrderView | undefined> {
  const [order] = await sql<OrderView>(
    `${viewSql} where o.id = $1 and ${visibleSql('o', '$2', '$3')} and not o.draft`,
    [orderId, ...viewerParams(viewer)],
  )
  return order
}

export type OrderFilter = {
  state?: string | undefined
  email?: string | undefined
  checkoutId?: string | undefined
  upstreamId?: string | undefined
  ids?: readonly string[] | undefined
  upstreamIds?: readonly string[] | undefined
  customerId?: string | undefined
  currency?: string | undefined
  fraudState?: string | undefined
  skuId?: string | undefined
}
export type Page = { limit: number; startingAfter?: string | undefined; endingBefore?: string | undefined }

/** Lists a merchant's orders, newest first, in one statement. Order ids sort by time. */
export async function listOrders(
  sql: Sql,
  merchantId: string,
  filter: OrderFilter,
  page: Page,
): Promise<{ hasMore: boolean; orders: OrderView[] }> {
  const backwards = page.endingBefore !== undefined
  const params: unknown[] = [merchantId, page.limit + 1]
  // Only what is asked for stands in the statement: plans are made without looking at values.
  const where = ['o.merchant_id = $1', 'not o.draft']
  const narrow = (condition: (parameter: string) => string, value: unknown) => {
    if (value !== undefined) where.push(condition(`$${params.push(value)}`))
  }
  narrow((state) => `o.state = ${state}`, filter.state)
  narrow((email) => `o.email = ${email}`, filter.email)
  narrow((id) => `o.checkout_id = ${id}::uuid`, filter.checkoutId)
  narrow((id) => `o.upstream_id = ${id}`, filter.upstreamId)
  narrow((ids) => `o.id = any(${ids}::text[])`, filter.ids)
  narrow((ids) => `o.upstream_id = any(${ids}::text[])`, filter.upstreamIds)
  narrow((id) => `o.customer_id = ${id}`, filter.customerId)
  narrow((currency) => `o.currency = ${currency}`, filter.currency)
  narrow((state) => `o.fraud_state = ${state}`, filter.fraudState)
  narrow((id) => `exists (select 1 from order_items i where i.order_id = o.id and i.sku_id = ${id})`, filter.skuId)
  if (backwards) narrow((id) => `o.id > ${id}`, page.endingBefore)
  else narrow((id) => `o.id < ${id}`, page.startingAfter)
  const rows = await sql<OrderView>(
    `${viewSql} where ${where.join(' and ')} order by o.id ${backwards ? 'asc' : 'desc'} limit $2`,
    params,
  )
  const orders = rows.slice(0, page.limit)
  return { hasMore: rows.length > page.limit, orders: backwards ? orders.toReversed() : orders }
}
