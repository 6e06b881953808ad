import { sql } from 'kysely'
import { type Holes, insertRows, type NewRow, rowsOf, statement } from '../database/statement.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { Checkout } from './checkout.ts'

const priceColumns = {
  amount: 'bigint',
  tax_rate: 'double precision',
  tax_amount: 'bigint',
  shipping_amount: 'bigint',
  shipping_tax_amount: 'bigint',
  duty_amount: 'bigint',
  fee_amount: 'bigint',
  fee_tax_amount: 'bigint',
} as const

const lineColumns = {
  id: 'text',
  checkout_id: 'uuid',
  sku_id: 'text',
  product: 'jsonb',
  quantity: 'integer',
  unit_price: 'bigint',
  aggregate_price: 'bigint',
  position: 'integer',
  discount: 'jsonb',
  subscription: 'jsonb',
  ship_from: 'jsonb',
  metadata: 'jsonb',
  ...priceColumns,
} as const
const lineNames = Object.keys(lineColumns) as (keyof typeof lineColumns)[]

type Row = ReturnType<typeof toRow>
type Line = Pick<NewRow<'checkout_items'>, keyof typeof lineColumns>

// The rates are those of this moment: a later change of the catalogue does not touch the checkout.
const insertWithLines = statement<{ checkout: NewRow<'checkouts'>; merchantId: string; lines: Line[] }>()((db, $) =>
  db
    .with('made', () => insertRows('checkouts', $.checkout))
    .insertInto('checkout_items')
    .columns([...lineNames, 'affiliate_bps', 'commission_bps'])
    .expression((of) =>
      of
        .selectFrom(rowsOf($.lines, 'i', lineColumns))
        .leftJoin('skus as s', (on) => on.on('s.merchant_id', '=', $.merchantId).onRef('s.id', '=', 'i.sku_id'))
        .select(lineNames.map((name) => `i.${name}` as const))
        .select(['s.affiliate_bps', 's.commission_bps']),
    ),
)

/** Stores a new checkout with its lines in one statement. */
export async function insertCheckout(tx: Transaction, checkout: Checkout): Promise<void> {
  const { id, merchantId, currency } = checkout
  await insertWithLines(tx, {
    checkout: { id, merchant_id: merchantId, kind: 'checkout', currency, ...toRow(checkout) },
    merchantId,
    lines: toLines(checkout),
  })
}

const storeUnchanged = statement<Row & { id: string; readAt: string; lines: Line[] }>()((db, $) =>
  db
    .with('changed', (db) =>
      db
        .updateTable('checkouts as c')
        .set({ ...changesOf($), updated_at: sql`clock_timestamp()` })
        .where('c.id', '=', $.id)
        .where((c) => sql<boolean>`${c.ref('c.updated_at')} = ${$.readAt.typed('timestamptz')}`)
        .where('c.locked_at', 'is', null)
        .returning('c.id'),
    )
    .with('lines', (db) =>
      db
        .updateTable('checkout_items')
        .from(rowsOf($.lines, 'i', lineColumns))
        .set((item) => ({
          discount: item.ref('i.discount'),
          subscription: item.ref('i.subscription'),
          ship_from: item.ref('i.ship_from'),
          metadata: item.ref('i.metadata'),
          amount: item.ref('i.amount'),
          tax_rate: item.ref('i.tax_rate'),
          tax_amount: item.ref('i.tax_amount'),
          shipping_amount: item.ref('i.shipping_amount'),
          shipping_tax_amount: item.ref('i.shipping_tax_amount'),
          duty_amount: item.ref('i.duty_amount'),
          fee_amount: item.ref('i.fee_amount'),
          fee_tax_amount: item.ref('i.fee_tax_amount'),
        }))
        .whereRef('checkout_items.id', '=', 'i.id')
        .where((item) => item('checkout_items.checkout_id', 'in', item.selectFrom('changed').select('changed.id'))),
    )
    .selectFrom('changed')
    .select('id'),
)

const changesOf = ($: Holes<Row>) => ({
  customer_id: $.customer_id,
  email: $.email,
  locale: $.locale,
  ship_to: $.ship_to.json,
  bill_to: $.bill_to.json,
  shipping_choice: $.shipping_choice.json,
  metadata: $.metadata.json,
  details: $.details.json,
  tax_inclusive: $.tax_inclusive,
  customer_type: $.customer_type,
  tax_identifier_ids: $.tax_identifier_ids.json,
  selling_entity: $.selling_entity.json,
  subtotal: $.subtotal,
  total_tax: $.total_tax,
  total_duty: $.total_duty,
  total_fees: $.total_fees,
  total_discount: $.total_discount,
  total_shipping: $.total_shipping,
  total_amount: $.total_amount,
})

/** Stores a changed checkout unless somebody was faster; returns whether it did. */
export async function storeCheckout(tx: Transaction, checkout: Checkout, readAt: string): Promise<boolean> {
  const stored = await storeUnchanged(tx, {
    id: checkout.id,
    readAt,
    ...toRow(checkout),
    lines: toLines(checkout),
  })
  return stored.length === 1
}

const toRow = (checkout: Checkout) => ({
  customer_id: checkout.customerId,
  email: checkout.email,
  locale: checkout.locale,
  ship_to: checkout.shipTo,
  bill_to: checkout.billTo,
  shipping_choice: checkout.shippingChoice,
  metadata: checkout.metadata,
  details: checkout.details,
  tax_inclusive: checkout.taxInclusive,
  customer_type: checkout.customerType,
  tax_identifier_ids: checkout.taxIdentifierIds,
  selling_entity: checkout.sellingEntity,
  subtotal: checkout.subtotal,
  total_tax: checkout.totalTax,
  total_duty: checkout.totalDuty,
  total_fees: checkout.totalFees,
  total_discount: checkout.totalDiscount,
  total_shipping: checkout.totalShipping,
  total_amount: checkout.totalAmount,
})

const toLines = (checkout: Checkout): Line[] =>
  checkout.items.map((item, position) => ({
    id: item.id,
    checkout_id: checkout.id,
    sku_id: item.skuId,
    product: item.skuId === null ? item.product : null,
    quantity: item.quantity,
    unit_price: item.unitPrice,
    aggregate_price: item.aggregatePrice,
    position,
    discount: item.discount,
    subscription: item.subscription,
    ship_from: item.shipFrom,
    metadata: item.metadata,
    amount: item.amount,
    tax_rate: item.taxRate,
    tax_amount: item.taxAmount,
    shipping_amount: item.shippingAmount,
    shipping_tax_amount: item.shippingTaxAmount,
    duty_amount: item.dutyAmount,
    fee_amount: item.feeAmount,
    fee_tax_amount: item.feeTaxAmount,
  }))
