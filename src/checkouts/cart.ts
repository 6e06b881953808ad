import { isDeepStrictEqual } from 'node:util'
import type { SkuKind } from '../catalog/sku.entity.ts'
import { findCoupon } from '../coupons/redeem.ts'
import type { CouponTerms } from '../coupons/take-off.ts'
import type { DatabaseTransaction } from '../database/database.ts'
import type { CartTax } from '../merchants/merchant.entity.ts'
import { checkAttribution } from '../merchants/recipients.ts'
import { type Viewer, viewerValues } from '../merchants/viewer.ts'
import type { Address, Party } from '../parties/address.ts'
import { ApiError } from '../platform/errors.ts'
import { newUuid, withNewIds } from '../platform/ids.ts'
import {
  addLines,
  changeLine,
  dropChoice,
  dropRates,
  lockVisibleCart,
  readVisibleCart,
  removeLine,
  storeChanges,
  type Wanted,
} from './cart.statements.ts'
import type { TaxQuote } from './cart-tax.ts'
import type { Attribution, ShippingChoice } from './checkout.entity.ts'
import type { Discount, ItemDiscount } from './discount.ts'
import { priceCart } from './price-cart.ts'

type Tx = Pick<DatabaseTransaction, 'sql'>

export type CartLine = {
  id: string
  skuId: string
  sellerId: string
  name: string
  kind: SkuKind
  quantity: number
  unitPrice: number
  /** Off this line, by the merchant's server. */
  discount: ItemDiscount | null
  taxCode: string | null
}

/** A cart as it is read; amounts in minor units of `currency`. */
export type Cart = {
  id: string
  merchantId: string
  currency: string
  email: string | null
  /** The language and country of its buyer, such as `de_AT`. */
  locale: string
  shipTo: Address | null
  billTo: Address | null
  shippingChoice: ShippingChoice | null
  attribution: Attribution | null
  /** Off the whole cart, by the merchant's server. */
  discount: Discount | null
  coupon: CouponTerms | null
  /** Whether its coupon may be used now; null without one. */
  couponIsOpen: boolean | null
  tax: CartTax
  taxQuote: TaxQuote | null
  metadata: Record<string, string | number | boolean>
  lockedAt: Date | null
  createdAt: Date
  updatedAt: Date
  items: CartLine[]
}

export type CartItemInput = { skuId: string; quantity: number; discount?: ItemDiscount | undefined }

export type CartChanges = {
  email?: string | undefined
  locale?: string | undefined
  shipTo?: Address | undefined
  billTo?: Address | undefined
  shippingChoice?: { id?: string | undefined } | (ShippingChoice & { id?: string | undefined }) | undefined
  attribution?: Pick<Attribution, 'affiliateId' | 'referrerId'> | undefined
  /** Null takes it away. */
  discount?: Discount | null | undefined
  /** Null takes it away. */
  couponCode?: string | null | undefined
  metadata?: Record<string, string | number | boolean> | undefined
}

/** Whoever says nothing about it reads this. */
const unsaidLocale = 'en_US'

export const maxCartLines = 100

/** Reads a viewer's cart. @throws ApiError `not_found`, also for a checkout and for somebody else's cart. */
export async function readCart(tx: Tx, viewer: Viewer, cartId: string): Promise<Cart> {
  const [cart] = await readVisibleCart(tx, { cartId, ...viewerValues(viewer) })
  if (!cart) throw new ApiError('not_found', { parameter: 'cartId' })
  return cart
}

/** Reads a cart to change it. @throws ApiError `not_found`, `cart_locked` once an order was made of it. */
export async function lockCart(tx: Tx, viewer: Viewer, cartId: string): Promise<Cart> {
  const [cart] = await lockVisibleCart(tx, { cartId, ...viewerValues(viewer) })
  if (!cart) throw new ApiError('not_found', { parameter: 'cartId' })
  if (cart.lockedAt !== null) throw new ApiError('cart_locked')
  return cart
}

