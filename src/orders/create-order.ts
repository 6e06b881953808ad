import { sql } from 'kysely'
import { takeStock } from '../catalog/stock.ts'
import { checkSubmittable } from '../checkouts/check-submittable.ts'
import { closeCheckout } from '../checkouts/close-checkout.ts'
import { type PricedCart, priceCart } from '../checkouts/price-cart.ts'
import { type CheckoutTotals, componentRates } from '../checkouts/price-checkout.ts'
import { redeemCoupon } from '../coupons/redeem.ts'
import { insertRows, type NewRow, statement } from '../database/statement.ts'
import type { Viewer } from '../merchants/viewer.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { allocate, isCurrency } from '../platform/money.ts'
import { checkCredit } from '../sources/check-source.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { type CartToOrder, lockCartToOrder } from './cart-to-order.ts'
import { notifyBuyer } from './notify-buyer.ts'
import { refuseLines } from './refuse-lines.ts'
import { askedOf, refuseWhatIsShort } from './stock.ts'

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
  /** The cart had become an order before; it is the same one (idempotent per cart). */
  | { outcome: 'existing'; orderId: string }

/** An order of a cart as it was stored a moment ago, so that whoever shows it need not read it again. */
export type NewOrder = {
  record: ReturnType<typeof toOrderRecord>
  items: ReturnType<typeof toItemRecord>[]
}

type CartItem = CartToOrder['items'][number]

const storeOrder = statement<{
  order: NewRow<'orders'>
  items: readonly NewRow<'order_items'>[]
  checkoutId: string
}>({ order: 'jsonb', items: 'jsonb', checkoutId: 'uuid' })((db, $) =>
  db
    .with('locked', () => closeCheckout($.checkoutId))
    .with('made', () => insertRows('orders', $.order))
    .with('itemized', () => insertRows('order_items', $.items))
    .selectNoFrom(sql.lit(1).as('stored')),
)

/**
 * Makes the order of a cart or checkout: snapshots items, shipping and totals, and locks the basket, in one transaction of three
 * statements, and two more that count its coupon if it has one. The same basket again gives the same order. An order without a price needs no
 * payment, nor does one that a credit pays alone: it is accepted.
 * @throws ApiError `not_found`, `cart_empty`, `email_required`, `ship_to_required`, `invalid_shipping_choice`, `coupon_not_valid`,
 * `coupon_minimum_not_met`, `coupon_not_applicable`, `out_of_stock`, `not_for_sale`, and what {@link checkSubmittable} throws
 */
export async function createOrder(tx: Transaction, input: CreateOrderInput): Promise<CreateOrderOutcome> {
  const cart = await lockCartToOrder(tx, input)
  if (!cart) throw new ApiError('not_found', { parameter: 'cartId' })
  if (cart.orderId) return { outcome: 'existing', orderId: cart.orderId }
  if (cart.kind === 'cart') checkReady(cart)
  else {
    checkSubmittable(cart)
    // Who sells no more owes no tax: the next change of the checkout prices it with who does.
    if (!cart.sellerIsThere) throw new ApiError('price_changed', { parameter: 'checkoutId' })
  }
  const { email } = cart
  if (email === null) throw new ApiError('email_required', { parameter: 'email' })

  const priced = cart.kind === 'cart' ? priceToPay(cart) : undefined
  const totals = priced ?? cart
  if (!Number.isSafeInteger(totals.totalAmount) || !isCurrency(cart.currency)) throw new ApiError('invalid_amount')
  const credit = creditOf(cart, totals)
  const free = totals.totalAmount === credit
  // What a credit leaves is paid by a source whose money is held, in the request that makes the order.
  if (credit > 0 && !free && !input.draft) throw new ApiError('order_submit_failed')
  refuseWhatIsShort(cart.items, askedOf(cart.items))
  const record = toOrderRecord(input, { ...(priced ? taxed(cart, priced) : cart), email }, totals)
  const taken = free || input.draft ? await takeAtOnce(tx, cart, input) : undefined
  const prices = priced ? cart.items.map((item, position) => withPrice(item, priced, position)) : cart.items
  const credits = spreadCredit(credit, prices, input.viewer.merchantId)
  const items = prices.map((item, position) =>
    toItemRecord(record, item, { position, taken, credit: credits[position] ?? 0 }),
  )
  await storeOrder(tx, { order: record, items, checkoutId: input.cartId })
  // Last, because everybody who has the same code waits for its row.
  if (cart.coupon) await redeemCoupon(tx, { couponId: cart.coupon.id, orderId: record.id, email })
  const created = { outcome: 'created' as const, orderId: record.id, totalAmount: totals.totalAmount }
  if (input.draft) return created
  noteCreated(tx, record)
  if (free && cart.kind === 'cart') {
    const payload = { orderId: record.id }
    tx.enqueue({ job: 'confirm-order', payload, dedupeKey: `${record.id}-confirm-1` })
  } else if (free) {
    notifyBuyer(tx, { id: record.id, fulfilledBy: 'merchant' }, 'order_confirmation')
  }
  return cart.kind === 'cart' ? { ...created, made: { record, items } } : created
}

