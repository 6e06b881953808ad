import type { SkuKind } from '../catalog/sku.entity.ts'
import type { Address } from '../checkouts/address.ts'
import type { Attribution, ShippingChoice } from '../checkouts/checkout.entity.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { isCurrency } from '../platform/money.ts'
import type { Transaction } from '../platform/transaction.ts'

export type CreateOrderInput = {
  merchantId: string
  cartId: string
  apiKeyId: string | null
  /** The checkout link that sells it, and who buys. */
  linkId?: string
  buyerName?: string | undefined
  liveMode: boolean
  paymentWindowMinutes: number
}

export type CreateOrderOutcome =
  | { outcome: 'created'; orderId: string }
  /** The cart had become an order before; it is the same one (R12, idempotent per cart). */
  | { outcome: 'existing'; orderId: string }

type CartToOrder = {
  currency: string
  email: string | null
  shipTo: Address | null
  billTo: Address | null
  shippingChoice: ShippingChoice | null
  attribution: Attribution | null
  metadata: Record<string, unknown>
  orderId: string | null
  items: {
    skuId: string
    sellerId: string
    name: string
    kind: SkuKind
    quantity: number
    unitPrice: number
    affiliateBps: number | null
    commissionBps: number | null
    product: Record<string, unknown>
  }[]
}

/**
 * Makes the order of a cart: snapshots items, shipping and totals, and locks the cart, in one transaction of three
 * statements (R6–R11). The same cart again gives the same order. An order without a price needs no payment: it is accepted.
 * @throws ApiError `not_found`, `cart_empty`, `email_required`, `ship_to_required`, `invalid_shipping_choice`
 */
export async function createOrder(tx: Transaction, input: CreateOrderInput): Promise<CreateOrderOutcome> {
  const cart = await lockCartToOrder(tx, input)
  if (!cart) throw new ApiError('not_found', { parameter: 'cartId' })
  if (cart.orderId) return { outcome: 'existing', orderId: cart.orderId }
  checkReady(cart)

  const items = cart.items.map((item, position) => ({
    id: newId('orderItem'),
    position,
    sku_id: item.skuId,
    seller_id: item.sellerId,
    kind: item.kind,
    product: item.product,
    quantity: item.quantity,
    unit_price: item.unitPrice,
    amount: item.unitPrice * item.quantity,
    commission_bps: item.commissionBps,
    affiliate_bps: item.affiliateBps,
  }))
  const goods = items.reduce((sum, item) => sum + item.amount, 0)
  const shipping = cart.shippingChoice?.amount ?? 0
  const total = goods + shipping
  if (!Number.isSafeInteger(total) || !isCurrency(cart.currency)) throw new ApiError('invalid_amount')
  const free = total === 0
  const state = free ? 'accepted' : 'pending'
  const now = new Date().toISOString()
  const orderId = newId('order')

  await tx.sql(
    `with locked as (
      update checkouts set locked_at = now(), updated_at = now() where id = $2
    ), made as (
      insert into orders (id, checkout_id, merchant_id, api_key_id, state, state_transitions, fraud_state_transitions, currency, email,
        subtotal, total_shipping, total_amount, ship_to, bill_to, shipping_choice, attribution, metadata, live_mode, expires_at,
        link_id, buyer_name)
      values ($1, $2, $3, $4, $5, $6::jsonb, '{}', $7, $8, $9, $10, $9, $11::jsonb, $12::jsonb, $13::jsonb, $14::jsonb, $15::jsonb, $16,
        case when $17::boolean then null else now() + make_interval(mins => $18) end, $21, $22)
    )
    insert into order_items (id, order_id, position, sku_id, seller_id, kind, product, quantity, unit_price, amount, commission_bps,
      affiliate_bps, state_transitions)
    select id, $1, position, sku_id, seller_id, kind, product, quantity, unit_price, amount, commission_bps, affiliate_bps,
      jsonb_build_object('created', $20::text)
    from jsonb_to_recordset($19::jsonb) as i(id text, position int, sku_id text, seller_id text, kind text, product jsonb, quantity int,
      unit_price bigint, amount bigint, commission_bps int, affiliate_bps int)`,
    [
      orderId,
      input.cartId,
      input.merchantId,
      input.apiKeyId,
      state,
      JSON.stringify(free ? { pending: now, accepted: now } : { pending: now }),
      cart.currency,
      cart.email,
      total,
      shipping,
      json(cart.shipTo),
      json(cart.billTo),
      json(cart.shippingChoice),
      json(cart.attribution),
      JSON.stringify(cart.metadata),
      input.liveMode,
      free,
      input.paymentWindowMinutes,
      JSON.stringify(items),
      now,
      input.linkId ?? null,
      input.buyerName ?? null,
    ],
  )
  tx.note({ orderId, kind: 'transition', subject: 'order', subjectId: orderId, to: 'pending', cause: 'created' })
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
    tx.enqueue({ job: 'confirm-order', payload: { orderId }, dedupeKey: `${orderId}-confirm-1` })
  }
  return { outcome: 'created', orderId }
}

async function lockCartToOrder(
  tx: Transaction,
  { cartId, merchantId }: CreateOrderInput,
): Promise<CartToOrder | undefined> {
  // Locked first and read by a second statement: a request that waited must see the items and the order of the one before.
  await tx.sql('select id from checkouts where id = $1 for update', [cartId])
  const [cart] = await tx.sql<CartToOrder>(
    `select c.currency, c.email, c.ship_to as "shipTo", c.bill_to as "billTo", c.shipping_choice as "shippingChoice", c.attribution,
      c.metadata, (select id from orders o where o.checkout_id = c.id) as "orderId",
      (select coalesce(json_agg(json_build_object('skuId', i.sku_id, 'sellerId', s.seller_id, 'name', s.name, 'kind', s.kind,
          'quantity', i.quantity, 'unitPrice', i.unit_price, 'affiliateBps', i.affiliate_bps, 'commissionBps', i.commission_bps,
          'product', json_build_object('id', s.id, 'name', s.name, 'physical', s.kind <> 'digital', 'taxCode', s.tax_code,
            'weight', s.weight, 'weightUnit', s.weight_unit, 'dimensions', s.dimensions, 'countryOfOrigin', s.country_of_origin,
            'printful', s.printful, 'delivery', s.delivery,
            'licensed', s.licensed, 'downloadLimit', s.download_limit, 'metadata', s.metadata)) order by i.position), '[]')
        from checkout_items i join skus s on s.merchant_id = c.merchant_id and s.id = i.sku_id
        where i.checkout_id = c.id) as items
     from checkouts c where c.id = $1 and c.merchant_id = $2`,
    [cartId, merchantId],
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