/** Creates a cart with its items in one statement, and returns it as it is stored. @throws ApiError as {@link addItems} and {@link changeCart} */
export async function createCart(
  tx: Tx,
  input: {
    merchantId: string
    /** The key it is made with: a publishable one sees no other cart. Null for the cart of a checkout link. */
    apiKeyId: string | null
    currency: string
    items: readonly CartItemInput[]
    changes: CartChanges
    referrerBps: number
    /** Its tax, where that was asked for before, and the place of its buyer that this was asked about. */
    taxQuote?: TaxQuote | null
    place?: Party | null | undefined
  },
): Promise<Cart> {
  const id = newUuid()
  const { changes, taxQuote = null } = input
  const at = new Date()
  if (changes.attribution) await checkAttribution(tx.sql, input.merchantId, changes.attribution)
  const attribution = snapshotAttribution(changes.attribution, input.referrerBps)
  const coupon = await couponNamed(tx, input.merchantId, changes.couponCode, changes.email ?? null)
  const made = {
    id,
    merchant_id: input.merchantId,
    currency: input.currency,
    email: changes.email ?? null,
    locale: changes.locale ?? unsaidLocale,
    ship_to: changes.shipTo ?? null,
    bill_to: changes.billTo ?? input.place ?? null,
    attribution: attribution ?? null,
    details: changes.discount ? { discount: changes.discount } : null,
    coupon,
    tax_quote: taxQuote,
    metadata: changes.metadata ?? {},
    created_at: at,
    updated_at: at,
    api_key_id: input.apiKeyId,
  }
  const { merchantId } = input
  const added = await addLines(tx, { carts: [made], cartId: id, merchantId, wanted: toWanted(input.items) })
  added.sort((a, b) => (a.id < b.id ? -1 : 1))
  checkLines(added, input.currency)
  const cart = {
    id,
    merchantId: input.merchantId,
    currency: input.currency,
    email: changes.email ?? null,
    locale: changes.locale ?? unsaidLocale,
    shipTo: changes.shipTo ?? null,
    billTo: changes.billTo ?? null,
    shippingChoice: null,
    attribution: attribution ?? null,
    discount: changes.discount ?? null,
    coupon,
    couponIsOpen: coupon && true,
    tax: added[0]?.tax ?? 'none',
    taxQuote,
    metadata: changes.metadata ?? {},
    lockedAt: null,
    createdAt: at,
    updatedAt: at,
    items: added.map(toLine),
  }
  if (coupon) checkCoupon(cart)
  return cart
}

/**
 * Adds items at today's price with today's rates: later catalogue changes do not touch the cart.
 * The same SKU twice makes one line. @throws ApiError `invalid_parameter` for unknown SKUs, `currency_mismatch`
 */
export async function addItems(
  tx: Tx,
  cart: Pick<Cart, 'id' | 'merchantId' | 'currency'>,
  items: readonly CartItemInput[],
): Promise<void> {
  if (items.length === 0) return
  const { id: cartId, merchantId } = cart
  checkLines(await addLines(tx, { carts: [], cartId, merchantId, wanted: toWanted(items) }), cart.currency)
}

const toLine = ({ id, skuId, sellerId, name, kind, quantity, unitPrice, discount, taxCode }: KnownLine): CartLine => ({
  id,
  skuId,
  sellerId,
  name,
  kind,
  quantity,
  unitPrice,
  discount,
  taxCode,
})

type AddedLine = Awaited<ReturnType<typeof addLines>>[number]

/** A line of a SKU that there is. */
type KnownLine = CartLine & { currency: string; lines: number; tax: CartTax }

const isKnown = (line: AddedLine): line is KnownLine => line.currency !== null

function toWanted(items: readonly CartItemInput[]): Wanted[] {
  const wanted = new Map<string, Omit<Wanted, 'id' | 'skuId'>>()
  for (const { skuId, quantity, discount } of items) {
    const before = wanted.get(skuId)
    wanted.set(skuId, {
      quantity: (before?.quantity ?? 0) + quantity,
      discount: discount ?? before?.discount ?? null,
    })
  }
  return withNewIds('cartItem', [...wanted], (id, [skuId, line]) => ({ id, skuId, ...line }))
}

function checkLines(added: readonly AddedLine[], currency: string): asserts added is KnownLine[] {
  for (const line of added) {
    if (!isKnown(line))
      throw new ApiError('invalid_parameter', { message: `There is no SKU ${line.skuId}.`, parameter: 'items.skuId' })
    if (line.currency !== currency) throw new ApiError('currency_mismatch', { parameter: 'items.skuId' })
    if (line.quantity > maxQuantity)
      throw new ApiError('invalid_parameter', {
        message: `A quantity may be ${maxQuantity} at most.`,
        parameter: 'items.quantity',
      })
    if (line.lines > maxCartLines)
      throw new ApiError('invalid_parameter', {
        message: `A cart has ${maxCartLines} lines at most.`,
        parameter: 'items',
      })
  }
}

