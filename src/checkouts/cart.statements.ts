import { type Expression, type ExpressionWrapper, sql } from 'kysely'
import { jsonBuildObject } from 'kysely/helpers/postgres'
import { couponIsOpen } from '../coupons/redeem.ts'
import type { CouponTerms } from '../coupons/take-off.ts'
import {
  db,
  type Holes,
  insertRows,
  jsonList,
  merged,
  type NewRow,
  now,
  rowsOf,
  scalar,
  statement,
} from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { type ViewerValues, viewerTypes, visible } from '../merchants/viewer.ts'
import type { Address, Party } from '../parties/address.ts'
import type { Attribution, CheckoutDetails, ShippingChoice } from './checkout.entity.ts'
import type { Discount, ItemDiscount } from './discount.ts'

/** A storefront gives whole addresses only, unlike the server that makes a checkout. */
const address = (column: ExpressionWrapper<Tables, never, Party | null>) => column.$castTo<Address | null>()

type CartOfViewer = ViewerValues & { cartId: string }

/** What is off the whole of it, by the merchant's server. */
export const discountIn = (details: Expression<CheckoutDetails | null>) =>
  sql<Discount | null>`${details} -> 'discount'`

/** Whether the prices of a merchant's carts bear tax. */
export const cartTaxOf = (merchantId: Expression<string>) =>
  scalar(db.selectFrom('merchants').select('cart_tax').where('id', '=', merchantId))

/** Selects a cart that its viewer may see, from `checkouts as c`. A checkout is none: it was priced for what it holds. */
export const selectCart = ($: Holes<CartOfViewer>) =>
  db
    .selectFrom('checkouts as c')
    .select((c) => [
      'c.id',
      'c.merchant_id as merchantId',
      'c.currency',
      'c.email',
      'c.locale',
      address(c.ref('c.ship_to')).as('shipTo'),
      address(c.ref('c.bill_to')).as('billTo'),
      'c.shipping_choice as shippingChoice',
      'c.attribution',
      discountIn(c.ref('c.details')).as('discount'),
      'c.coupon',
      couponIsOpen({ coupon: c.ref('c.coupon'), email: c.ref('c.email') }).as('couponIsOpen'),
      'c.tax_quote as taxQuote',
      cartTaxOf(c.ref('c.merchant_id')).as('tax'),
      'c.metadata',
      'c.locked_at as lockedAt',
      'c.created_at as createdAt',
      'c.updated_at as updatedAt',
      scalar(
        c
          .selectFrom('checkout_items as i')
          .innerJoin('skus as s', (on) =>
            on.onRef('s.merchant_id', '=', 'c.merchant_id').onRef('s.id', '=', 'i.sku_id'),
          )
          .select((i) =>
            jsonList(
              jsonBuildObject({
                id: i.ref('i.id'),
                skuId: i.ref('s.id'),
                sellerId: i.ref('s.seller_id'),
                name: i.ref('s.name'),
                kind: i.ref('s.kind'),
                quantity: i.ref('i.quantity'),
                unitPrice: i.ref('i.unit_price'),
                discount: i.ref('i.discount'),
                taxCode: i.ref('s.tax_code'),
              }),
              i.ref('i.position'),
            ).as('list'),
          )
          .whereRef('i.checkout_id', '=', 'c.id'),
      ).as('items'),
    ])
    .where('c.id', '=', $.cartId)
    .where('c.kind', '=', 'cart')
    .where((c) => visible(c.ref('c.merchant_id'), c.ref('c.api_key_id'), $))

export const readVisibleCart = statement<CartOfViewer>()((_, $) => selectCart($))

export const lockVisibleCart = statement<CartOfViewer>({ cartId: 'uuid', ...viewerTypes })((_, $) =>
  selectCart($).forUpdate('c'),
)

export type Wanted = { id: string; skuId: string; quantity: number; discount: ItemDiscount | null }

const columnsOfCart = [
  'id',
  'merchant_id',
  'currency',
  'email',
  'locale',
  'ship_to',
  'bill_to',
  'attribution',
  'details',
  'coupon',
  'tax_quote',
  'metadata',
  'created_at',
  'updated_at',
  'api_key_id',
] as const

