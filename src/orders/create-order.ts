import type { SkuKind } from '../catalog/sku.entity.ts'
import { checkSubmittable } from '../checkouts/check-submittable.ts'
import type {
  Attribution,
  CheckoutDetails,
  SellerSnapshot,
  ShippingChoice,
  SubscriptionInfo,
} from '../checkouts/checkout.entity.ts'
import type { ItemDiscount } from '../checkouts/discount.ts'
import type { CheckoutTotals } from '../checkouts/price-checkout.ts'
import { countedAttributionSql } from '../merchants/recipients.ts'
import { type Viewer, viewerParams, visibleSql } from '../merchants/viewer.ts'
import type { Party } from '../parties/address.ts'
import type { CustomerType } from '../parties/customer-type.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { isCurrency } from '../platform/money.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { notifyBuyer } from './notify-buyer.ts'
import type { TaxIdentifierSnapshot } from './order.entity.ts'

export type CreateOrderInput = {
  /** Whose carts it may be made of. */
  viewer: Viewer
  cartId: string
  /** The key it is made with. */
  apiKeyId: string | null
  /** The checkout link that sells it, and who buys. */
  linkId?: string
  buyerName?: string | undefined
  /** Hash of what the buyer's browser holds, so that it gets this order back. */
  buyerToken?: string
  liveMode: boolean
  paymentWindowMinutes: number
  /** Its source is charged by the same request; the order is not shown before the provider has answered. */
  draft?: boolean
}

export type CreateOrderOutcome =
  | { outcome: 'created'; orderId: string; totalAmount: number; made?: NewOrder }
  /** The cart had become an order before; it is the same one (R12, idempotent per cart). */
  | { outcome: 'existing'; orderId: string }

/** An order of a cart as it was stored a moment ago, so that whoever shows it need not read it again. */
export type NewOrder = {
  stored: CheckoutTotals & {
    id: string
    checkoutId: string
    createdAt: string
    expiresAt: string | null
    state: 'pending' | 'accepted'
    stateTransitions: Record<string, string>
    liveMode: boolean
  }
  cart: CartToOrder
  lines: { id: string; amount: number; source: CartItem }[]
}

type CartItem = CartToOrder['items'][number]

export type CartToOrder = CheckoutTotals & {
  kind: 'cart' | 'checkout'
  currency: string
  customerId: string | null
  email: string | null
  locale: string
  details: CheckoutDetails | null
  taxInclusive: boolean
  customerType: CustomerType
  sellingEntity: SellerSnapshot | null
  taxIdentifiers: TaxIdentifierSnapshot[] | null
  shipTo: Party | null
  billTo: Party | null
  shippingChoice: ShippingChoice | null
  attribution: Attribution | null
  metadata: Record<string, string | number | boolean>
  orderId: string | null
  items: {
    skuId: string | null
    sellerId: string
    kind: SkuKind
    quantity: number
    unitPrice: number
    amount: number
    taxRate: number
    taxAmount: number
    shippingAmount: number
    shippingTaxAmount: number
    dutyAmount: number
    feeAmount: number
    feeTaxAmount: number
    discount: ItemDiscount | null
    subscription: SubscriptionInfo | null
    shipFrom: Party | null
    metadata: Record<string, string | number | boolean> | null
    affiliateBps: number | null
    commissionBps: number | null
    product: Record<string, unknown>
  }[]
}

/**
 * Makes the order of a cart or checkout: snapshots items, shipping and totals, and locks the basket, in one transaction of three
 * statements (R6–R11). The same basket again gives the same order. An order without a price needs no payment: it is accepted.
 * @throws ApiError `not_found`, `cart_empty`, `email_required`, `ship_to_required`, `invalid_shipping_choice`, and what
 * {@link checkSubmittable} throws
 */
