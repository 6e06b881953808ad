import { type Expression, expressionBuilder, sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { cartTaxOf, discountIn } from '../checkouts/cart.statements.ts'
import { lineAmounts, lineKind, linesOf, lineTerms } from '../checkouts/line-columns.ts'
import { couponIsOpen } from '../coupons/redeem.ts'
import { db, type Holes, jsonList, scalar, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { countedAttribution } from '../merchants/recipients.ts'
import { type Viewer, type ViewerValues, viewerTypes, viewerValues, visible } from '../merchants/viewer.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { TaxIdentifierSnapshot } from './order.entity.ts'

const visibleCheckout = ($: Holes<{ checkoutId: string } & ViewerValues>) =>
  db
    .selectFrom('checkouts as c')
    .where('c.id', '=', $.checkoutId)
    .where((c) => visible(c.ref('c.merchant_id'), c.ref('c.api_key_id'), $))
    // A publishable key makes orders of carts; a checkout is its merchant's server's.
    .where((c) => c.or([sql<boolean>`${$.viewerKeyId.typed('text')} is null`, c('c.kind', '=', 'cart')]))

const lockCheckout = statement<{ checkoutId: string } & ViewerValues>({ checkoutId: 'uuid', ...viewerTypes })((_, $) =>
  visibleCheckout($).select('c.id').forUpdate(),
)

const taxIdentifiersOf = (c: { merchantId: Expression<string>; ids: Expression<string[] | null> }) =>
  db
    .selectFrom('tax_identifiers as t')
    .select((t) =>
      sql<TaxIdentifierSnapshot[] | null>`json_agg(${jsonBuildObject({
        id: t.ref('t.id'),
        type: t.ref('t.type'),
        value: t.ref('t.value'),
      })})`.as('list'),
    )
    .where('t.merchant_id', '=', c.merchantId)
    .where((t) => sql<boolean>`${t.ref('t.id')} in (select jsonb_array_elements_text(${c.ids}))`)

const itemsOf = (c: { id: Expression<string>; merchantId: Expression<string> }) =>
  linesOf(c).select((i) =>
    jsonList(
      jsonBuildObject({
        skuId: i.ref('i.sku_id'),
        sellerId: i.fn.coalesce('s.seller_id', c.merchantId),
        kind: lineKind,
        quantity: i.ref('i.quantity'),
        unitPrice: i.ref('i.unit_price'),
        affiliateBps: i.ref('i.affiliate_bps'),
        commissionBps: i.ref('i.commission_bps'),
        taxCode: i.ref('s.tax_code'),
        inventory: i.ref('s.inventory'),
        offSale: i('s.deleted_at', 'is not', null),
        ...lineAmounts,
        ...lineTerms,
        product: productOf,
      }),
      i.ref('i.position'),
    ).as('list'),
  )

const line = expressionBuilder<{ i: Tables['checkout_items']; s: Tables['skus'] }, 'i' | 's'>()

/** What an order keeps of a line's product: its SKU as it was, or what was described inline. */
const productOf = line
  .case()
  .when('i.sku_id', 'is', null)
  .then(sql<Record<string, unknown>>`${line.ref('i.product')}`)
  .else(
    sql<Record<string, unknown>>`jsonb_build_object(${sql.join(
      Object.entries({
        id: line.ref('s.id'),
        name: line.ref('s.name'),
        image: line.ref('s.image_url'),
        physical: line('s.kind', '<>', 'digital'),
        taxCode: line.ref('s.tax_code'),
        weight: line.ref('s.weight'),
        weightUnit: line.ref('s.weight_unit'),
        dimensions: line.ref('s.dimensions'),
        countryOfOrigin: line.ref('s.country_of_origin'),
        printful: line.ref('s.printful'),
        delivery: line.ref('s.delivery'),
        licensed: line.ref('s.licensed'),
        downloadLimit: line.ref('s.download_limit'),
        metadata: line.ref('s.metadata'),
      }).flatMap(([name, value]) => [sql.lit(name), value]),
    )})`,
  )
  .end()

/** The entity that a basket was priced with, as far as it has not been removed since. */
const sellerOf = (seller: Expression<unknown>) =>
  db
    .selectFrom('selling_entities as e')
    .select('e.id')
    .where('e.entity_id', '=', sql<string>`${seller} ->> 'id'`)
    .where('e.merchant_id', 'is not distinct from', sql<string | null>`${seller} ->> 'ownerId'`)

const s = expressionBuilder<{ s: Tables['sources'] }, 's'>()

const creditRow = jsonBuildObject({
  id: s.ref('s.id'),
  state: s.ref('s.state'),
  currency: s.ref('s.currency'),
  amount: s.ref('s.amount'),
})

const readCheckout = statement<{ checkoutId: string } & ViewerValues>({ checkoutId: 'uuid', ...viewerTypes })((_, $) =>
  visibleCheckout($)
    .where('c.deleted_at', 'is', null)
    .select([
      'c.currency',
      'c.email',
      'c.ship_to as shipTo',
      'c.bill_to as billTo',
      'c.shipping_choice as shippingChoice',
      'c.metadata',
      'c.kind',
      'c.customer_id as customerId',
      'c.locale',
      'c.details',
      'c.coupon',
      'c.tax_inclusive as taxInclusive',
      'c.customer_type as customerType',
      'c.selling_entity as sellingEntity',
      'c.tax_quote as taxQuote',
      'c.subtotal',
      'c.total_tax as totalTax',
      'c.total_duty as totalDuty',
      'c.total_fees as totalFees',
      'c.total_discount as totalDiscount',
      'c.total_shipping as totalShipping',
      'c.total_amount as totalAmount',
    ])
    .select((c) => [
      cartTaxOf(c.ref('c.merchant_id')).as('tax'),
      discountIn(c.ref('c.details')).as('discount'),
      couponIsOpen({ coupon: c.ref('c.coupon'), email: c.ref('c.email') }).as('couponIsOpen'),
      c
        .exists(sellerOf(sql`coalesce(${c.ref('c.tax_quote')} -> 'sellingEntity', ${c.ref('c.selling_entity')})`))
        .as('sellerIsThere'),
      countedAttribution({
        attribution: c.ref('c.attribution'),
        merchantId: c.ref('c.merchant_id'),
        email: c.ref('c.email'),
      }).as('attribution'),
      c.selectFrom('sources as s').select(creditRow.as('row')).whereRef('s.id', '=', 'c.credit_source_id').as('credit'),
      c.selectFrom('orders as o').select('o.id').whereRef('o.checkout_id', '=', 'c.id').as('orderId'),
      taxIdentifiersOf({ merchantId: c.ref('c.merchant_id'), ids: c.ref('c.tax_identifier_ids') }).as('taxIdentifiers'),
      scalar(itemsOf({ id: c.ref('c.id'), merchantId: c.ref('c.merchant_id') })).as('items'),
    ]),
)

/** A basket as an order is made of it. */
export type CartToOrder = Awaited<ReturnType<typeof readCheckout>>[number]

/** Locks a basket and reads what an order is made of; undefined for one that the viewer may not see. */
export async function lockCartToOrder(
  tx: Transaction,
  { cartId, viewer }: { cartId: string; viewer: Viewer },
): Promise<CartToOrder | undefined> {
  // Locked first and read by a second statement: a request that waited must see the items and the order of the one before.
  const asked = { checkoutId: cartId, ...viewerValues(viewer) }
  await lockCheckout(tx, asked)
  const [cart] = await readCheckout(tx, asked)
  return cart
}