type Addition = { carts: NewRow<'checkouts'>[]; cartId: string; merchantId: string; wanted: Wanted[] }

/** The lines that are wanted, with what their SKUs cost now. A line of a SKU that does not exist has none of its columns. */
const wantedLines = ($: Holes<Addition>) =>
  db
    .selectFrom(rowsOf($.wanted, 'w', { id: 'text', skuId: 'text', quantity: 'integer', discount: 'jsonb' }))
    .leftJoin('skus as s', (on) =>
      on.on('s.merchant_id', '=', $.merchantId).onRef('s.id', '=', 'w.skuId').on('s.deleted_at', 'is', null),
    )
    .select((w) => [
      'w.id',
      'w.skuId',
      'w.quantity',
      'w.discount',
      's.seller_id',
      's.name',
      's.kind',
      's.price',
      's.currency',
      's.affiliate_bps',
      's.commission_bps',
      's.tax_code',
      w('s.merchant_id', 'is not', null).$castTo<boolean>().as('known'),
    ])

const columnsOfLine = [
  'id',
  'checkout_id',
  'sku_id',
  'quantity',
  'unit_price',
  'affiliate_bps',
  'commission_bps',
  'discount',
  'position',
] as const

/** Adds lines to a cart that is there, or that this makes. */
export const addLines = statement<Addition>(
  { carts: 'jsonb', cartId: 'uuid', merchantId: 'text', wanted: 'jsonb' },
  { added: { column: 'checkout_id', hole: 'cartId' } },
)((db, $) =>
  db
    .with('made', () => insertRows('checkouts', $.carts, columnsOfCart))
    .with('wanted', () => wantedLines($))
    .with('last', (db) =>
      db
        .selectFrom('checkout_items')
        .select((i) => [
          i.fn.coalesce(i.fn.max('position'), i.lit(0)).as('position'),
          i.fn.countAll<number>().as('lines'),
        ])
        .where('checkout_id', '=', $.cartId),
    )
    .with('raised', (db) =>
      db
        .updateTable('checkout_items as i')
        .from('wanted as w')
        .set((i) => ({
          quantity: i('i.quantity', '+', i.ref('w.quantity')),
          discount: i.fn.coalesce('w.discount', 'i.discount'),
        }))
        .where('i.checkout_id', '=', $.cartId)
        .whereRef('i.sku_id', '=', 'w.skuId')
        .returning(['i.sku_id', 'i.quantity']),
    )
    .with('added', (db) =>
      db
        .insertInto('checkout_items')
        .columns(columnsOfLine)
        .expression((of) =>
          of
            .selectFrom('wanted as w')
            .innerJoin('last', (on) => on.onTrue())
            .select((w) => [
              'w.id',
              $.cartId.typed('uuid').as('cartId'),
              'w.skuId',
              'w.quantity',
              'w.price',
              'w.affiliate_bps',
              'w.commission_bps',
              'w.discount',
              sql<number>`${w.ref('last.position')} + row_number() over (order by ${w.ref('w.id')})`.as('position'),
            ])
            .where('w.known', '=', true)
            .where((w) => w('w.skuId', 'not in', w.selectFrom('raised').select('sku_id'))),
        )
        .returning(['checkout_id', 'sku_id', 'quantity']),
    )
    .selectFrom('wanted as w')
    .leftJoin('raised as r', 'r.sku_id', 'w.skuId')
    .leftJoin('added as a', 'a.sku_id', 'w.skuId')
    .select((w) => [
      'w.id',
      'w.skuId',
      'w.seller_id as sellerId',
      'w.name',
      'w.kind',
      'w.price as unitPrice',
      'w.currency',
      'w.discount',
      'w.tax_code as taxCode',
      cartTaxOf($.merchantId.typed('text')).as('tax'),
      w.fn.coalesce('r.quantity', 'a.quantity').as('quantity'),
      sql<number>`${w.selectFrom('last').select('lines')} + ${w.selectFrom('added').select((a) => a.fn.countAll().as('count'))}`.as(
        'lines',
      ),
    ]),
)

export const dropRates = statement<{ cartId: string }>()((db, $) =>
  db.deleteFrom('shipping_rates').where('checkout_id', '=', $.cartId),
)

