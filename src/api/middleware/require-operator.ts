import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { findSession, type Session } from '../../operators/sessions.ts'
import { ApiError } from '../../platform/errors.ts'
import { gate } from '../gates.ts'
import type { ApiParts } from '../route-dependencies.ts'

const cookieName = 'ordermill_session'

type Parts = Pick<ApiParts, 'config' | 'database'>

/** What a route behind {@link requireOperator} finds in its context. */
export type OperatorEnv = { Variables: { operator: Session } }

const cookieOptions = ({ config }: Pick<Parts, 'config'>) =>
  ({ path: '/', httpOnly: true, sameSite: 'Strict', secure: new URL(config.publicUrl).protocol === 'https:' }) as const

/** Hands a session's token to the browser: HttpOnly, SameSite=Strict, and Secure when the public URL is https. */
export function sendSessionCookie(c: Context, parts: Parts, session: { token: string; expiresAt: Date }): void {
  setCookie(c, cookieName, session.token, { ...cookieOptions(parts), expires: session.expiresAt })
}

/** Makes the browser forget its session. */
export function clearSessionCookie(c: Context, parts: Parts): void {
  deleteCookie(c, cookieName, cookieOptions(parts))
}

/** The token a request carries in its cookie. */
export const sessionToken = (c: Context): string | undefined => getCookie(c, cookieName)

/** The session a request belongs to, whoever's it is; undefined without a valid cookie. */
export async function readSession(c: Context, { database }: Parts): Promise<Session | undefined> {
  const token = sessionToken(c)
  return token ? findSession(database.sql, token) : undefined
}

const safeMethods = ['GET', 'HEAD', 'OPTIONS']

/** Whether a request only reads. */
export const isSafe = (c: Context): boolean => safeMethods.includes(c.req.method)

/**
 * Refuses state-changing requests that another site has sent through a browser: a request with a session must come from
 * the public URL or the host it asks for, by its `Origin` or, without one, by `Sec-Fetch-Site`. Requests without a cookie
 * (a script that signs in) may leave both away, but not name another site.
 * @throws ApiError `forbidden`
 */
export function checkSameOrigin(c: Context, { config }: Pick<Parts, 'config'>): void {
  if (isSafe(c)) return
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  const named = origin !== undefined && origin !== 'null'
  const anonymous = origin === undefined && site === undefined && sessionToken(c) === undefined
  const own = named ? isOwn(origin, c, config.publicUrl) : site === 'same-origin' || site === 'none'
  if (!own && !anonymous) throw new ApiError('forbidden', { message: 'This request comes from another site.' })
}

function isOwn(origin: string, c: Context, publicUrl: string): boolean {
  const url = URL.parse(origin)
  return url !== null && (url.origin === new URL(publicUrl).origin || url.host === c.req.header('host'))
}

/**
 * Lets only signed-in operators pass: no API key and no user of a merchant opens these doors.
 * A browser that asks for a page under `/ops` is sent to the sign-in page; everything else gets 401.
 */
export const requireOperator = (parts: Parts) =>
  gate(
    ['operator'],
    createMiddleware<OperatorEnv>(async (c, next) => {
      const session = await readSession(c, parts)
      if (!session || session.merchantId !== null) {
        if (asksForPage(c)) return c.redirect(`/ops/login?next=${encodeURIComponent(c.req.path)}`, 303)
        throw new ApiError('unauthorized', { message: 'Sign in as an operator.' })
      }
      checkSameOrigin(c, parts)
      c.set('operator', session)
      await next()
      return
    }),
  )

const asksForPage = (c: Context) =>
  /^\/ops(\/|$)/.test(c.req.path) && (c.req.header('accept') ?? '').includes('text/html')
