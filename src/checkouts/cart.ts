import { isDeepStrictEqual } from 'node:util'
import type { SkuKind } from '../catalog/sku.entity.ts'
import type { DatabaseTransaction } from '../database/database.ts'
import { checkAttribution } from '../merchants/recipients.ts'
import { type Viewer, viewerParams, visibleSql } from '../merchants/viewer.ts'
import type { Address } from '../parties/address.ts'
import { ApiError } from '../platform/errors.ts'
import { newUuid, withNewIds } from '../platform/ids.ts'
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
  lockedAt: string | null
  createdAt: string
  updatedAt: string
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

/**
 * Reads a cart by `$1` for the viewer `$2`, `$3`; `more` are further columns of `checkouts c`. A checkout is none: it was priced for
 * what it holds.
 */
export const cartSql = (lock: string, more = '') => `
  select c.id, c.merchant_id as "merchantId", c.currency, c.email, c.ship_to as "shipTo", c.bill_to as "billTo",
    c.shipping_choice as "shippingChoice", c.attribution, c.metadata, c.locked_at as "lockedAt",
    c.created_at as "createdAt", c.updated_at as "updatedAt",
    (select coalesce(json_agg(json_build_object('id', i.id, 'skuId', i.sku_id, 'sellerId', s.seller_id, 'name', s.name, 'kind', s.kind,
        'quantity', i.quantity, 'unitPrice', i.unit_price) order by i.position), '[]')
      from checkout_items i join skus s on s.merchant_id = c.merchant_id and s.id = i.sku_id where i.checkout_id = c.id) as items ${more}
  from checkouts c where c.id = $1 and c.kind = 'cart' and ${visibleSql('c', '$2', '$3')} ${lock}`

/** Reads a viewer's cart. @throws ApiError `not_found`, also for a checkout and for somebody else's cart (I11). */
export async function readCart(tx: Tx, viewer: Viewer, cartId: string): Promise<Cart> {
  const [cart] = await tx.sql<Cart>(cartSql(''), [cartId, ...viewerParams(viewer)])
  if (!cart) throw new ApiError('not_found', { parameter: 'cartId' })
  return cart
}

/** Reads a cart to change it. @throws ApiError `not_found`, `cart_locked` once an order was made of it (R11). */
export async function lockCart(tx: Tx, viewer: Viewer, cartId: string): Promise<Cart> {
  const [cart] = await tx.sql<Cart>(cartSql('for update of c'), [cartId, ...viewerParams(viewer)])
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
  const now = new Date().toISOString()
  if (changes.attribution) await checkAttribution(tx.sql, input.merchantId, changes.attribution)
  const attribution = snapshotAttribution(changes.attribution, input.referrerBps)
  const added = await tx.sql<AddedLine>(
    `with made as (
      insert into checkouts (id, merchant_id, currency, email, ship_to, bill_to, attribution, metadata, created_at, updated_at, api_key_id)
      values ($2, $3, $4, $5, $6::jsonb, $7::jsonb, $8::jsonb, $9::jsonb, $10, $10, $11)
    ), ${addItemsSql}`,
    [
      toWanted(input.items),
      id,
      input.merchantId,
      input.currency,
      changes.email ?? null,
      toJson(changes.shipTo),
      toJson(changes.billTo),
      toJson(attribution),
      JSON.stringify(changes.metadata ?? {}),
      now,
      input.apiKeyId,
    ],
  )
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
    createdAt: now,
    updatedAt: now,
    items: added.map(({ id, skuId, sellerId, name, kind, quantity, unitPrice }) => ({
      id,
      skuId,
      sellerId,
      name,
      kind,
      quantity: quantity ?? 0,
      unitPrice,
    })),
  }
}

/**
 * Adds items at today's price with today's rates: later catalogue changes do not touch the cart (R9).
 * The same SKU twice makes one line. @throws ApiError `invalid_parameter` for unknown SKUs, `currency_mismatch`
 */
export async function addItems(
  tx: Tx,
  cart: Pick<Cart, 'id' | 'merchantId' | 'currency'>,
  items: readonly CartItemInput[],
): Promise<void> {
  if (items.length === 0) return
  const added = await tx.sql<AddedLine>(`with ${addItemsSql}`, [toWanted(items), cart.id, cart.merchantId])
  checkLines(added, cart.currency)
}

/** A line as it stands after adding. `currency` and `quantity` are null for a SKU that does not exist, and so is all the rest. */
type AddedLine = Omit<CartLine, 'quantity'> & { currency: string | null; quantity: number | null; lines: number }

