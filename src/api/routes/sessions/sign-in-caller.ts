import type { Context } from 'hono'
import { closeSession } from '../../../operators/sessions.ts'
import { type SignIn, signIn } from '../../../operators/sign-in.ts'
import { checkSameOrigin, sendSessionCookie, sessionToken } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'

/**
 * Signs a browser in: counts the attempt, checks the password, replaces the session it may have had and sets the cookie.
 * @throws ApiError `too_many_requests`; `forbidden` when another site has sent the request
 */
export async function signInCaller(
  c: Context,
  parts: ApiParts,
  credentials: { email: string; password: string; operatorsOnly?: boolean },
): Promise<SignIn> {
  checkSameOrigin(c, parts)
  await parts.signInLimit.spend(c, credentials.email)
  const result = await signIn(parts.database.sql, credentials)
  if (result.outcome === 'signed_in') {
    const former = sessionToken(c)
    if (former) await closeSession(parts.database.sql, former)
    sendSessionCookie(c, parts, result)
    await parts.signInLimit.forgive(c, credentials.email)
  }
  return result
}
