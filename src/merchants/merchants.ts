import type { EntityManager } from '@mikro-orm/postgresql'
import { beginning, madeIn } from '../database/find-filter.ts'
import type { Period } from '../database/made-within.ts'
import { statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { type Commission, settableCommission } from './commission.ts'
import { type Merchant, MerchantEntity } from './merchant.entity.ts'

export type MerchantFields = Pick<
  Merchant,
  'name' | 'email' | 'commissionBps' | 'commissionFixed' | 'stripeAccountId' | 'shipFrom'
> & {
  /** Absent keeps what it has. */
  cartTax?: Merchant['cartTax']
}

/**
 * Creates a merchant; with a parent it is a seller on the parent's marketplace. A seller's own sellers give what that seller gives.
 * @throws ApiError `commission_not_yours`
 */
export async function createMerchant(
  em: EntityManager,
  parentId: string | null,
  fields: MerchantFields,
): Promise<Merchant> {
  const id = newId('merchant')
  const commission =
    parentId === null
      ? {}
      : await commissionOf(em, parentId, id, fields, await em.findOne(MerchantEntity, { id: parentId }))
  const merchant = em.create(MerchantEntity, { id, parentId, createdAt: new Date(), ...fields, ...commission })
  await em.flush()
  return merchant
}

/** Replaces the fields of a merchant's own record or of one of its sellers'. @throws ApiError `not_found`, `commission_not_yours` */
export async function updateMerchant(
  em: EntityManager,
  owner: string,
  id: string,
  fields: MerchantFields,
): Promise<Merchant> {
  const merchant = await readMerchant(em, owner, id)
  em.assign(merchant, { ...fields, ...(await commissionOf(em, owner, id, fields, merchant)) })
  await em.flush()
  return merchant
}

type Rates = Pick<MerchantFields, 'commissionBps' | 'commissionFixed'>

const ratesOf = (rates: Rates | null): Commission => ({
  commissionBps: rates?.commissionBps ?? null,
  commissionFixed: rates?.commissionFixed ?? null,
})

const commissionOf = (em: EntityManager, caller: string, seller: string, given: Rates, stored: Rates | null) =>
  settableCommission(em, { caller, seller }, { given: ratesOf(given), stored: ratesOf(stored) })

/** A merchant's own record or one of its sellers'. @throws ApiError `not_found` */
export async function readMerchant(em: EntityManager, owner: string, id: string): Promise<Merchant> {
  const merchant = await em.findOne(MerchantEntity, { id, ...ownedBy(owner) })
  if (!merchant) throw new ApiError('not_found')
  return merchant
}

/** How a merchant is called. */
export const readMerchantName = statement<{ merchantId: string }>()((db, $) =>
  db.selectFrom('merchants').select('name').where('id', '=', $.merchantId),
)

export type MerchantFilter = {
  created?: Period | undefined
  /** How a name or an address begins, or an id. */
  text?: string | undefined
}

/** The own record and the sellers, newest first: ids sort by time. */
export async function listMerchants(
  em: EntityManager,
  owner: string,
  page: { limit: number; startingAfter?: string | undefined },
  filter: MerchantFilter = {},
): Promise<{ hasMore: boolean; merchants: Merchant[] }> {
  const rows = await em.find(
    MerchantEntity,
    {
      $and: [
        ownedBy(owner),
        ...(page.startingAfter ? [{ id: { $lt: page.startingAfter } }] : []),
        ...madeIn(filter.created),
        ...beginning(filter.text, ['name', 'email']),
      ],
    },
    { orderBy: { id: 'desc' }, limit: page.limit + 1 },
  )
  return { hasMore: rows.length > page.limit, merchants: rows.slice(0, page.limit) }
}

const ownedBy = (owner: string) => ({ $or: [{ id: owner }, { parentId: owner }] })