export const maxQuantity = 10_000

/**
 * Changes a locked cart and returns it as it is stored. Another address drops the shipping choice and every offer made for the old one:
 * shipping must be asked for again.
 * @throws ApiError `invalid_shipping_choice` for a rate that was not offered for this cart, what {@link checkAttribution} throws, and
 * `coupon_not_valid`, `coupon_minimum_not_met` or `coupon_not_applicable` for a code that takes nothing off
 */
export async function changeCart(tx: Tx, cart: Cart, changes: CartChanges, referrerBps: number): Promise<Cart> {
  const { shippingChoice: wish } = changes
  const rateId = wish && !('amount' in wish) ? (wish.id ?? '') : null
  const moves = changes.shipTo !== undefined && !isDeepStrictEqual(cart.shipTo, asStored(changes.shipTo))
  if (moves) await dropRates(tx, { cartId: cart.id })
  const kept = moves ? null : cart.shippingChoice
  if (changes.attribution) await checkAttribution(tx.sql, cart.merchantId, changes.attribution)
  const attribution = snapshotAttribution(changes.attribution, referrerBps)
  const coupon = await couponNamed(tx, cart.merchantId, changes.couponCode, changes.email ?? cart.email)
  const [changed] = await storeChanges(tx, {
    cartId: cart.id,
    email: changes.email ?? null,
    locale: changes.locale ?? null,
    shipTo: changes.shipTo ?? null,
    billTo: changes.billTo ?? null,
    attribution: attribution ?? null,
    metadata: changes.metadata ?? {},
    details: changes.discount ? { discount: changes.discount } : null,
    changesDetails: changes.discount !== undefined,
    coupon,
    changesCoupon: changes.couponCode !== undefined,
    shippingChoice: wish && 'amount' in wish ? wish : kept,
    rateId,
  })
  if (rateId !== null && !changed?.shippingChoice) {
    throw new ApiError('invalid_shipping_choice', { parameter: 'shippingChoice.id' })
  }
  const now = { ...cart, ...changed }
  if (coupon) checkCoupon(now)
  return now
}

/** What the coupon of this code takes off; null where none is named. @throws ApiError `coupon_not_valid`, one answer for all that is wrong */
async function couponNamed(tx: Tx, merchantId: string, code: string | null | undefined, email: string | null) {
  if (code === null || code === undefined) return null
  const coupon = await findCoupon(tx.sql, { merchantId, code, email })
  if (!coupon) throw new ApiError('coupon_not_valid', { parameter: 'couponCode' })
  return coupon
}

/** A coupon that was just named has to take something off. Later the cart only says why it does not. */
function checkCoupon(cart: Cart): void {
  const { couponProblem } = priceCart(cart)
  if (couponProblem) throw new ApiError(couponProblem, { parameter: 'couponCode' })
}

/**
 * Changes a line of a locked cart: its quantity, of which zero removes it, and what its merchant's server takes off, null for nothing.
 * @throws ApiError `not_found`
 */
export async function setQuantity(
  tx: Tx,
  cart: Cart,
  itemId: string,
  { quantity, discount }: { quantity: number; discount?: ItemDiscount | null | undefined },
): Promise<void> {
  const line = { cartId: cart.id, itemId }
  const changed =
    quantity === 0
      ? await removeLine(tx, line)
      : await changeLine(tx, { ...line, quantity, discount: discount ?? null, changesDiscount: discount !== undefined })
  if (changed.length === 0) throw new ApiError('not_found', { parameter: 'itemId' })
}

/** Items changed: parcels and prices may differ, so neither the shipping choice nor the offers hold any longer. */
export async function dropShippingChoice(tx: Tx, cartId: string): Promise<void> {
  await dropChoice(tx, { cartId })
}

/** The referrer's rate is fixed when the attribution starts, so a later change never touches a cart in progress. */
const snapshotAttribution = (attribution: CartChanges['attribution'], referrerBps: number): Attribution | undefined =>
  attribution && { ...attribution, ...(attribution.referrerId ? { referrerBps } : {}) }

/** As it will be read again. */
const asStored = (value: object): unknown => JSON.parse(JSON.stringify(value))
