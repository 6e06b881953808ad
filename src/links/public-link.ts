import { sql } from 'kysely'
import { isInStock } from '../catalog/stock.ts'
import type { Sql } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { type PaymentMethod, paymentMethods } from '../providers/payment-methods.ts'
import { type PaymentProviders, providerOfMethod } from '../providers/providers.ts'

/**
 * Reads a link that may sell. @throws ApiError `not_found` for an unknown or inactive one, `link_expired`, `link_used_up`, `out_of_stock`
 */
export async function readPublicLink(sql: Sql, slug: string): Promise<PublicLink> {
  const link = await findPublicLink(sql, slug)
  if (!link?.isActive) throw new ApiError('not_found')
  if (link.expired) throw new ApiError('link_expired')
  if (link.maxUses > 0 && link.useCount >= link.maxUses) throw new ApiError('link_used_up')
  if (!isInStock(link) || (link.inventory ?? link.minQuantity) < link.minQuantity)
    throw new ApiError('out_of_stock', { message: 'This offer is sold out.' })
  return link
}

const readBySlug = statement<{ slug: string }>()((db, $) =>
  db
    .selectFrom('links as l')
    .innerJoin('merchants as m', 'm.id', 'l.merchant_id')
    .leftJoin('brands as b', 'b.merchant_id', 'l.merchant_id')
    .innerJoin('skus as s', (on) =>
      on.onRef('s.merchant_id', '=', 'l.merchant_id').onRef('s.id', '=', 'l.product_id').on('s.deleted_at', 'is', null),
    )
    .select((l) => [
      'l.id',
      'l.merchant_id as merchantId',
      // As its buyers know it.
      l.fn.coalesce('b.display_name', 'm.name').as('merchantName'),
      'l.slug',
      'l.title',
      'l.product_id as productId',
      's.name',
      's.description',
      's.image_url as imageUrl',
      's.price',
      's.inventory',
      's.currency',
      's.tax_code as taxCode',
      'm.cart_tax as tax',
      sql<string | null>`${l.ref('s.delivery')} ->> 'contentType'`.as('contentType'),
      'l.payment_methods as paymentMethods',
      'l.is_active as isActive',
      'l.max_uses as maxUses',
      'l.use_count as useCount',
      'l.min_quantity as minQuantity',
      'l.max_quantity as maxQuantity',
      'l.coupon_code as couponCode',
      sql<boolean>`coalesce(${l('l.expires_at', '<=', now)}, false)`.as('expired'),
      // Where no code could be right, none is asked for.
      l
        .exists(
          l
            .selectFrom('coupons as k')
            .select('k.id')
            .whereRef('k.merchant_id', '=', 'l.merchant_id')
            .where('k.deleted_at', 'is', null)
            .where('k.active', '=', true),
        )
        .$castTo<boolean>()
        .as('takesCodes'),
    ])
    .where('l.slug', '=', $.slug),
)

/** A link as a buyer sees it; `price` in minor units. */
export type PublicLink = Awaited<ReturnType<typeof readBySlug>>[number]

/** The pieces that a buyer may take of a link at once: as its seller says, and as many as there are. */
export const quantitiesOf = ({ minQuantity, maxQuantity, inventory }: PublicLink): { min: number; max: number } => ({
  min: minQuantity,
  max: Math.min(maxQuantity, inventory ?? maxQuantity),
})

/** The quantity that a buyer asks for; the least where nothing is asked for. @throws ApiError `quantity_not_sold`, `out_of_stock` */
export function checkQuantity(link: PublicLink, quantity = link.minQuantity): number {
  const { min, max } = quantitiesOf(link)
  if (quantity < link.minQuantity || quantity > link.maxQuantity)
    throw new ApiError('quantity_not_sold', {
      message: `From ${link.minQuantity} to ${link.maxQuantity} are sold at once.`,
      parameter: 'quantity',
    })
  if (quantity > max) {
    const message = max < min ? 'This offer is sold out.' : `There are ${max} left.`
    throw new ApiError('out_of_stock', { message, parameter: 'quantity' })
  }
  return quantity
}

/** Reads a link whatever its state, for pages of orders that it sold. */
export async function findPublicLink(on: Sql, slug: string): Promise<PublicLink | undefined> {
  const [link] = await readBySlug(on, { slug })
  return link
}

/** The methods a buyer can choose: those of the link that are configured and take its currency. */
export function offeredMethods(link: PublicLink, providers: PaymentProviders): PaymentMethod[] {
  return (link.paymentMethods ?? paymentMethods).filter((method) => {
    const provider = providerOfMethod(providers, method)
    return provider !== undefined && provider.currencies?.includes(link.currency) !== false
  })
}
