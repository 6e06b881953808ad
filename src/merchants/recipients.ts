import { type EntityManager, UniqueConstraintViolationException } from '@mikro-orm/postgresql'
import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { beginning, madeIn } from '../database/find-filter.ts'
import type { Period } from '../database/made-within.ts'
import { db, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { type Recipient, RecipientEntity } from './recipient.entity.ts'

type RecipientFields = Pick<Recipient, 'merchantId' | 'id' | 'name' | 'email' | 'stripeAccountId'>

/** Registers a recipient. @throws ApiError `id_in_use`, also for the id of one that was removed: its shares stand in the books */
export async function createRecipient(em: EntityManager, fields: RecipientFields): Promise<Recipient> {
  const recipient = em.create(RecipientEntity, { ...fields, createdAt: new Date() })
  try {
    await em.flush()
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) throw new ApiError('id_in_use', { parameter: 'id' })
    throw error
  }
  return recipient
}

/** @throws ApiError `not_found`, also for another merchant's */
export async function readRecipient(em: EntityManager, merchantId: string, id: string): Promise<Recipient> {
  const recipient = await em.findOne(RecipientEntity, { merchantId, id, deletedAt: null })
  if (!recipient) throw new ApiError('not_found')
  return recipient
}

const findAny = statement<{ merchantId: string; id: string }>()((db, $) =>
  db.selectFrom('recipients').select('id').where('merchant_id', '=', $.merchantId).where('id', '=', $.id),
)

/** Sees to it that a recipient is the merchant's, removed ones included: what they earned is theirs. @throws ApiError `not_found` */
export async function findEarner(on: Sql, merchantId: string, id: string): Promise<void> {
  const found = await findAny(on, { merchantId, id })
  if (found.length === 0) throw new ApiError('not_found', { parameter: 'recipientId' })
}

export type RecipientFilter = {
  created?: Period | undefined
  /** How a name or an address begins, or an id. */
  text?: string | undefined
}

/** A merchant's recipients by their ids. */
export async function listRecipients(
  em: EntityManager,
  merchantId: string,
  page: { limit: number; startingAfter?: string | undefined },
  filter: RecipientFilter = {},
): Promise<{ hasMore: boolean; recipients: Recipient[] }> {
  const rows = await em.find(
    RecipientEntity,
    {
      merchantId,
      deletedAt: null,
      $and: [
        ...(page.startingAfter ? [{ id: { $gt: page.startingAfter } }] : []),
        ...madeIn(filter.created),
        ...beginning(filter.text, ['name', 'email']),
      ],
    },
    { orderBy: { id: 'asc' }, limit: page.limit + 1 },
  )
  return { hasMore: rows.length > page.limit, recipients: rows.slice(0, page.limit) }
}

/** Replaces what is known of a recipient. Payouts that were called for go where they were to go. @throws ApiError `not_found` */
export async function updateRecipient(
  em: EntityManager,
  { merchantId, id, ...fields }: RecipientFields,
): Promise<Recipient> {
  const recipient = await readRecipient(em, merchantId, id)
  em.assign(recipient, fields)
  await em.flush()
  return recipient
}

/** Whoever is removed earns nothing by orders to come; what was earned stays. @throws ApiError `not_found` */
export async function deleteRecipient(em: EntityManager, merchantId: string, id: string): Promise<void> {
  const deleted = await em.nativeUpdate(RecipientEntity, { merchantId, id, deletedAt: null }, { deletedAt: new Date() })
  if (deleted === 0) throw new ApiError('not_found')
}

const findRegistered = statement<{ merchantId: string; ids: string[] }>()((db, $) =>
  db
    .selectFrom('recipients')
    .select('id')
    .where('merchant_id', '=', $.merchantId)
    .where((recipient) => recipient('id', '=', recipient.fn.any($.ids)))
    .where('deleted_at', 'is', null),
)

/** @throws ApiError `invalid_parameter` naming the first of an attribution's ids that nobody has registered */
export async function checkAttribution(
  on: Sql,
  merchantId: string,
  attribution: { affiliateId?: string | undefined; referrerId?: string | undefined },
): Promise<void> {
  const named = Object.entries({ affiliateId: attribution.affiliateId, referrerId: attribution.referrerId }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  if (named.length === 0) return
  const known = await findRegistered(on, { merchantId, ids: named.map(([, id]) => id) })
  const unknown = named.find(([, id]) => !known.some((recipient) => recipient.id === id))
  if (unknown) {
    const [name, id] = unknown
    throw new ApiError('invalid_parameter', {
      message: `There is no recipient ${id}.`,
      parameter: `attribution.${name}`,
    })
  }
}

type Attribution = {
  affiliateId?: string | undefined
  referrerId?: string | undefined
  referrerBps?: number | undefined
}

/** An address without its tag, whatever its case: those of one person. */
export const addressIn = (email: Expression<string | null>) =>
  sql<string | null>`regexp_replace(lower(${email}), '\\+[^@]*@', '@')`

/**
 * The attribution of a basket as it counts for its order: without who is not registered, and without who buys. Nobody earns by
 * recommending something to himself, whatever tag his address carries.
 */
export const countedAttribution = (basket: {
  attribution: Expression<Attribution | null>
  merchantId: Expression<string>
  email: Expression<string | null>
}): RawBuilder<Attribution | null> => {
  const named = (key: keyof Attribution) => sql<string | null>`${basket.attribution} ->> ${sql.lit(key)}`
  const counted = db
    .selectFrom('recipients as r')
    .select((r) => {
      const ofReferrer = sql`filter (where ${r.ref('r.id')} = ${named('referrerId')})`
      return sql<Attribution | null>`nullif(jsonb_strip_nulls(jsonb_build_object(
        'affiliateId', max(${r.ref('r.id')}) filter (where ${r.ref('r.id')} = ${named('affiliateId')}),
        'referrerId', max(${r.ref('r.id')}) ${ofReferrer},
        'referrerBps', max((${named('referrerBps')})::int) ${ofReferrer})), '{}')`.as('counted')
    })
    .where(basket.attribution, 'is not', null)
    .whereRef('r.merchant_id', '=', basket.merchantId)
    .where('r.deleted_at', 'is', null)
    .where('r.id', 'in', [named('affiliateId'), named('referrerId')])
    .where(({ ref }) => sql<boolean>`${addressIn(ref('r.email'))} is distinct from ${addressIn(basket.email)}`)

  return sql`${counted}`
}
