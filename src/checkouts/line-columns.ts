import { type Expression, expressionBuilder, sql } from 'kysely'
import type { SkuKind } from '../catalog/sku.entity.ts'
import { db } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'

/** The lines of a checkout as `i`, each with its SKU as `s` where it has one. */
export const linesOf = (c: { id: Expression<string>; merchantId: Expression<string> }) =>
  db
    .selectFrom('checkout_items as i')
    .leftJoin('skus as s', (on) => on.on('s.merchant_id', '=', c.merchantId).onRef('s.id', '=', 'i.sku_id'))
    .where('i.checkout_id', '=', c.id)

const line = expressionBuilder<{ i: Tables['checkout_items']; s: Tables['skus'] }, 'i' | 's'>()

/** What kind of goods a line is: as its SKU says, or as it was described inline. */
export const lineKind = sql<SkuKind>`coalesce(${line.ref('s.kind')}, ${line.ref('i.product')} ->> 'kind')`

/** What a line costs, for one JSON object. Amounts in minor units, `amount` net of discounts and tax. */
export const lineAmounts = {
  amount: line.fn.coalesce('i.amount', line('i.unit_price', '*', line.ref('i.quantity'))),
  taxRate: line.ref('i.tax_rate'),
  taxAmount: line.ref('i.tax_amount'),
  shippingAmount: line.ref('i.shipping_amount'),
  shippingTaxAmount: line.ref('i.shipping_tax_amount'),
  dutyAmount: line.ref('i.duty_amount'),
  feeAmount: line.ref('i.fee_amount'),
  feeTaxAmount: line.ref('i.fee_tax_amount'),
}

/** How a line is sold, for one JSON object. */
export const lineTerms = {
  discount: line.ref('i.discount'),
  subscription: line.ref('i.subscription'),
  shipFrom: line.ref('i.ship_from'),
  metadata: line.ref('i.metadata'),
}
