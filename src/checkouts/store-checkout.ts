import type { Transaction } from '../tasks/transaction.ts'
import type { Checkout } from './checkout.ts'

/** Stores a new checkout with its lines in one statement. */
export async function insertCheckout(tx: Transaction, checkout: Checkout): Promise<void> {
  await tx.sql(
    `with made as (
      insert into checkouts (id, merchant_id, kind, currency, customer_id, email, locale, ship_to, bill_to, shipping_choice, metadata,
        details, tax_inclusive, customer_type, tax_identifier_ids, selling_entity, subtotal, total_tax, total_duty, total_fees,
        total_discount, total_shipping, total_amount)
      select $1, $2, 'checkout', $3, c.customer_id, c.email, c.locale, c.ship_to, c.bill_to, c.shipping_choice, c.metadata, c.details,
        c.tax_inclusive, c.customer_type, c.tax_identifier_ids, c.selling_entity, c.subtotal, c.total_tax, c.total_duty, c.total_fees,
        c.total_discount, c.total_shipping, c.total_amount
      from ${checkoutRecord('$4')}
    )
    insert into checkout_items (id, checkout_id, sku_id, product, quantity, unit_price, aggregate_price, position, discount, subscription,
      ship_from, metadata, amount, tax_rate, tax_amount, shipping_amount, shipping_tax_amount, duty_amount, fee_amount, fee_tax_amount,
      affiliate_bps, commission_bps)
    select i.id, $1, i.sku_id, i.product, i.quantity, i.unit_price, i.aggregate_price, i.position, i.discount, i.subscription, i.ship_from,
      i.metadata, i.amount, i.tax_rate, i.tax_amount, i.shipping_amount, i.shipping_tax_amount, i.duty_amount, i.fee_amount,
      i.fee_tax_amount, s.affiliate_bps, s.commission_bps
    from ${itemRecords('$5')} left join skus s on s.merchant_id = $2 and s.id = i.sku_id`,
    [checkout.id, checkout.merchantId, checkout.currency, JSON.stringify(toRow(checkout)), toItemRows(checkout)],
  )
}

/** Stores a changed checkout unless somebody was faster; returns whether it did. */
export async function storeCheckout(tx: Transaction, checkout: Checkout, readAt: string): Promise<boolean> {
  const [stored] = await tx.sql<{ count: number }>(
    `with changed as (
      update checkouts set customer_id = c.customer_id, email = c.email, locale = c.locale, ship_to = c.ship_to, bill_to = c.bill_to,
        shipping_choice = c.shipping_choice, metadata = c.metadata, details = c.details, tax_inclusive = c.tax_inclusive,
        customer_type = c.customer_type, tax_identifier_ids = c.tax_identifier_ids, selling_entity = c.selling_entity,
        subtotal = c.subtotal, total_tax = c.total_tax, total_duty = c.total_duty, total_fees = c.total_fees,
        total_discount = c.total_discount, total_shipping = c.total_shipping, total_amount = c.total_amount, updated_at = clock_timestamp()
      from ${checkoutRecord('$3')}
      where checkouts.id = $1 and checkouts.updated_at = $2::timestamptz and checkouts.locked_at is null returning checkouts.id
    ), lines as (
      update checkout_items set discount = i.discount, subscription = i.subscription, ship_from = i.ship_from, metadata = i.metadata,
        amount = i.amount, tax_rate = i.tax_rate, tax_amount = i.tax_amount, shipping_amount = i.shipping_amount,
        shipping_tax_amount = i.shipping_tax_amount, duty_amount = i.duty_amount, fee_amount = i.fee_amount, fee_tax_amount = i.fee_tax_amount
      from ${itemRecords('$4')}
      where checkout_items.id = i.id and checkout_items.checkout_id in (select id from changed)
    )
    select count(*) as count from changed`,
    [checkout.id, readAt, JSON.stringify(toRow(checkout)), toItemRows(checkout)],
  )
  return stored?.count === 1
}

const checkoutRecord = (parameter: string) =>
  `jsonb_to_record(${parameter}::jsonb) as c(customer_id text, email text, locale text, ship_to jsonb, bill_to jsonb, shipping_choice jsonb,
    metadata jsonb, details jsonb, tax_inclusive boolean, customer_type text, tax_identifier_ids jsonb, selling_entity jsonb, subtotal bigint,
    total_tax bigint, total_duty bigint, total_fees bigint, total_discount bigint, total_shipping bigint, total_amount bigint)`

const itemRecords = (parameter: string) =>
  `jsonb_to_recordset(${parameter}::jsonb) as i(id text, sku_id text, product jsonb, quantity int, unit_price bigint, aggregate_price bigint,
    position int, discount jsonb, subscription jsonb, ship_from jsonb, metadata jsonb, amount bigint, tax_rate double precision,
    tax_amount bigint, shipping_amount bigint, shipping_tax_amount bigint, duty_amount bigint, fee_amount bigint, fee_tax_amount bigint)`

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

const toItemRows = (checkout: Checkout): string =>
  JSON.stringify(
    checkout.items.map((item, position) => ({
      id: item.id,
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
    })),
  )
