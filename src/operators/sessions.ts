import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from '../database/database.ts'

/** A signed-in browser and the person at it; without a merchant that person operates this installation. */
export type Session = {
  hash: string
  userId: string
  email: string
  merchantId: string | null
  expiresAt: string
  /** Until when changes in Bull Board are allowed; null when they are not (any more). */
  confirmedUntil: string | null
}

const lifetime = '12 hours'

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Opens a session of twelve hours. The token (256 random bits) is returned this once; its SHA-256 is what is kept. */
export async function openSession(sql: Sql, userId: string): Promise<{ token: string; expiresAt: string }> {
  const token = randomBytes(32).toString('base64url')
  const [session] = await sql<{ expiresAt: string }>(
    `insert into sessions (hash, user_id, expires_at) values ($1, $2, now() + interval '${lifetime}')
     returning expires_at as "expiresAt"`,
    [hashOf(token), userId],
  )
  if (!session) throw new Error('session was not stored')
  return { token, expiresAt: session.expiresAt }
}

/** The session of a cookie's token, or undefined when it is unknown, signed out or expired. */
export async function findSession(sql: Sql, token: string): Promise<Session | undefined> {
  const [session] = await sql<Session>(
    `select s.hash, s.user_id as "userId", u.email, u.merchant_id as "merchantId", s.expires_at as "expiresAt",
       case when s.confirmed_until > now() then s.confirmed_until end as "confirmedUntil"
     from sessions s join users u on u.id = s.user_id where s.hash = $1 and s.expires_at > now()`,
    [hashOf(token)],
  )
  return session
}

/** Signs out; an unknown token is signed out already. */
export async function closeSession(sql: Sql, token: string): Promise<void> {
  await sql('delete from sessions where hash = $1', [hashOf(token)])
}

/** An operator's "I know what I do": allows changes in Bull Board for some minutes; 0 ends the permission at once. */
export async function allowChanges(sql: Sql, session: Pick<Session, 'hash'>, minutes: number): Promise<void> {
  await sql(
    `update sessions set confirmed_until = case when $2::int > 0 then now() + make_interval(mins => $2::int) end where hash = $1`,
    [session.hash, minutes],
  )
}
