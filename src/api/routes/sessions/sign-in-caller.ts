import type { Context } from 'hono'
import { closeSession } from '../../../operators/sessions.ts'
import { type SignIn, signIn, signInWithCode } from '../../../operators/sign-in.ts'
import { createSigner } from '../../../platform/signing.ts'
import { checkSameOrigin, sendSessionCookie, sessionToken } from '../../middleware/require-operator.ts'
import type { ApiParts } from '../../route-dependencies.ts'

/** A password that was right is remembered so long until the code comes. */
const ticketMs = 5 * 60_000

/**
 * Signs a browser in: counts the attempt, checks the password, and the code where one was sent along; replaces the session it may have
 * had and sets the cookie.
 * @throws ApiError `too_many_requests`; `forbidden` when another site has sent the request
 */
export async function signInCaller(
  c: Context,
  parts: ApiParts,
  credentials: { email: string; password: string; code?: string | undefined; operatorsOnly?: boolean },
): Promise<SignIn> {
  checkSameOrigin(c, parts)
  await parts.signInLimit.spend(c, credentials.email)
  const result = await signIn(partsOf(parts), credentials)
  const { code } = credentials
  if (result.outcome === 'code_needed' && code !== undefined) return tryCode(c, parts, { ...result, code })
  return finish(c, parts, result)
}

/** What a form carries from the password to the code. */
export const ticketOf = ({ config }: ApiParts, person: { userId: string; email: string }): string =>
  signerOf(config).sign(JSON.stringify({ ...person, until: Date.now() + ticketMs }))

/** Goes on with a ticket and a code. `refused` for a ticket that is too old or nobody's. @throws ApiError as {@link signInCaller} does */
export async function signInByTicket(
  c: Context,
  parts: ApiParts,
  { ticket, code }: { ticket: string; code: string },
): Promise<SignIn> {
  checkSameOrigin(c, parts)
  const text = signerOf(parts.config).open(ticket)
  const person: { userId: string; email: string; until: number } | undefined = text && JSON.parse(text)
  if (!person || person.until < Date.now()) return { outcome: 'refused' }
  await parts.signInLimit.spend(c, person.email)
  return tryCode(c, parts, { userId: person.userId, code })
}

async function tryCode(c: Context, parts: ApiParts, attempt: { userId: string; code: string }): Promise<SignIn> {
  await parts.signInLimit.spendCode(c, attempt.userId)
  const result = await signInWithCode(partsOf(parts), attempt)
  if (result.outcome === 'signed_in') await parts.signInLimit.forgiveCodes(attempt.userId)
  return finish(c, parts, result)
}

async function finish(c: Context, parts: ApiParts, result: SignIn): Promise<SignIn> {
  if (result.outcome !== 'signed_in') return result
  const former = sessionToken(c)
  if (former) await closeSession(parts.database.sql, former)
  sendSessionCookie(c, parts, result)
  await parts.signInLimit.forgive(c, result.email)
  return result
}

const partsOf = ({ database, secondFactors }: ApiParts) => ({ sql: database.sql, secondFactors })
const signerOf = (config: ApiParts['config']) => createSigner(config, 'a password that was right')
