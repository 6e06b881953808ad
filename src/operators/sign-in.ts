import type { Sql } from '../database/database.ts'
import { passwordMatches, unmatchedHash } from './passwords.ts'
import { openSession } from './sessions.ts'

export type SignIn =
  | { outcome: 'signed_in'; token: string; expiresAt: string; email: string; role: 'operator' | 'merchant' }
  | { outcome: 'refused' }

/**
 * Opens a session for the person with this password. An unknown address costs the same work and gets the same answer as a
 * wrong password, so that nobody learns who has an account here. `operatorsOnly` refuses users of a merchant alike.
 */
export async function signIn(
  sql: Sql,
  input: { email: string; password: string; operatorsOnly?: boolean },
): Promise<SignIn> {
  const [user] = await sql<{ id: string; email: string; passwordHash: string; merchantId: string | null }>(
    'select id, email, password_hash as "passwordHash", merchant_id as "merchantId" from users where email = $1',
    [input.email.toLowerCase()],
  )
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
