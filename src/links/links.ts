import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/postgresql'
import { readSku } from '../catalog/skus.ts'
import { isCode } from '../coupons/redeem.ts'
import { beginning, madeIn } from '../database/find-filter.ts'
import type { Period } from '../database/made-within.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { type Link, LinkEntity } from './link.entity.ts'

export type LinkFields = Pick<
  Link,
  | 'productId'
  | 'slug'
  | 'title'
  | 'paymentMethods'
  | 'isActive'
  | 'maxUses'
  | 'expiresAt'
  | 'couponCode'
  | 'minQuantity'
  | 'maxQuantity'
>

type Tx = Pick<Transaction, 'em' | 'sql'>

/**
 * Creates a link to one of the seller's products. @throws ApiError `slug_in_use`, `not_found` for an unknown product, `coupon_not_valid` for a
 * code that none of the seller's coupons has, `invalid_parameter` for a range of quantities that is none
 */
export async function createLink(tx: Tx, merchantId: string, fields: LinkFields): Promise<Link> {
  const { em } = tx
  await checkCode(tx, merchantId, fields.couponCode)
  checkQuantities(fields)
  await readSku(em, merchantId, fields.productId)
  return save(
    em,
    em.create(LinkEntity, { id: newId('link'), merchantId, useCount: 0, createdAt: new Date(), ...fields }),
  )
}

/** Changes a link. @throws ApiError what {@link createLink} throws, `not_found`, `invalid_parameter` for fewer uses than were sold */
export async function updateLink(tx: Tx, merchantId: string, id: string, fields: Partial<LinkFields>): Promise<Link> {
  const { em } = tx
  await checkCode(tx, merchantId, fields.couponCode)
  const link = await readLink(em, merchantId, id)
  if (fields.productId) await readSku(em, merchantId, fields.productId)
  if (fields.maxUses && fields.maxUses < link.useCount) {
    throw new ApiError('invalid_parameter', {
      message: `max_uses: ${link.useCount} are sold already`,
      parameter: 'max_uses',
    })
  }
  checkQuantities({ minQuantity: link.minQuantity, maxQuantity: link.maxQuantity, ...fields })
  em.assign(link, fields)
  return save(em, link)
}

/** @throws ApiError `not_found`, also for another seller's link */
export async function readLink(em: EntityManager, merchantId: string, id: string): Promise<Link> {
  const link = await em.findOne(LinkEntity, { merchantId, id })
  if (!link) throw new ApiError('not_found')
  return link
}

export type LinkFilter = {
  isActive?: boolean | undefined
  productId?: string | undefined
  created?: Period | undefined
  /** How a title or a slug begins, or an id. */
  text?: string | undefined
}

/** A seller's links, newest first: ids sort by time. */
export async function listLinks(
  em: EntityManager,
  merchantId: string,
  page: { limit: number; startingAfter?: string | undefined },
  filter: LinkFilter = {},
): Promise<{ hasMore: boolean; links: Link[] }> {
  const rows = await em.find(
    LinkEntity,
    {
      merchantId,
      ...(filter.isActive === undefined ? {} : { isActive: filter.isActive }),
      ...(filter.productId === undefined ? {} : { productId: filter.productId }),
      $and: [
        ...(page.startingAfter ? [{ id: { $lt: page.startingAfter } }] : []),
        ...madeIn(filter.created, 'link'),
        ...beginning(filter.text, ['title', 'slug']),
      ],
    },
    { orderBy: { id: 'desc' }, limit: page.limit + 1 },
  )
  return { hasMore: rows.length > page.limit, links: rows.slice(0, page.limit) }
}

function checkQuantities({ minQuantity, maxQuantity }: Pick<Link, 'minQuantity' | 'maxQuantity'>): void {
  if (minQuantity <= maxQuantity) return
  throw new ApiError('invalid_parameter', {
    message: 'max_quantity: must not be less than min_quantity',
    parameter: 'max_quantity',
  })
}

async function checkCode({ sql }: Tx, merchantId: string, code: string | null | undefined): Promise<void> {
  if (code && !(await isCode(sql, { merchantId, code })))
    throw new ApiError('coupon_not_valid', { parameter: 'coupon_code' })
}

async function save(em: EntityManager, link: Link): Promise<Link> {
  try {
    await em.flush()
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) throw new ApiError('slug_in_use', { parameter: 'slug' })
    throw error
  }
  return link
}