/** What of an order its buyer's credit pays; minor units. @throws ApiError as {@link checkCredit} does */
function creditOf({ credit, currency }: CartToOrder, { totalAmount }: CheckoutTotals): number {
  if (!credit || totalAmount === 0) return 0
  checkCredit(credit, { currency, total: totalAmount })
  return credit.amount ?? 0
}

/**
 * What of each line a credit pays: of those that whoever grants it sells, by what of them is no tax, which is collected in money so that it can be
 * passed on. @throws ApiError `merchant_share_negative` where everything is sold by others, who have promised nothing
 */
function spreadCredit(credit: number, items: readonly CartItem[], merchantId: string): number[] {
  const own = items.map((item) =>
    item.sellerId === merchantId ? item.amount + item.shippingAmount + item.dutyAmount + item.feeAmount : 0,
  )
  if (credit > 0 && own.every((amount) => amount === 0)) throw new ApiError('merchant_share_negative')
  return allocate(credit, own)
}

/** The row of a new order. What costs nothing, or is paid by a credit alone, is accepted. */
function toOrderRecord(input: CreateOrderInput, cart: CartToOrder & { email: string }, totals: CheckoutTotals) {
  const at = new Date()
  const now = at.toISOString()
  const credit = creditOf(cart, totals)
  const free = totals.totalAmount === credit
  return {
    id: newId('order'),
    checkout_id: input.cartId,
    merchant_id: input.viewer.merchantId,
    api_key_id: input.apiKeyId,
    link_id: input.linkId ?? null,
    state: free ? ('accepted' as const) : ('pending' as const),
    state_transitions: free ? { pending: now, accepted: now } : { pending: now },
    fraud_state: null,
    fraud_state_transitions: {},
    dispute_state: null,
    attention: null,
    cancel_reason: null,
    currency: cart.currency,
    locale: cart.locale,
    email: cart.email,
    customer_id: cart.customerId,
    customer_type: cart.customerType,
    upstream_id: cart.details?.upstreamId ?? null,
    buyer_name: input.buyerName ?? null,
    buyer_token: input.buyerToken ?? null,
    subtotal: totals.subtotal,
    total_tax: totals.totalTax,
    total_duty: totals.totalDuty,
    total_fees: totals.totalFees,
    total_discount: totals.totalDiscount,
    total_shipping: totals.totalShipping,
    total_amount: totals.totalAmount,
    credit_source_id: credit > 0 ? (cart.credit?.id ?? null) : null,
    credit_amount: credit,
    tax_inclusive: cart.taxInclusive,
    tax_identifiers: cart.taxIdentifiers,
    ship_to: cart.shipTo,
    bill_to: cart.billTo,
    shipping_choice: cart.shippingChoice,
    attribution: cart.attribution,
    selling_entity: cart.sellingEntity,
    details: cart.details,
    coupon: cart.coupon && { id: cart.coupon.id, code: cart.coupon.code },
    metadata: cart.metadata,
    request_to_be_forgotten: false,
    live_mode: input.liveMode,
    fulfilled_by: cart.kind === 'cart' ? ('engine' as const) : ('merchant' as const),
    draft: input.draft ?? false,
    counts_stock: cart.items.some(({ inventory }) => inventory !== null),
    expires_at: free ? null : new Date(at.getTime() + input.paymentWindowMinutes * 60_000),
    created_at: at,
    updated_at: at,
  } satisfies NewRow<'orders'>
}