export async function createOrder(tx: Transaction, input: CreateOrderInput): Promise<CreateOrderOutcome> {
  const cart = await lockCartToOrder(tx, input)
  if (!cart) throw new ApiError('not_found', { parameter: 'cartId' })
  if (cart.orderId) return { outcome: 'existing', orderId: cart.orderId }
  if (cart.kind === 'cart') checkReady(cart)
  else checkSubmittable(cart)

  const items = cart.items.map((item, position) => ({
    id: newId('orderItem'),
    position,
    sku_id: item.skuId,
    seller_id: item.sellerId,
    kind: item.kind,
    product: item.product,
    quantity: item.quantity,
    unit_price: item.unitPrice,
    amount: item.amount,
    tax_rate: item.taxRate,
    tax_amount: item.taxAmount,
    shipping_amount: item.shippingAmount,
    shipping_tax_amount: item.shippingTaxAmount,
    duty_amount: item.dutyAmount,
    fee_amount: item.feeAmount,
    fee_tax_amount: item.feeTaxAmount,
    discount: item.discount,
    subscription: item.subscription,
    ship_from: item.shipFrom,
    metadata: item.metadata,
    commission_bps: item.commissionBps,
    affiliate_bps: item.affiliateBps,
  }))
  const totals = cart.kind === 'cart' ? cartTotals(cart) : cart
  if (!Number.isSafeInteger(totals.totalAmount) || !isCurrency(cart.currency)) throw new ApiError('invalid_amount')
  const free = totals.totalAmount === 0
  const state = free ? 'accepted' : 'pending'
  const now = new Date().toISOString()
  const expiresAt = free ? null : new Date(Date.now() + input.paymentWindowMinutes * 60_000).toISOString()
  const orderId = newId('order')
  const stateTransitions: Record<string, string> = free ? { pending: now, accepted: now } : { pending: now }

  await tx.sql(
    `with locked as (
      update checkouts set locked_at = now(), updated_at = now() where id = $2
    ), made as (
      insert into orders (id, checkout_id, merchant_id, api_key_id, state, state_transitions, fraud_state_transitions, currency, email,
        subtotal, total_shipping, total_amount, ship_to, bill_to, shipping_choice, attribution, metadata, live_mode, expires_at,
        link_id, buyer_name, total_tax, total_duty, total_fees, total_discount, fulfilled_by, draft, customer_id, locale, details,
        tax_inclusive, customer_type, tax_identifiers, selling_entity, upstream_id, buyer_token, created_at, updated_at)
      values ($1, $2, $3, $4, $5, $6::jsonb, '{}', $7, $8, $22, $10, $9, $11::jsonb, $12::jsonb, $13::jsonb, $14::jsonb, $15::jsonb, $16,
        $17, $20, $21, $23, $24, $25, $26, $27, $28, $29, $30, $31::jsonb, $32, $33, $34::jsonb, $35::jsonb, $36, $37,
        $19::timestamptz, $19::timestamptz)
    )
    insert into order_items (id, order_id, position, sku_id, seller_id, kind, product, quantity, unit_price, amount, commission_bps,
      affiliate_bps, state_transitions, tax_rate, tax_amount, shipping_amount, shipping_tax_amount, duty_amount, fee_amount, fee_tax_amount,
      discount, subscription, ship_from, metadata)
    select id, $1, position, sku_id, seller_id, kind, product, quantity, unit_price, amount, commission_bps, affiliate_bps,
      $38::jsonb, tax_rate, tax_amount, shipping_amount, shipping_tax_amount, duty_amount, fee_amount,
      fee_tax_amount, discount, subscription, ship_from, metadata
    from jsonb_to_recordset($18::jsonb) as i(id text, position int, sku_id text, seller_id text, kind text, product jsonb, quantity int,
      unit_price bigint, amount bigint, commission_bps int, affiliate_bps int, tax_rate double precision, tax_amount bigint,
      shipping_amount bigint, shipping_tax_amount bigint, duty_amount bigint, fee_amount bigint, fee_tax_amount bigint, discount jsonb,
      subscription jsonb, ship_from jsonb, metadata jsonb)`,
    [
      orderId,
      input.cartId,
      input.viewer.merchantId,
      input.apiKeyId,
      state,
      JSON.stringify(stateTransitions),
      cart.currency,
      cart.email,
      totals.totalAmount,
      totals.totalShipping,
      json(cart.shipTo),
      json(cart.billTo),
      json(cart.shippingChoice),
      json(cart.attribution),
      JSON.stringify(cart.metadata),
      input.liveMode,
      expiresAt,
      JSON.stringify(items),
      now,
      input.linkId ?? null,
      input.buyerName ?? null,
      totals.subtotal,
      totals.totalTax,
      totals.totalDuty,
      totals.totalFees,
      totals.totalDiscount,
      cart.kind === 'cart' ? 'engine' : 'merchant',
      input.draft ?? false,
      cart.customerId,
      cart.locale,
      json(cart.details),
      cart.taxInclusive,
      cart.customerType,
      json(cart.taxIdentifiers),
      json(cart.sellingEntity),
      cart.details?.upstreamId ?? null,
      input.buyerToken ?? null,
      // Made here and not of the parameter above: as a time Postgres would write it in words of its own.
      JSON.stringify({ created: now }),
    ],
  )
  if (input.draft) return { outcome: 'created', orderId, totalAmount: totals.totalAmount }
  tx.note({ orderId, kind: 'transition', subject: 'order', subjectId: orderId, to: 'pending', cause: 'created' })
  // Made by our own checkout page, not by the merchant's server (R87, R89).
  if (input.linkId) {
    const cause = 'checkout_session.order.created'
    tx.note({ orderId, kind: 'event', subject: 'order', subjectId: orderId, cause })
  }
  if (free) {
    tx.note({
      orderId,
      kind: 'transition',
      subject: 'order',
      subjectId: orderId,
      from: 'pending',
      to: 'accepted',
      cause: 'nothing to pay',
    })
    if (cart.kind === 'cart')
      tx.enqueue({ job: 'confirm-order', payload: { orderId }, dedupeKey: `${orderId}-confirm-1` })
    else notifyBuyer(tx, { id: orderId, fulfilledBy: 'merchant' }, 'order_confirmation')
  }
  const created = { outcome: 'created' as const, orderId, totalAmount: totals.totalAmount }
  if (cart.kind === 'checkout') return created
  const stored = {
    id: orderId,
    checkoutId: input.cartId,
    createdAt: now,
    expiresAt,
    state,
    stateTransitions,
    ...totals,
    liveMode: input.liveMode,
  } as const
  const lines = items.map(({ id, amount }, index) => ({ id, amount, source: cart.items[index] as CartItem }))
  return { ...created, made: { stored, cart, lines } }
}

