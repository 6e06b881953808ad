import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { type PaymentMethod, paymentMethods } from '../providers/payment-methods.ts'
import { type PaymentProviders, providerOfMethod } from '../providers/providers.ts'

/**
 * Reads a link that may sell. @throws ApiError `not_found` for an unknown or inactive one, `link_expired`, `link_used_up`
 */
export async function readPublicLink(sql: Sql, slug: string): Promise<PublicLink> {
  const link = await findPublicLink(sql, slug)
  if (!link?.isActive) throw new ApiError('not_found')
  if (link.expired) throw new ApiError('link_expired')
  if (link.maxUses > 0 && link.useCount >= link.maxUses) throw new ApiError('link_used_up')
  return link
}

const readBySlug = statement<{ slug: string }>()((db, $) =>
  db
    .selectFrom('links as l')
    .innerJoin('merchants as m', 'm.id', 'l.merchant_id')
    .innerJoin('skus as s', (on) =>
      on.onRef('s.merchant_id', '=', 'l.merchant_id').onRef('s.id', '=', 'l.product_id').on('s.deleted_at', 'is', null),
    )
    .select((l) => [
      'l.id',
      'l.merchant_id as merchantId',
      'm.name as merchantName',
      'l.slug',
      'l.title',
      'l.product_id as productId',
      's.name',
      's.description',
      's.image_url as imageUrl',
      's.price',
      's.currency',
      's.tax_code as taxCode',
      'm.cart_tax as tax',
      sql<string | null>`${l.ref('s.delivery')} ->> 'contentType'`.as('contentType'),
      'l.payment_methods as paymentMethods',
      'l.is_active as isActive',
      'l.max_uses as maxUses',
      'l.use_count as useCount',
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
