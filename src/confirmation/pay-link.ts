import { sql } from 'kysely'
import { createCart } from '../checkouts/cart.ts'
import type { TaxQuote } from '../checkouts/cart-tax.ts'
import { now, statement } from '../database/statement.ts'
import { orderTokenHash } from '../links/order-token.ts'
import { priceOffer, priceWithTax } from '../links/price-offer.ts'
import { offeredMethods, type PublicLink, readPublicLink } from '../links/public-link.ts'
import { useLink } from '../links/use-link.ts'
import { createOrder } from '../orders/create-order.ts'
import { type OrderState, payableStates } from '../orders/order.state-machine.ts'
import type { Party } from '../parties/address.ts'
import type { Config } from '../platform/config.ts'
import { ApiError } from '../platform/errors.ts'
import type { PaymentMethod } from '../providers/payment-methods.ts'
import { isLive, type PaymentProviders } from '../providers/providers.ts'
import { inTransaction, type Transaction, type UnitOfWork } from '../tasks/transaction.ts'
import type { TaxCalculator } from '../tax/tax-calculator.ts'
import { type StartedPayment, startPayment } from './start-payment.ts'

type Parts = UnitOfWork & { config: Config; providers: PaymentProviders; tax: TaxCalculator }

export type PayLinkInput = {
  slug: string
  email: string
  name: string | undefined
  /** What the buyer reads, such as `de_AT`. */
  locale?: string | undefined
  method?: PaymentMethod | undefined
  /** The coupon that the buyer names. */
  code?: string | undefined
  /** How many pieces; the fewest that the link sells where nothing is said. */
  quantity?: number | undefined
  /** Where the buyer is, as far as it decides about the tax. */
  place?: Party | undefined
  /** What the buyer was told that it costs, in minor units: for another price nothing is ordered. */
  seen?: number | undefined
  /** Of {@link OrderTokens}: who holds it gets the order back that was begun with it. */
  token: string
}

export type LinkOrder = { orderId: string; state: OrderState; amount: number; currency: string }

/**
 * Sells through a link: cart, order and payment intent in one call. A repeated call with the same token and e-mail
 * address within the payment window continues the same order; the address alone identifies nobody. A product without a price is
 * delivered at once and needs no payment.
 * @throws ApiError what {@link readPublicLink} and {@link priceWithTax} throw, `tax_location_required`, `price_changed`, `payment_method_unavailable`, and what starting a payment throws
 */
export async function payLink(
  parts: Parts,
  input: PayLinkInput,
): Promise<{ link: PublicLink; order: LinkOrder; payment: StartedPayment | undefined }> {
  const quote = await quoteFor(parts, input)
  const { link, order } = await inTransaction(parts, (tx) => placeOrder(tx, parts, input, quote))
  if (order.amount === 0) return { link, order, payment: undefined }
  const offered = offeredMethods(link, parts.providers)
  const method = input.method ?? offered[0]
  if (!method || !offered.includes(method))
    throw new ApiError('payment_method_unavailable', { parameter: 'payment_method' })
  const payment = await startPayment(parts, {
    orderId: order.orderId,
    method,
    returnUrl: `${parts.config.publicUrl}/c/${link.slug}/order/${order.orderId}`,
    visibleTo: { merchantId: link.merchantId },
  })
  return { link, order, payment }
}

/** The tax of what a link sells to this buyer; null where its price bears none. */
async function quoteFor(parts: Parts, { slug, email, code, place, quantity }: PayLinkInput): Promise<TaxQuote | null> {
  const link = await readPublicLink(parts.database.sql, slug)
  if (link.tax === 'none') return null
  const buyer = { code, email: email.trim().toLowerCase(), place, quantity }
  const offer = await priceWithTax(parts, link, buyer)
  if (offer.taxState === 'needed') throw new ApiError('tax_location_required', { parameter: 'buyer_country' })
  return offer.taxQuote
}

async function placeOrder(
  tx: Transaction,
  parts: Parts,
  { slug, email, name, locale, token, code, seen, place, quantity: wanted }: PayLinkInput,
  taxQuote: TaxQuote | null,
): Promise<{ link: PublicLink; order: LinkOrder }> {
  const buyer = email.trim().toLowerCase()
  const buyerToken = orderTokenHash(token)
  // Two clicks of one buyer are one order: the second waits for the first and finds it.
  await lockBuyer(tx, { buyer: `link ${slug} ${buyerToken}` })
  const link = await readPublicLink(tx.sql, slug)
  // Without a code of the buyer's the link's own was used, if it could be.
  const codes = code === undefined ? ['', link.couponCode ?? ''] : [code]
  const lower = codes.map((each) => each.toLowerCase())
  const quantity = wanted ?? link.minQuantity
  const [live] = await readLiveOrder(tx, { linkId: link.id, buyerToken, email: buyer, codes: lower, quantity })
  if (live) return { link, order: live }

  const { price, couponCode } = await priceOffer(tx.sql, link, { code, email: buyer, place, quantity }, taxQuote)
  if (seen !== undefined && seen !== price) throw new ApiError('price_changed')

  const cart = await createCart(tx, {
    merchantId: link.merchantId,
    apiKeyId: null,
    currency: link.currency,
    items: [{ skuId: link.productId, quantity }],
    changes: { email: buyer, couponCode, locale },
    referrerBps: parts.config.rates.referrerBps,
    taxQuote,
    place,
  })
  const { orderId } = await createOrder(tx, {
    cartId: cart.id,
    viewer: { merchantId: link.merchantId },
    apiKeyId: null,
    linkId: link.id,
    buyerName: name,
    buyerToken,
    liveMode: isLive(parts.providers),
    paymentWindowMinutes: parts.config.paymentWindowMinutes,
  })
  // Last, because everybody who takes the same gift waits for its row.
  if (price === 0 && !(await useLink(tx, link.id))) throw new ApiError('link_used_up')
  const state = price === 0 ? 'accepted' : 'pending'
  return { link, order: { orderId, state, amount: price, currency: link.currency } }
}

const lockBuyer = statement<{ buyer: string }>()((db, $) =>
  db.selectNoFrom(sql`pg_advisory_xact_lock(hashtextextended(${$.buyer}, 1))`.as('locked')),
)

type LiveOrder = { linkId: string; buyerToken: string; email: string; codes: string[]; quantity: number }

const readLiveOrder = statement<LiveOrder>()((db, $) =>
  db
    .selectFrom('orders')
    .select(['id as orderId', 'state', 'total_amount as amount', 'currency'])
    .where('buyer_token', '=', $.buyerToken)
    .where('link_id', '=', $.linkId)
    .where('email', '=', $.email)
    .where('state', 'in', payableStates)
    .where('expires_at', '>', now)
    .where((o) => sql<boolean>`coalesce(lower(${o.ref('coupon')} ->> 'code'), '') = ${o.fn.any($.codes)}`)
    .where((o) =>
      o.exists(
        o
          .selectFrom('order_items as i')
          .select('i.id')
          .whereRef('i.order_id', '=', 'orders.id')
          .where('i.quantity', '=', $.quantity),
      ),
    )
    .orderBy('created_at', 'desc')
    .limit(1),
)
