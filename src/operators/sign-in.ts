import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { passwordMatches, unmatchedHash } from './passwords.ts'
import type { SecondFactors } from './second-factor.ts'
import { openSession } from './sessions.ts'

export type SignIn =
  | { outcome: 'signed_in'; token: string; expiresAt: Date; email: string; role: 'operator' | 'merchant' }
  /** The password was right; a code of the second factor has to follow. */
  | { outcome: 'code_needed'; userId: string; email: string }
  | { outcome: 'code_wrong' }
  | { outcome: 'refused' }

type Parts = { sql: Sql; secondFactors: SecondFactors }
type Known = { id: string; email: string; merchantId: string | null }

const findByEmail = statement<{ email: string }>()((db, $) =>
  db
    .selectFrom('users')
    .select(['id', 'email', 'password_hash as passwordHash', 'merchant_id as merchantId'])
    .where('email', '=', $.email),
)

/**
 * Opens a session for the person with this password. An unknown address costs the same work and gets the same answer as a
 * wrong password, so that nobody learns who has an account here. `operatorsOnly` refuses users of a merchant alike. Who has a second factor
 * needs a code of it, too.
 */
export async function signIn(
  parts: Parts,
  input: { email: string; password: string; operatorsOnly?: boolean },
): Promise<SignIn> {
  const [user] = await findByEmail(parts.sql, { email: input.email.toLowerCase() })
  const matches = await passwordMatches(input.password, user?.passwordHash ?? unmatchedHash)
  if (!user || !matches) return { outcome: 'refused' }
  if (input.operatorsOnly && user.merchantId !== null) return { outcome: 'refused' }
  if (await parts.secondFactors.isOn(user.id)) return { outcome: 'code_needed', userId: user.id, email: user.email }
  return open(parts.sql, user)
}

const findById = statement<{ userId: string }>()((db, $) =>
  db.selectFrom('users').select(['id', 'email', 'merchant_id as merchantId']).where('id', '=', $.userId),
)

/** Opens the session of somebody whose password was right a moment ago, with a code of the second factor. */
export async function signInWithCode(parts: Parts, input: { userId: string; code: string }): Promise<SignIn> {
  const [user] = await findById(parts.sql, { userId: input.userId })
  if (!user) return { outcome: 'refused' }
  return (await parts.secondFactors.use(user.id, input.code)) ? open(parts.sql, user) : { outcome: 'code_wrong' }
}

async function open(sql: Sql, user: Known): Promise<SignIn> {
  const { token, expiresAt } = await openSession(sql, user.id)
  const role = user.merchantId === null ? 'operator' : 'merchant'
  return { outcome: 'signed_in', token, expiresAt, email: user.email, role }
}
