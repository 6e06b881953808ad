import { sql } from 'kysely'
import type { Database, Sql } from '../database/database.ts'
import { violatedConstraint } from '../database/database.ts'
import { now, type Runs, scalar, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { hashPassword, passwordMatches, unmatchedHash } from './passwords.ts'
import { randomWord } from './random-word.ts'
import type { Role } from './roles.ts'

/** Somebody who may use a merchant's dashboard, or runs this installation. */
export type ListedUser = { id: string; email: string; role: Role; createdAt: Date }

const selectUsers = statement<{ merchantId: string | null }>()((db, $) =>
  db
    .selectFrom('users')
    .select(['id', 'email', 'role', 'created_at as createdAt'])
    .where('merchant_id', 'is not distinct from', $.merchantId)
    .orderBy('created_at')
    .orderBy('id'),
)

/** A merchant's people, or the operators, in the order they came. */
export const listUsers = (on: Sql, merchantId: string | null): Promise<ListedUser[]> => selectUsers(on, { merchantId })

const shownMerchants = 200

const selectMerchants = statement()((db) =>
  db
    .selectFrom('merchants as m')
    .select((m) => [
      'm.id',
      'm.name',
      scalar(
        m
          .selectFrom('users as u')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('u.merchant_id', '=', 'm.id'),
      ).as('people'),
      'm.commission_bps as commissionBps',
      'm.commission_fixed as commissionFixed',
      scalar(
        m
          .selectFrom('skus as s')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('s.seller_id', '=', 'm.id')
          .where('s.commission_bps', 'is not', null)
          .where('s.deleted_at', 'is', null),
      ).as('ratedSkus'),
    ])
    .orderBy('m.id', 'desc')
    .limit(shownMerchants),
)

/**
 * A merchant as an operator sees it: how many people can sign in to its dashboard, and what it gives the platform; null is the default.
 * `ratedSkus` have a rate of their own.
 */
export type MerchantAccess = Awaited<ReturnType<typeof selectMerchants>>[number]

/** The newest merchants. */
export const listMerchantAccess = (on: Sql): Promise<MerchantAccess[]> => selectMerchants(on, {})

const passwordLength = 16

type NewUser = { id: string; email: string; passwordHash: string; merchantId: string | null; role: Role }

const insertUser = statement<NewUser>()((db, $) => {
  const merchantId = $.merchantId.typed('text')
  return db
    .insertInto('users')
    .columns(['id', 'email', 'password_hash', 'merchant_id', 'role'])
    .expression(
      db
        .selectNoFrom([
          $.id.typed('text').as('id'),
          $.email.typed('text').as('email'),
          $.passwordHash.typed('text').as('password_hash'),
          merchantId.as('merchant_id'),
          $.role.typed('text').as('role'),
        ])
        .where((user) =>
          user.or([
            sql<boolean>`${merchantId} is null`,
            user.exists(user.selectFrom('merchants as m').select('m.id').where('m.id', '=', $.merchantId)),
          ]),
        ),
    )
    .returning('id')
})

/**
 * Gives somebody access to a merchant's dashboard, or to the operations without a merchant, with a password of 79 random bits that is returned this once; an owner unless another role is said.
 * @throws ApiError `not_found` for an unknown merchant, `id_in_use` for an address that has an account already, here or elsewhere
 */
export async function inviteUser(
  on: Sql,
  input: { merchantId: string | null; email: string; role?: Role },
): Promise<{ id: string; email: string; password: string }> {
  const id = newId('user')
  const email = input.email.toLowerCase()
  const password = randomWord(passwordLength)
  try {
    const passwordHash = await hashPassword(password)
    const added = await insertUser(on, {
      id,
      email,
      passwordHash,
      merchantId: input.merchantId,
      role: input.role ?? 'owner',
    })
    if (added.length === 0) throw new ApiError('not_found')
  } catch (error) {
    if (violatedConstraint(error) === undefined) throw error
    throw new ApiError('id_in_use', { message: 'This address has an account already.', parameter: 'email' })
  }
  return { id, email, password }
}

const findByEmail = statement<{ email: string }>()((db, $) =>
  db.selectFrom('users').select('id').where('email', '=', $.email),
)

/** Adds somebody with a password of their own, unless the address has an account already. */
export async function addUser(
  tx: Runs,
  input: { merchantId: string | null; email: string; password: string },
): Promise<void> {
  const email = input.email.toLowerCase()
  const existing = await findByEmail(tx, { email })
  if (existing.length > 0) return
  const passwordHash = await hashPassword(input.password)
  await insertUser(tx, { id: newId('user'), email, passwordHash, merchantId: input.merchantId, role: 'owner' })
}

const readOne = statement<{ merchantId: string; userId: string }>()((db, $) =>
  db
    .selectFrom('users')
    .select(['id', 'email', 'role', 'created_at as createdAt'])
    .where('id', '=', $.userId)
    .where('merchant_id', '=', $.merchantId),
)

/** One of a merchant's people. @throws ApiError `not_found` */
export async function readUser(on: Sql, merchantId: string, userId: string): Promise<ListedUser> {
  const [user] = await readOne(on, { merchantId, userId })
  if (!user) throw new ApiError('not_found')
  return user
}

const remove = statement<{ merchantId: string | null; userId: string }>()((db, $) =>
  db
    .with('gone', (db) =>
      db
        .deleteFrom('users')
        .where('id', '=', $.userId)
        .where('merchant_id', 'is not distinct from', $.merchantId)
        .returning('id'),
    )
    .with('signed_out', (db) => db.deleteFrom('sessions').using('gone').whereRef('sessions.user_id', '=', 'gone.id'))
    .with('without_factor', (db) =>
      db.deleteFrom('second_factors').using('gone').whereRef('second_factors.user_id', '=', 'gone.id'),
    )
    .with('without_resets', (db) =>
      db.deleteFrom('password_resets').using('gone').whereRef('password_resets.user_id', '=', 'gone.id'),
    )
    .selectFrom('gone')
    .select('id'),
)

/** Takes somebody's access away and signs every browser of theirs out. @throws ApiError `not_found` */
export async function removeUser(on: Runs, merchantId: string | null, userId: string): Promise<void> {
  const removed = await remove(on, { merchantId, userId })
  if (removed.length === 0) throw new ApiError('not_found')
}

const readHash = statement<{ userId: string }>()((db, $) =>
  db.selectFrom('users').select('password_hash as hash').where('id', '=', $.userId),
)

/** Stores a password, signs every browser out, and ends what was asked for by mail. */
export const storePassword = statement<{ userId: string; hash: string }>()((db, $) =>
  db
    .with('changed', (db) =>
      db.updateTable('users').set({ password_hash: $.hash }).where('id', '=', $.userId).returning('id'),
    )
    .with('voided', (db) =>
      db
        .updateTable('password_resets')
        .from('changed')
        .set({ used_at: now })
        .whereRef('password_resets.user_id', '=', 'changed.id')
        .where('password_resets.used_at', 'is', null),
    )
    .deleteFrom('sessions')
    .using('changed')
    .whereRef('sessions.user_id', '=', 'changed.id'),
)

/** Whether this is somebody's password. */
export async function passwordIs(on: Sql, input: { userId: string; password: string }): Promise<boolean> {
  const [user] = await readHash(on, { userId: input.userId })
  return passwordMatches(input.password, user?.hash ?? unmatchedHash)
}

/** Changes one's own password and signs every browser out; the caller opens a new session. False for a wrong one. */
export async function changePassword(
  database: Pick<Database, 'sql'>,
  input: { userId: string; present: string; wanted: string },
): Promise<boolean> {
  const [user] = await readHash(database, { userId: input.userId })
  const matches = await passwordMatches(input.present, user?.hash ?? unmatchedHash)
  if (!user || !matches) return false
  await storePassword(database, { userId: input.userId, hash: await hashPassword(input.wanted) })
  return true
}