type StoredChanges = {
  cartId: string
  email: string | null
  locale: string | null
  shipTo: Address | null
  billTo: Address | null
  attribution: Attribution | null
  metadata: Record<string, string | number | boolean>
  /** In place of what it has, where that is to change. */
  details: CheckoutDetails | null
  changesDetails: boolean
  coupon: CouponTerms | null
  changesCoupon: boolean
  shippingChoice: ShippingChoice | null
  /** Of the offer that is chosen instead. */
  rateId: string | null
}

export const storeChanges = statement<StoredChanges>({
  cartId: 'uuid',
  email: 'text',
  locale: 'text',
  shipTo: 'jsonb',
  billTo: 'jsonb',
  attribution: 'jsonb',
  metadata: 'jsonb',
  details: 'jsonb',
  changesDetails: 'boolean',
  coupon: 'jsonb',
  changesCoupon: 'boolean',
  shippingChoice: 'jsonb',
  rateId: 'text',
})((db, $) =>
  db
    .updateTable('checkouts')
    .set((c) => ({
      email: c.fn.coalesce($.email, 'email'),
      locale: c.fn.coalesce($.locale, 'locale'),
      ship_to: c.fn.coalesce($.shipTo.json, 'ship_to'),
      bill_to: c.fn.coalesce($.billTo.json, 'bill_to'),
      attribution: c.fn.coalesce($.attribution.json, 'attribution'),
      metadata: merged(c.ref('metadata'), $.metadata),
      details: c.case().when($.changesDetails.typed('boolean')).then($.details.json).else(c.ref('details')).end(),
      coupon: c.case().when($.changesCoupon.typed('boolean')).then($.coupon.json).else(c.ref('coupon')).end(),
      updated_at: now,
      shipping_choice: c
        .case()
        .when(sql<boolean>`${$.rateId.typed('text')} is null`)
        .then($.shippingChoice.json)
        .else(
          scalar(
            c
              .selectFrom('shipping_rates as r')
              .select((r) =>
                sql<ShippingChoice>`${jsonBuildObject({
                  id: r.ref('r.id'),
                  amount: r.ref('r.amount'),
                  description: r.ref('r.description'),
                  serviceLevel: r.ref('r.service_level'),
                  parts: r.ref('r.parts'),
                })}::jsonb`.as('choice'),
              )
              .where('r.id', '=', $.rateId)
              .where('r.checkout_id', '=', $.cartId),
          ),
        )
        .end(),
    }))
    .where('id', '=', $.cartId)
    .returning((c) => [
      'email',
      'locale',
      address(c.ref('ship_to')).as('shipTo'),
      address(c.ref('bill_to')).as('billTo'),
      'attribution',
      'metadata',
      discountIn(c.ref('details')).as('discount'),
      'coupon',
      couponIsOpen({ coupon: c.ref('checkouts.coupon'), email: c.ref('checkouts.email') }).as('couponIsOpen'),
      'shipping_choice as shippingChoice',
      'updated_at as updatedAt',
    ]),
)

export const removeLine = statement<{ cartId: string; itemId: string }>()((db, $) =>
  db.deleteFrom('checkout_items').where('checkout_id', '=', $.cartId).where('id', '=', $.itemId).returning('id'),
)

export const changeLine = statement<{
  cartId: string
  itemId: string
  quantity: number
  /** In place of what it has, where that is to change. */
  discount: ItemDiscount | null
  changesDiscount: boolean
}>()((db, $) =>
  db
    .updateTable('checkout_items')
    .set((i) => ({
      quantity: $.quantity,
      discount: i.case().when($.changesDiscount.typed('boolean')).then($.discount.json).else(i.ref('discount')).end(),
    }))
    .where('checkout_id', '=', $.cartId)
    .where('id', '=', $.itemId)
    .returning('id'),
)

export const dropChoice = statement<{ cartId: string }>()((db, $) =>
  db
    .with('dropped', (db) => db.deleteFrom('shipping_rates').where('checkout_id', '=', $.cartId))
    .updateTable('checkouts')
    .set({ shipping_choice: null, updated_at: now })
    .where('id', '=', $.cartId),
)
