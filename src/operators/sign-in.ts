import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { passwordMatches, unmatchedHash } from './passwords.ts'
import { openSession } from './sessions.ts'

export type SignIn =
  | { outcome: 'signed_in'; token: string; expiresAt: Date; email: string; role: 'operator' | 'merchant' }
  | { outcome: 'refused' }

const findByEmail = statement<{ email: string }>()((db, $) =>
  db
    .selectFrom('users')
    .select(['id', 'email', 'password_hash as passwordHash', 'merchant_id as merchantId'])
    .where('email', '=', $.email),
)

/**
 * Opens a session for the person with this password. An unknown address costs the same work and gets the same answer as a
 * wrong password, so that nobody learns who has an account here. `operatorsOnly` refuses users of a merchant alike.
 */
export async function signIn(
  sql: Sql,
  input: { email: string; password: string; operatorsOnly?: boolean },
): Promise<SignIn> {
  const [user] = await findByEmail(sql, { email: input.email.toLowerCase() })
  const matches = await passwordMatches(input.password, user?.passwordHash ?? unmatchedHash)
  if (!user || !matches) return { outcome: 'refused' }
  if (input.operatorsOnly && user.merchantId !== null) return { outcome: 'refused' }
  const { token, expiresAt } = await openSession(sql, user.id)
  return {
    outcome: 'signed_in',
    token,
    expiresAt,
    email: user.email,
    role: user.merchantId === null ? 'operator' : 'merchant',
  }
}
