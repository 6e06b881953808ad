import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { now, statement } from '../database/statement.ts'

const lifetimeHours = 12

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

const insertSession = statement<{ hash: string; userId: string }>()((db, $) =>
  db
    .insertInto('sessions')
    .values({
      hash: $.hash,
      user_id: $.userId,
      expires_at: sql`now() + make_interval(hours => ${sql.lit(lifetimeHours)})`,
    })
    .returning('expires_at as expiresAt'),
)

/** Opens a session of twelve hours. The token (256 random bits) is returned this once; its SHA-256 is what is kept. */
export async function openSession(on: Sql, userId: string): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url')
  const [session] = await insertSession(on, { hash: hashOf(token), userId })
  if (!session) throw new Error('session was not stored')
  return { token, expiresAt: session.expiresAt }
}

const readSession = statement<{ hash: string }>()((db, $) =>
  db
    .selectFrom('sessions as s')
    .innerJoin('users as u', 'u.id', 's.user_id')
    .select((s) => [
      's.hash',
      's.user_id as userId',
      'u.email',
      'u.merchant_id as merchantId',
      'u.role',
      's.expires_at as expiresAt',
      // Until when changes in Bull Board are allowed; null when they are not (any more).
      s.case().when('s.confirmed_until', '>', now).then(s.ref('s.confirmed_until')).end().as('confirmedUntil'),
    ])
    .where('s.hash', '=', $.hash)
    .where('s.expires_at', '>', now),
)

/** A signed-in browser and the person at it; without a merchant that person operates this installation. */
export type Session = Awaited<ReturnType<typeof readSession>>[number]

/** The session of a cookie's token, or undefined when it is unknown, signed out or expired. */
export async function findSession(on: Sql, token: string): Promise<Session | undefined> {
  const [session] = await readSession(on, { hash: hashOf(token) })
  return session
}

const removeSession = statement<{ hash: string }>()((db, $) => db.deleteFrom('sessions').where('hash', '=', $.hash))

/** Signs out; an unknown token is signed out already. */
export async function closeSession(on: Sql, token: string): Promise<void> {
  await removeSession(on, { hash: hashOf(token) })
}

const setConfirmed = statement<{ hash: string; minutes: number }>()((db, $) => {
  const minutes = $.minutes.typed('integer')
  return db
    .updateTable('sessions')
    .set({ confirmed_until: sql`case when ${minutes} > 0 then now() + make_interval(mins => ${minutes}) end` })
    .where('hash', '=', $.hash)
})

/** An operator's "I know what I do": allows changes in Bull Board for some minutes; 0 ends the permission at once. */
export async function allowChanges(on: Sql, session: Pick<Session, 'hash'>, minutes: number): Promise<void> {
  await setConfirmed(on, { hash: session.hash, minutes })
}
