import { isDeepStrictEqual } from 'node:util'
import type { SkuKind } from '../catalog/sku.entity.ts'
import type { DatabaseTransaction } from '../database/database.ts'
import { checkAttribution } from '../merchants/recipients.ts'
import { type Viewer, viewerValues } from '../merchants/viewer.ts'
import type { Address } from '../parties/address.ts'
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
import type { Attribution, ShippingChoice } from './checkout.entity.ts'

type Tx = Pick<DatabaseTransaction, 'sql'>

export type CartLine = {
  id: string
  skuId: string
  sellerId: string
  name: string
  kind: SkuKind
  quantity: number
  unitPrice: number
}

/** A cart as it is read; amounts in minor units of `currency`. */
export type Cart = {
  id: string
  merchantId: string
  currency: string
  email: string | null
  shipTo: Address | null
  billTo: Address | null
  shippingChoice: ShippingChoice | null
  attribution: Attribution | null
  metadata: Record<string, string | number | boolean>
  lockedAt: Date | null
  createdAt: Date
  updatedAt: Date
  items: CartLine[]
}

export type CartItemInput = { skuId: string; quantity: number }

export type CartChanges = {
  email?: string | undefined
  shipTo?: Address | undefined
  billTo?: Address | undefined
  shippingChoice?: { id?: string | undefined } | (ShippingChoice & { id?: string | undefined }) | undefined
  attribution?: Pick<Attribution, 'affiliateId' | 'referrerId'> | undefined
  metadata?: Record<string, string | number | boolean> | undefined
}

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

/** Creates a cart with its items in one statement, and returns it as it is stored. @throws ApiError as {@link addItems} */
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
  },
): Promise<Cart> {
  const id = newUuid()
  const { changes } = input
  const at = new Date()
  if (changes.attribution) await checkAttribution(tx.sql, input.merchantId, changes.attribution)
  const attribution = snapshotAttribution(changes.attribution, input.referrerBps)
  const made = {
    id,
    merchant_id: input.merchantId,
    currency: input.currency,
    email: changes.email ?? null,
    ship_to: changes.shipTo ?? null,
    bill_to: changes.billTo ?? null,
    attribution: attribution ?? null,
    metadata: changes.metadata ?? {},
    created_at: at,
    updated_at: at,
    api_key_id: input.apiKeyId,
  }
  const { merchantId } = input
  const added = await addLines(tx, { carts: [made], cartId: id, merchantId, wanted: toWanted(input.items) })
  added.sort((a, b) => (a.id < b.id ? -1 : 1))
  checkLines(added, input.currency)
  return {
    id,
    merchantId: input.merchantId,
    currency: input.currency,
    email: changes.email ?? null,
    shipTo: changes.shipTo ?? null,
    billTo: changes.billTo ?? null,
    shippingChoice: null,
    attribution: attribution ?? null,
    metadata: changes.metadata ?? {},
    lockedAt: null,
    createdAt: at,
    updatedAt: at,
    items: added.map(({ id, skuId, sellerId, name, kind, quantity, unitPrice }) => ({
      id,
      skuId,
      sellerId,
      name,
      kind,
      quantity,
      unitPrice,
    })),
  }
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

type AddedLine = Awaited<ReturnType<typeof addLines>>[number]

/** A line of a SKU that there is. */
type KnownLine = CartLine & { currency: string; lines: number }

const isKnown = (line: AddedLine): line is KnownLine => line.currency !== null

function toWanted(items: readonly CartItemInput[]): Wanted[] {
  const quantities = new Map<string, number>()
  for (const { skuId, quantity } of items) quantities.set(skuId, (quantities.get(skuId) ?? 0) + quantity)
  return withNewIds('cartItem', [...quantities], (id, [skuId, quantity]) => ({ id, skuId, quantity }))
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
 * @throws ApiError `invalid_shipping_choice` for a rate that was not offered for this cart, and what {@link checkAttribution} throws
 */
export async function changeCart(tx: Tx, cart: Cart, changes: CartChanges, referrerBps: number): Promise<Cart> {
  const { shippingChoice: wish } = changes
  const rateId = wish && !('amount' in wish) ? (wish.id ?? '') : null
  const moves = changes.shipTo !== undefined && !isDeepStrictEqual(cart.shipTo, asStored(changes.shipTo))
  if (moves) await dropRates(tx, { cartId: cart.id })
  const kept = moves ? null : cart.shippingChoice
  if (changes.attribution) await checkAttribution(tx.sql, cart.merchantId, changes.attribution)
  const attribution = snapshotAttribution(changes.attribution, referrerBps)
  const [changed] = await storeChanges(tx, {
    cartId: cart.id,
    email: changes.email ?? null,
    shipTo: changes.shipTo ?? null,
    billTo: changes.billTo ?? null,
    attribution: attribution ?? null,
    metadata: changes.metadata ?? {},
    shippingChoice: wish && 'amount' in wish ? wish : kept,
    rateId,
  })
  if (rateId !== null && !changed?.shippingChoice) {
    throw new ApiError('invalid_shipping_choice', { parameter: 'shippingChoice.id' })
  }
  return { ...cart, ...changed }
}

/** Changes the quantity of a line of a locked cart; zero removes it. @throws ApiError `not_found` */
export async function setQuantity(tx: Tx, cart: Cart, itemId: string, quantity: number): Promise<void> {
  const line = { cartId: cart.id, itemId }
  const changed = quantity === 0 ? await removeLine(tx, line) : await changeLine(tx, { ...line, quantity })
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

/** Sums of a cart in minor units. Shipping is what was chosen, or nothing yet. */
export function cartTotals(cart: Pick<Cart, 'items' | 'shippingChoice'>) {
  const items = cart.items.reduce((sum, item) => sum + item.unitPrice * item.quantity, 0)
  const shipping = cart.shippingChoice?.amount ?? 0
  return { items, shipping, subtotal: items + shipping, total: items + shipping }
}
