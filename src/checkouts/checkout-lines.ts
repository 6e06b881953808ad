import { noCurrency } from '../catalog/sku.entity.ts'
import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import type { Party } from '../parties/address.ts'
import { ApiError } from '../platform/errors.ts'
import { newId, newUuid } from '../platform/ids.ts'
import type { SubscriptionInfo } from './checkout.entity.ts'
import type { CheckoutItem } from './checkout.ts'
import type { ItemDiscount } from './discount.ts'

/** A line as a caller asks for it: of a SKU, or described inline. Amounts in minor units. */
export type CheckoutItemInput = {
  skuId?: string | undefined
  product?: (Record<string, unknown> & { name: string; physical: boolean }) | undefined
  quantity: number
  price?: number | undefined
  aggregatePrice?: number | undefined
  discount?: ItemDiscount | undefined
  /** Charged beside the price, in the price's own terms: with tax or without. */
  fee?: number
  duty?: number
  subscription?: SubscriptionInfo | undefined
  shipFrom?: Party | undefined
  metadata?: Record<string, string | number | boolean> | undefined
}

const readSkus = statement<{ merchantId: string; ids: string[] }>()((db, $) =>
  db
    .selectFrom('skus')
    .select(['id', 'seller_id as sellerId', 'kind', 'price', 'currency', 'tax_code as taxCode'])
    .where('merchant_id', '=', $.merchantId)
    .where((sku) => sku('id', '=', sku.fn.any($.ids)))
    .where('deleted_at', 'is', null),
)

/** The lines with what their SKUs say. Prices that are not given are the SKU's. */
export async function toItems(
  sql: Sql,
  { merchantId, currency, items }: { merchantId: string; currency: string; items: readonly CheckoutItemInput[] },
): Promise<CheckoutItem[]> {
  const skus = await readSkus(sql, { merchantId, ids: items.flatMap(({ skuId }) => (skuId ? [skuId] : [])) })
  const known = new Map(skus.map((sku) => [sku.id, sku]))
  return items.map((item, index) => {
    const at = `items[${index}]`
    const sku = item.skuId === undefined ? undefined : known.get(item.skuId)
    if (item.skuId !== undefined && !sku)
      throw new ApiError('invalid_parameter', { message: `There is no SKU ${item.skuId}.`, parameter: `${at}.skuId` })
    if (!sku && !item.product) throw new ApiError('missing_parameter', { parameter: `${at}.skuId` })
    const priceOfSku = sku?.currency === currency ? sku.price : undefined
    const unitPrice = item.price ?? priceOfSku
    if (unitPrice === undefined && item.aggregatePrice === undefined)
      throw new ApiError(sku && sku.currency !== noCurrency ? 'currency_mismatch' : 'missing_parameter', {
        parameter: `${at}.price`,
      })
    const kind = sku?.kind ?? (item.product?.physical ? 'physical' : 'digital')
    return {
      id: newId('cartItem'),
      skuId: sku?.id ?? null,
      sellerId: sku?.sellerId ?? merchantId,
      kind,
      product: sku ? {} : { ...item.product, kind },
      taxCode: sku ? sku.taxCode : typeof item.product?.taxCode === 'string' ? item.product.taxCode : null,
      quantity: item.quantity,
      unitPrice: unitPrice ?? Math.round((item.aggregatePrice ?? 0) / item.quantity),
      aggregatePrice: item.aggregatePrice ?? null,
      discount: item.discount ?? null,
      subscription: withAgreement(item.subscription),
      shipFrom: item.shipFrom ?? null,
      metadata: item.metadata ?? null,
      amount: 0,
      taxRate: 0,
      taxAmount: 0,
      shippingAmount: 0,
      shippingTaxAmount: 0,
      dutyAmount: item.duty ?? 0,
      feeAmount: item.fee ?? 0,
      feeTaxAmount: 0,
    }
  })
}

/** A subscription line gets an agreement of its own unless it renews one. */
const withAgreement = (subscription: SubscriptionInfo | undefined): SubscriptionInfo | null =>
  subscription ? { ...subscription, billingAgreementId: subscription.billingAgreementId ?? newUuid() } : null
