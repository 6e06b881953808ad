import { type Expression, expressionBuilder, sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import type { SkuKind } from '../catalog/sku.entity.ts'
import { type TaxIdentifierRow, taxIdentifierRow } from '../customers/tax-identifier-row.ts'
import type { Sql } from '../database/database.ts'
import { madeWithin, type Period } from '../database/made-within.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { type db, jsonList, scalar, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import type { Party } from '../parties/address.ts'
import type { CustomerType } from '../parties/customer-type.ts'
import { ApiError } from '../platform/errors.ts'
import { type SourceRow, sourceRow } from '../sources/source-row.ts'
import type { CheckoutDetails, SellerSnapshot, ShippingChoice, SubscriptionInfo } from './checkout.entity.ts'
import type { ItemDiscount } from './discount.ts'
import { lineAmounts, lineKind, linesOf, lineTerms } from './line-columns.ts'
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
  creditSourceId: string | null
  lockedAt: Date | null
  createdAt: Date
  /** To the microsecond. */
  updatedAt: string
  items: CheckoutItem[]
  taxIdentifiers: TaxIdentifierRow[]
  sources: SourceRow[]
}

const line = expressionBuilder<{ i: Tables['checkout_items']; s: Tables['skus'] }, 'i' | 's'>()

/** A line's product: what was described inline, else what its SKU says now. */
const productOf = sql<Record<string, unknown>>`coalesce(${line.ref('i.product')}, jsonb_strip_nulls(${jsonBuildObject({
  id: line.ref('s.id'),
  name: line.ref('s.name'),
  description: line.ref('s.description'),
  image: line.ref('s.image_url'),
  physical: line('s.kind', '<>', 'digital'),
  weight: line.ref('s.weight'),
  weightUnit: line.ref('s.weight_unit'),
  countryOfOrigin: line.ref('s.country_of_origin'),
})}::jsonb))`

const itemsOf = (c: { id: Expression<string>; merchantId: Expression<string> }) =>
  linesOf(c).select((i) =>
    jsonList(
      jsonBuildObject({
        id: i.ref('i.id'),
        skuId: i.ref('i.sku_id'),
        sellerId: i.fn.coalesce('s.seller_id', c.merchantId),
        kind: lineKind,
        taxCode: sql<string | null>`coalesce(${i.ref('s.tax_code')}, ${i.ref('i.product')} ->> 'taxCode')`,
        product: productOf,
        quantity: i.ref('i.quantity'),
        unitPrice: i.ref('i.unit_price'),
        aggregatePrice: i.ref('i.aggregate_price'),
        ...lineTerms,
        ...lineAmounts,
      }),
      i.ref('i.position'),
    ).as('list'),
  )

const selectCheckouts = (from: typeof db) =>
  from.selectFrom('checkouts as c').select((c) => [
    'c.id',
    'c.merchant_id as merchantId',
    'c.currency',
    'c.customer_id as customerId',
    'c.email',
    'c.locale',
    'c.ship_to as shipTo',
    'c.bill_to as billTo',
    'c.shipping_choice as shippingChoice',
    'c.metadata',
    sql<CheckoutDetails>`coalesce(${c.ref('c.details')}, '{}')`.as('details'),
    'c.tax_inclusive as taxInclusive',
    'c.customer_type as customerType',
    sql<string[]>`coalesce(${c.ref('c.tax_identifier_ids')}, '[]')`.as('taxIdentifierIds'),
    'c.selling_entity as sellingEntity',
    'c.source_id as sourceId',
    'c.credit_source_id as creditSourceId',
    'c.locked_at as lockedAt',
    'c.created_at as createdAt',
    // To the microsecond: it says which version of the checkout this is.
    c.cast<string>('c.updated_at', 'text').as('updatedAt'),
    'c.subtotal',
    'c.total_tax as totalTax',
    'c.total_duty as totalDuty',
    'c.total_fees as totalFees',
    'c.total_discount as totalDiscount',
    'c.total_shipping as totalShipping',
    'c.total_amount as totalAmount',
    scalar(itemsOf({ id: c.ref('c.id'), merchantId: c.ref('c.merchant_id') })).as('items'),
    scalar(
      c
        .selectFrom('tax_identifiers as t')
        .select(jsonList(taxIdentifierRow).as('list'))
        .whereRef('t.merchant_id', '=', 'c.merchant_id')
        .where(
          (t) => sql<boolean>`${t.ref('t.id')} in (select jsonb_array_elements_text(${t.ref('c.tax_identifier_ids')}))`,
        ),
    ).as('taxIdentifiers'),
    scalar(
      c
        .selectFrom('sources as s')
        // What is asked for the rest stands first, a credit last.
        .select((s) => jsonList(sourceRow, s('s.provider', 'is', null)).as('list'))
        .where((s) => s('s.id', 'in', [s.ref('c.source_id'), s.ref('c.credit_source_id')])),
    ).as('sources'),
  ])

const read = statement<{ merchantId: string; id: string }>()((db, $) =>
  selectCheckouts(db)
    .where('c.id', '=', $.id)
    .where('c.merchant_id', '=', $.merchantId)
    .where('c.deleted_at', 'is', null),
)

/** Reads a checkout of a merchant in one statement. @throws ApiError `not_found`, also for another merchant's */
export async function readCheckout(on: Sql, merchantId: string, id: string): Promise<Checkout> {
  const [checkout] = await read(on, { merchantId, id })
  if (!checkout) throw new ApiError('not_found', { parameter: 'id', message: `Checkout ${id} not found` })
  return checkout
}

export type CheckoutFilter = {
  ids?: readonly string[] | undefined
  upstreamIds?: readonly string[] | undefined
  customerId?: string | undefined
  email?: string | undefined
  currency?: string | undefined
  created?: Period | undefined
}

/** Lists a merchant's checkouts, newest first, in one statement; their ids sort by time. */
export async function listCheckouts(
  on: Sql,
  merchantId: string,
  filter: CheckoutFilter,
  page: Page,
): Promise<{ hasMore: boolean; checkouts: Checkout[] }> {
  const { hasMore, rows } = await readPage(on, page, 'c.id', (db) =>
    selectCheckouts(db)
      .where('c.merchant_id', '=', merchantId)
      .where('c.deleted_at', 'is', null)
      .where('c.kind', '=', sql.lit('checkout'))
      .where((c) =>
        c.and([
          ...ifGiven(filter.ids, (ids) => c('c.id', '=', c.fn.any(c.val(ids)))),
          ...ifGiven(
            filter.upstreamIds,
            (ids) => sql<boolean>`${c.ref('c.details')} ->> 'upstreamId' = any(${ids}::text[])`,
          ),
          ...ifGiven(filter.customerId, (customerId) => c('c.customer_id', '=', customerId)),
          ...ifGiven(filter.email, (email) => c('c.email', '=', email)),
          ...ifGiven(filter.currency, (currency) => c('c.currency', '=', currency)),
          ...madeWithin('c', 'uuid', filter.created),
        ]),
      ),
  )
  return { hasMore, checkouts: rows }
}
