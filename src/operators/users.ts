import { randomInt } from 'node:crypto'
import type { Database, Sql } from '../database/database.ts'
import { violatedConstraint } from '../database/database.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { hashPassword, passwordMatches, unmatchedHash } from './passwords.ts'

/** Somebody who may use a merchant's dashboard, or runs this installation. */
export type ListedUser = { id: string; email: string; createdAt: string }

/** A merchant's people, or the operators, in the order they came. */
export const listUsers = (sql: Sql, merchantId: string | null): Promise<ListedUser[]> =>
  sql<ListedUser>(
    'select id, email, created_at as "createdAt" from users where merchant_id is not distinct from $1 order by created_at, id',
    [merchantId],
  )

/** A merchant as an operator sees it: how many people can sign in to its dashboard, and what it gives. */
export type MerchantAccess = {
  id: string
  name: string
  people: number
  /** What it gives the platform; null is the default. `ratedSkus` have a rate of their own. */
  commissionBps: number | null
  commissionFixed: number | null
  ratedSkus: number
}

const shownMerchants = 200

/** The newest merchants. */
export const listMerchantAccess = (sql: Sql): Promise<MerchantAccess[]> =>
  sql<MerchantAccess>(
    `select m.id, m.name, (select count(*) from users u where u.merchant_id = m.id) as people,
       m.commission_bps as "commissionBps", m.commission_fixed as "commissionFixed",
       (select count(*) from skus s where s.seller_id = m.id and s.commission_bps is not null and s.deleted_at is null) as "ratedSkus"
     from merchants m order by m.id desc limit ${shownMerchants}`,
  )

// Without letters and digits that are mistaken for each other when a password is read aloud.
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
const passwordLength = 16

const newPassword = () => Array.from({ length: passwordLength }, () => alphabet[randomInt(alphabet.length)]).join('')

/**
 * Gives somebody access to a merchant's dashboard, or to the operations without a merchant, with a password of 79 random bits that is returned this once.
 * @throws ApiError `not_found` for an unknown merchant, `id_in_use` for an address that has an account already, here or elsewhere
 */
export async function inviteUser(
  sql: Sql,
  input: { merchantId: string | null; email: string },
): Promise<{ id: string; email: string; password: string }> {
  const id = newId('user')
  const email = input.email.toLowerCase()
  const password = newPassword()
  try {
    const added = await sql<{ id: string }>(
      `insert into users (id, email, password_hash, merchant_id)
       select $1, $2, $3, $4 where $4::text is null or exists (select 1 from merchants m where m.id = $4) returning id`,
      [id, email, await hashPassword(password), input.merchantId],
    )
    if (added.length === 0) throw new ApiError('not_found')
  } catch (error) {
    if (violatedConstraint(error) === undefined) throw error
    throw new ApiError('id_in_use', { message: 'This address has an account already.', parameter: 'email' })
  }
  return { id, email, password }
}

/** One of a merchant's people. @throws ApiError `not_found` */
export async function readUser(sql: Sql, merchantId: string, userId: string): Promise<ListedUser> {
  const [user] = await sql<ListedUser>(
    'select id, email, created_at as "createdAt" from users where id = $1 and merchant_id = $2',
    [userId, merchantId],
  )
  if (!user) throw new ApiError('not_found')
  return user
}

/** Takes somebody's access away and signs every browser of theirs out. @throws ApiError `not_found` */
export async function removeUser(sql: Sql, merchantId: string | null, userId: string): Promise<void> {
  const removed = await sql<{ id: string }>(
    `with gone as (delete from users where id = $1 and merchant_id is not distinct from $2 returning id),
       signed_out as (delete from sessions using gone where sessions.user_id = gone.id)
     select id from gone`,
    [userId, merchantId],
  )
  if (removed.length === 0) throw new ApiError('not_found')
}

/** Changes one's own password and signs every browser out; the caller opens a new session. False for a wrong one. */
export async function changePassword(
  database: Pick<Database, 'sql'>,
  input: { userId: string; present: string; wanted: string },
): Promise<boolean> {
  const [user] = await database.sql<{ hash: string }>('select password_hash as hash from users where id = $1', [
    input.userId,
  ])
  const matches = await passwordMatches(input.present, user?.hash ?? unmatchedHash)
  if (!user || !matches) return false
  await database.sql(
    `with changed as (update users set password_hash = $2 where id = $1 returning id)
     delete from sessions using changed where sessions.user_id = changed.id`,
    [input.userId, await hashPassword(input.wanted)],
  )
  return true
}
