import { z } from 'zod'
import { closeSession } from '../../../operators/sessions.ts'
import { ApiError } from '../../../platform/errors.ts'
import { checkSameOrigin, clearSessionCookie, sessionToken } from '../../middleware/require-operator.ts'
import { loginPage } from '../../pages/login-page.ts'
import { sendPage } from '../../pages/page.ts'
import { signInCaller } from '../sessions/sign-in-caller.ts'
import type { PageApp, PageParts } from './page-app.ts'
import { readForm } from './page-form.ts'

const action = '/dashboard/login'
const address = z.email().max(254)
const refusal = 'Wrong email address or password.'

/** `/dashboard/login` and `/dashboard/logout`: a seller's sign-in. An operator who tries here is sent to `/ops`. */
export function registerSignIn(app: PageApp, parts: PageParts): void {
  app.get(action, (c) => sendPage(c, loginPage({ action, next: safeNext(c.req.query('next')) })))

  app.post(action, async (c) => {
    const form = await readForm(c)
    const next = safeNext(form.text('next'))
    const email = form.text('email').trim().slice(0, 254)
    const show = (problem: string, status: 401 | 429) =>
      sendPage(c, loginPage({ action, next, email, problem }), status)
    if (!address.safeParse(email).success) return show(refusal, 401)
    try {
      const result = await signInCaller(c, parts, { email, password: form.text('password').slice(0, 1024) })
      if (result.outcome === 'refused') return show(refusal, 401)
      return c.redirect(result.role === 'merchant' ? next : '/ops', 303)
    } catch (error) {
      if (error instanceof ApiError && error.code === 'too_many_requests') {
        return show('Too many attempts. Try again in a few minutes.', 429)
      }
      throw error
    }
  })

  app.post('/dashboard/logout', async (c) => {
    checkSameOrigin(c, parts)
    const token = sessionToken(c)
    if (token) await closeSession(parts.database.sql, token)
    clearSessionCookie(c, parts)
    return c.redirect(action, 303)
  })
}

/** Where to go after signing in: a page of the dashboard, never an address somebody else has put into a link. */
const safeNext = (value: string | undefined): string =>
  value !== undefined && /^\/dashboard(\/[\w/-]*)?(\?[\w=&.%+-]*)?$/.test(value) ? value : '/dashboard'