/** A cart has no tax and no discount. */
function cartTotals(cart: CartToOrder): CheckoutTotals {
  const goods = cart.items.reduce((sum, item) => sum + item.amount, 0)
  const totalShipping = cart.shippingChoice?.amount ?? 0
  const subtotal = goods + totalShipping
  return { subtotal, totalShipping, totalAmount: subtotal, totalTax: 0, totalDuty: 0, totalFees: 0, totalDiscount: 0 }
}

async function lockCartToOrder(
  tx: Transaction,
  { cartId, viewer }: CreateOrderInput,
): Promise<CartToOrder | undefined> {
  // Locked first and read by a second statement: a request that waited must see the items and the order of the one before.
  const visible = `c.id = $1 and ${visibleSql('c', '$2', '$3')} and ($3::text is null or c.kind = 'cart')`
  await tx.sql(`select id from checkouts c where ${visible} for update`, [cartId, ...viewerParams(viewer)])
  const [cart] = await tx.sql<CartToOrder>(
    `select c.currency, c.email, c.ship_to as "shipTo", c.bill_to as "billTo", c.shipping_choice as "shippingChoice",
      ${countedAttributionSql} as attribution,
      c.metadata, (select id from orders o where o.checkout_id = c.id) as "orderId",
      c.kind, c.customer_id as "customerId", c.locale, c.details, c.tax_inclusive as "taxInclusive", c.customer_type as "customerType",
      c.selling_entity as "sellingEntity", c.subtotal, c.total_tax as "totalTax", c.total_duty as "totalDuty", c.total_fees as "totalFees",
      c.total_discount as "totalDiscount", c.total_shipping as "totalShipping", c.total_amount as "totalAmount",
      (select json_agg(json_build_object('id', t.id, 'type', t.type, 'value', t.value)) from tax_identifiers t
        where t.merchant_id = c.merchant_id and t.id in (select jsonb_array_elements_text(c.tax_identifier_ids))) as "taxIdentifiers",
      (select coalesce(json_agg(json_build_object('skuId', i.sku_id, 'sellerId', coalesce(s.seller_id, c.merchant_id),
          'kind', coalesce(s.kind, i.product ->> 'kind'), 'quantity', i.quantity, 'unitPrice', i.unit_price,
          'affiliateBps', i.affiliate_bps, 'commissionBps', i.commission_bps, 'amount', coalesce(i.amount, i.unit_price * i.quantity),
          'taxRate', i.tax_rate, 'taxAmount', i.tax_amount, 'shippingAmount', i.shipping_amount, 'shippingTaxAmount', i.shipping_tax_amount,
          'dutyAmount', i.duty_amount, 'feeAmount', i.fee_amount, 'feeTaxAmount', i.fee_tax_amount, 'discount', i.discount,
          'subscription', i.subscription, 'shipFrom', i.ship_from, 'metadata', i.metadata,
          'product', case when i.sku_id is null then i.product else jsonb_build_object('id', s.id, 'name', s.name, 'physical', s.kind <> 'digital', 'taxCode', s.tax_code,
            'weight', s.weight, 'weightUnit', s.weight_unit, 'dimensions', s.dimensions, 'countryOfOrigin', s.country_of_origin,
            'printful', s.printful, 'delivery', s.delivery,
            'licensed', s.licensed, 'downloadLimit', s.download_limit, 'metadata', s.metadata) end) order by i.position), '[]')
        from checkout_items i left join skus s on s.merchant_id = c.merchant_id and s.id = i.sku_id
        where i.checkout_id = c.id) as items
     from checkouts c where ${visible} and c.deleted_at is null`,
    [cartId, ...viewerParams(viewer)],
  )
  return cart
}

function checkReady(cart: CartToOrder): void {
  if (cart.items.length === 0) throw new ApiError('cart_empty', { parameter: 'cartId' })
  if (!cart.email) throw new ApiError('email_required', { parameter: 'email' })
  if (cart.items.some((item) => item.kind !== 'digital')) {
    if (!cart.shipTo) throw new ApiError('ship_to_required', { parameter: 'shipTo' })
    if (!cart.shippingChoice) throw new ApiError('invalid_shipping_choice', { parameter: 'shippingChoice' })
  }
}

const json = (value: unknown) => (value === null ? null : JSON.stringify(value))