// $1 the wanted lines, $2 the cart, $3 its merchant.
const addItemsSql = `wanted as (
      select w.id, w.sku_id, w.quantity, s.seller_id, s.name, s.kind, s.price, s.currency, s.affiliate_bps, s.commission_bps, s.merchant_id is not null as known
      from jsonb_to_recordset($1::jsonb) as w(id text, sku_id text, quantity int)
      left join skus s on s.merchant_id = $3 and s.id = w.sku_id and s.deleted_at is null
    ), last as (
      select coalesce(max(position), 0) as position, count(*) as lines from checkout_items where checkout_id = $2
    ), raised as (
      update checkout_items i set quantity = i.quantity + w.quantity from wanted w
      where i.checkout_id = $2 and i.sku_id = w.sku_id returning i.sku_id, i.quantity
    ), added as (
      insert into checkout_items (id, checkout_id, sku_id, quantity, unit_price, affiliate_bps, commission_bps, position)
      select w.id, $2, w.sku_id, w.quantity, w.price, w.affiliate_bps, w.commission_bps, last.position + row_number() over (order by w.id)
      from wanted w, last where w.known and w.sku_id not in (select sku_id from raised)
      returning sku_id, quantity
    )
    select w.id, w.sku_id as "skuId", w.seller_id as "sellerId", w.name, w.kind, w.price as "unitPrice", w.currency, coalesce(r.quantity, a.quantity) as quantity,
      (select lines from last) + (select count(*) from added) as lines
    from wanted w left join raised r on r.sku_id = w.sku_id left join added a on a.sku_id = w.sku_id
    order by w.id`

function toWanted(items: readonly CartItemInput[]): string {
  const quantities = new Map<string, number>()
  for (const { skuId, quantity } of items) quantities.set(skuId, (quantities.get(skuId) ?? 0) + quantity)
  return JSON.stringify(withNewIds('cartItem', [...quantities], (id, [sku_id, quantity]) => ({ id, sku_id, quantity })))
}

function checkLines(added: readonly AddedLine[], currency: string): void {
  for (const line of added) {
    if (line.currency === null)
      throw new ApiError('invalid_parameter', { message: `There is no SKU ${line.skuId}.`, parameter: 'items.skuId' })
    if (line.currency !== currency) throw new ApiError('currency_mismatch', { parameter: 'items.skuId' })
    if ((line.quantity ?? 0) > maxQuantity)
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
  if (moves) await tx.sql('delete from shipping_rates where checkout_id = $1', [cart.id])
  const kept = moves ? null : cart.shippingChoice
  if (changes.attribution) await checkAttribution(tx.sql, cart.merchantId, changes.attribution)
  const attribution = snapshotAttribution(changes.attribution, referrerBps)
  const [changed] = await tx.sql<Partial<Cart>>(
    `update checkouts set email = coalesce($2, email), ship_to = coalesce($3::jsonb, ship_to), bill_to = coalesce($4::jsonb, bill_to),
       attribution = coalesce($5::jsonb, attribution), metadata = metadata || $6::jsonb, updated_at = now(),
       shipping_choice = case when $8::text is null then $7::jsonb else (
         select jsonb_build_object('id', id, 'amount', amount, 'description', description, 'serviceLevel', service_level, 'parts', parts)
         from shipping_rates where id = $8 and checkout_id = $1) end
     where id = $1
     returning email, ship_to as "shipTo", bill_to as "billTo", attribution, metadata, shipping_choice as "shippingChoice",
       updated_at as "updatedAt"`,
    [
      cart.id,
      changes.email ?? null,
      toJson(changes.shipTo),
      toJson(changes.billTo),
      toJson(attribution),
      JSON.stringify(changes.metadata ?? {}),
      toJson(wish ?? kept ?? undefined),
      rateId,
    ],
  )
  if (rateId !== null && !changed?.shippingChoice) {
    throw new ApiError('invalid_shipping_choice', { parameter: 'shippingChoice.id' })
  }
  return { ...cart, ...changed }
}

/** Changes the quantity of a line of a locked cart; zero removes it. @throws ApiError `not_found` */
export async function setQuantity(tx: Tx, cart: Cart, itemId: string, quantity: number): Promise<void> {
  const changed = await tx.sql<{ id: string }>(
    quantity === 0
      ? 'delete from checkout_items where checkout_id = $1 and id = $2 and $3 = 0 returning id'
      : 'update checkout_items set quantity = $3 where checkout_id = $1 and id = $2 returning id',
    [cart.id, itemId, quantity],
  )
  if (changed.length === 0) throw new ApiError('not_found', { parameter: 'itemId' })
}

/** Items changed: parcels and prices may differ, so neither the shipping choice nor the offers hold any longer. */
export async function dropShippingChoice(tx: Tx, cartId: string): Promise<void> {
  await tx.sql(
    `with dropped as (delete from shipping_rates where checkout_id = $1)
     update checkouts set shipping_choice = null, updated_at = now() where id = $1`,
    [cartId],
  )
}

/** The referrer's rate is fixed when the attribution starts, so a later change never touches a cart in progress. */
const snapshotAttribution = (attribution: CartChanges['attribution'], referrerBps: number): Attribution | undefined =>
  attribution && { ...attribution, ...(attribution.referrerId ? { referrerBps } : {}) }

/** As it will be read again. */
const asStored = (value: object): unknown => JSON.parse(JSON.stringify(value))

const toJson = (value: unknown) => (value === undefined ? null : JSON.stringify(value))

/** Sums of a cart in minor units. Shipping is what was chosen, or nothing yet. */
export function cartTotals(cart: Pick<Cart, 'items' | 'shippingChoice'>) {
  const items = cart.items.reduce((sum, item) => sum + item.unitPrice * item.quantity, 0)
  const shipping = cart.shippingChoice?.amount ?? 0
  return { items, shipping, subtotal: items + shipping, total: items + shipping }
}
