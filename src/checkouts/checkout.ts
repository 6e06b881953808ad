import type { SkuKind } from '../catalog/sku.entity.ts'
import { type TaxIdentifierRow, taxIdentifierRowJson } from '../customers/tax-identifier-row.ts'
import type { Sql } from '../database/database.ts'
import type { Party } from '../parties/address.ts'
import type { CustomerType } from '../parties/customer-type.ts'
import { ApiError } from '../platform/errors.ts'
import { type SourceRow, sourceRowJson } from '../sources/source-row.ts'
import type { CheckoutDetails, SellerSnapshot, ShippingChoice, SubscriptionInfo } from './checkout.entity.ts'
import type { ItemDiscount } from './discount.ts'
import type { CheckoutTotals, PricedCheckoutLine } from './price-checkout.ts'

type Metadata = Record<string, string | number | boolean>

/** A line of a checkout. Amounts in minor units, `amount` net of discounts and tax. */
export type CheckoutItem = PricedCheckoutLine & {
  skuId: string | null
  sellerId: string
  kind: SkuKind
  product: Record<string, unknown>
  taxCode: string | null
  quantity: number
  unitPrice: number
  /** The price of all pieces together, where that was given instead of one piece's. */
  aggregatePrice: number | null
  discount: ItemDiscount | null
  subscription: SubscriptionInfo | null
  shipFrom: Party | null
  metadata: Metadata | null
}

/** A checkout as it is read; amounts in minor units of `currency`. */
export type Checkout = CheckoutTotals & {
  id: string
  merchantId: string
  currency: string
  customerId: string | null
  email: string | null
  locale: string
  shipTo: Party | null
  billTo: Party | null
  shippingChoice: ShippingChoice | null
  metadata: Metadata
  details: CheckoutDetails
  taxInclusive: boolean
  customerType: CustomerType
  taxIdentifierIds: string[]
  sellingEntity: SellerSnapshot | null
  sourceId: string | null
  lockedAt: string | null
  createdAt: string
  updatedAt: string
  items: CheckoutItem[]
  taxIdentifiers: TaxIdentifierRow[]
  sources: SourceRow[]
}

const checkoutSql = `
  select c.id, c.merchant_id as "merchantId", c.currency, c.customer_id as "customerId", c.email, c.locale, c.ship_to as "shipTo",
    c.bill_to as "billTo", c.shipping_choice as "shippingChoice", c.metadata, coalesce(c.details, '{}') as details,
    c.tax_inclusive as "taxInclusive", c.customer_type as "customerType", coalesce(c.tax_identifier_ids, '[]') as "taxIdentifierIds",
    c.selling_entity as "sellingEntity", c.source_id as "sourceId", c.locked_at as "lockedAt", c.created_at as "createdAt",
    c.updated_at::text as "updatedAt", c.subtotal, c.total_tax as "totalTax", c.total_duty as "totalDuty", c.total_fees as "totalFees",
    c.total_discount as "totalDiscount", c.total_shipping as "totalShipping", c.total_amount as "totalAmount",
    (select coalesce(json_agg(json_build_object('id', i.id, 'skuId', i.sku_id, 'sellerId', coalesce(s.seller_id, c.merchant_id),
        'kind', coalesce(s.kind, i.product ->> 'kind'), 'taxCode', coalesce(s.tax_code, i.product ->> 'taxCode'),
        'product', coalesce(i.product, jsonb_strip_nulls(jsonb_build_object('id', s.id, 'name', s.name, 'description', s.description,
          'image', s.image_url, 'physical', s.kind <> 'digital', 'weight', s.weight, 'weightUnit', s.weight_unit,
          'countryOfOrigin', s.country_of_origin))),
        'quantity', i.quantity, 'unitPrice', i.unit_price, 'aggregatePrice', i.aggregate_price, 'discount', i.discount,
        'subscription', i.subscription, 'shipFrom', i.ship_from, 'metadata', i.metadata, 'amount', coalesce(i.amount, i.unit_price * i.quantity),
        'taxRate', i.tax_rate, 'taxAmount', i.tax_amount, 'shippingAmount', i.shipping_amount, 'shippingTaxAmount', i.shipping_tax_amount,
        'dutyAmount', i.duty_amount, 'feeAmount', i.fee_amount, 'feeTaxAmount', i.fee_tax_amount) order by i.position), '[]')
      from checkout_items i left join skus s on s.merchant_id = c.merchant_id and s.id = i.sku_id where i.checkout_id = c.id) as items,
    (select coalesce(json_agg(${taxIdentifierRowJson('t')}), '[]') from tax_identifiers t
      where t.merchant_id = c.merchant_id and t.id in (select jsonb_array_elements_text(c.tax_identifier_ids))) as "taxIdentifiers",
    (select coalesce(json_agg(${sourceRowJson('s')}), '[]') from sources s where s.id = c.source_id) as sources
  from checkouts c`

/** Reads a checkout of a merchant in one statement. @throws ApiError `not_found`, also for another merchant's (I11) */
export async function readCheckout(sql: Sql, merchantId: string, id: string): Promise<Checkout> {
  const [checkout] = await sql<Checkout>(
    `${checkoutSql} where c.id = $1 and c.merchant_id = $2 and c.deleted_at is null`,
    [id, merchantId],
  )
  if (!checkout) throw new ApiError('not_found', { parameter: 'id', message: `Checkout ${id} not found` })
  return checkout
}

export type CheckoutFilter = {
  ids?: readonly string[] | undefined
  upstreamIds?: readonly string[] | undefined
  customerId?: string | undefined
  email?: string | undefined
  currency?: string | undefined
}

/** Lists a merchant's checkouts, newest first, in one statement; their ids sort by time. */
export async function listCheckouts(
  sql: Sql,
  merchantId: string,
  filter: CheckoutFilter,
  page: { limit: number; startingAfter?: string | undefined; endingBefore?: string | undefined },
): Promise<{ hasMore: boolean; checkouts: Checkout[] }> {
  const backwards = page.endingBefore !== undefined
  const rows = await sql<Checkout>(
    `${checkoutSql} where c.merchant_id = $1 and c.deleted_at is null and c.kind = 'checkout'
       and ($2::uuid[] is null or c.id = any($2)) and ($3::text[] is null or c.details ->> 'upstreamId' = any($3))
       and ($4::text is null or c.customer_id = $4) and ($5::text is null or c.email = $5) and ($6::text is null or c.currency = $6)
       and ($7::uuid is null or c.id < $7) and ($8::uuid is null or c.id > $8)
     order by c.id ${backwards ? 'asc' : 'desc'} limit $9`,
    [
      merchantId,
      filter.ids ?? null,
      filter.upstreamIds ?? null,
      filter.customerId ?? null,
      filter.email ?? null,
      filter.currency ?? null,
      backwards ? null : (page.startingAfter ?? null),
      page.endingBefore ?? null,
      page.limit + 1,
    ],
  )
  const checkouts = rows.slice(0, page.limit)
  return { hasMore: rows.length > page.limit, checkouts: backwards ? checkouts.toReversed() : checkouts }
}