function toItemRecord(
  order: Pick<ReturnType<typeof toOrderRecord>, 'id' | 'created_at'>,
  item: CartItem,
  { position, taken, credit }: { position: number; taken: ReadonlySet<string | null> | undefined; credit: number },
) {
  return {
    id: newId('orderItem'),
    order_id: order.id,
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
    refunded_amount: 0,
    credit_amount: credit,
    credit_refunded_amount: 0,
    discount: item.discount,
    subscription: item.subscription,
    ship_from: item.shipFrom,
    metadata: item.metadata,
    commission_bps: item.commissionBps,
    affiliate_bps: item.affiliateBps,
    state: 'created' as const,
    state_transitions: { created: order.created_at.toISOString() },
    fulfilled_quantity: 0,
    cancelled_quantity: 0,
    returned_quantity: 0,
    taken_quantity: taken?.has(item.skuId) ? item.quantity : 0,
  } satisfies NewRow<'order_items'>
}

/**
 * Takes the pieces of an order that is accepted as it is made, or charged by the request that makes it. Returns of which SKUs.
 * @throws ApiError `out_of_stock`
 */
async function takeAtOnce(tx: Transaction, cart: CartToOrder, input: CreateOrderInput): Promise<Set<string | null>> {
  const wanted = askedOf(cart.items)
  if (wanted.length === 0) return new Set()
  const asked = await takeStock(
    tx,
    input.viewer.merchantId,
    wanted.map(({ skuId, quantity }) => ({ skuId, quantity })),
  )
  refuseWhatIsShort(cart.items, asked)
  return new Set(asked.map(({ skuId }) => skuId))
}

function noteCreated(tx: Transaction, { id, state, link_id: linkId }: ReturnType<typeof toOrderRecord>): void {
  const line = { orderId: id, subject: 'order' as const, subjectId: id }
  tx.note({ ...line, kind: 'transition', to: 'pending', cause: 'created' })
  // Made by our own checkout page, not by the merchant's server.
  if (linkId !== null) tx.note({ ...line, kind: 'event', cause: 'checkout_session.order.created' })
  if (state === 'accepted')
    tx.note({ ...line, kind: 'transition', from: 'pending', to: 'accepted', cause: 'nothing to pay' })
}

/** @throws ApiError for a coupon that takes nothing off: whoever sees it may leave it out; `tax_not_calculated`: the buyer was not shown it */
function priceToPay(cart: CartToOrder): PricedCart {
  const priced = priceCart(cart)
  if (priced.couponProblem) throw new ApiError(priced.couponProblem, { parameter: 'couponCode' })
  if (priced.taxState === 'needed' || (priced.taxQuote?.sellingEntity && !cart.sellerIsThere))
    throw new ApiError('tax_not_calculated', { parameter: 'cartId' })
  return priced
}

/** A line of a cart at what it costs, with all that was taken off. */
function withPrice(item: CartItem, { lines }: PricedCart, position: number): CartItem {
  const { off = 0, ...line } = lines[position] ?? {}
  return { ...item, ...line, discount: off > 0 ? { amountOff: off } : null }
}

/** A cart with its tax, and who owes that, as checkouts have them. */
function taxed(cart: CartToOrder, { taxQuote, totalShipping, shippingTax }: PricedCart): CartToOrder {
  if (!taxQuote) return cart
  const { result, sellingEntity } = taxQuote
  const { reference } = result.source
  return {
    ...cart,
    taxInclusive: cart.tax === 'inclusive',
    sellingEntity,
    details: {
      ...cart.details,
      taxTreatment: result.treatment,
      ...componentRates(result),
      ...(reference ? { taxReference: reference } : {}),
    },
    shippingChoice: cart.shippingChoice && {
      ...cart.shippingChoice,
      amount: totalShipping,
      taxAmount: shippingTax,
    },
  }
}

function checkReady(cart: CartToOrder): void {
  if (cart.items.length === 0) throw new ApiError('cart_empty', { parameter: 'cartId' })
  refuseLines('not_for_sale', cart.items, ({ skuId, offSale }) =>
    offSale ? `${skuId} is not sold any more. Take it out of the cart.` : undefined,
  )
  if (!cart.email) throw new ApiError('email_required', { parameter: 'email' })
  if (cart.items.some((item) => item.kind !== 'digital')) {
    if (!cart.shipTo) throw new ApiError('ship_to_required', { parameter: 'shipTo' })
    if (!cart.shippingChoice) throw new ApiError('invalid_shipping_choice', { parameter: 'shippingChoice' })
  }
}
