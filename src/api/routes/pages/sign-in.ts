import { z } from 'zod'
import { closeSession } from '../../../operators/sessions.ts'
import { ApiError } from '../../../platform/errors.ts'
import { checkSameOrigin, clearSessionCookie, sessionToken } from '../../middleware/require-operator.ts'
import { codePage, loginPage } from '../../pages/login-page.ts'
import { sendPage } from '../../pages/page.ts'
import { signInByTicket, signInCaller, ticketOf } from '../sessions/sign-in-caller.ts'
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
      if (result.outcome === 'code_needed') return sendPage(c, codePage({ next, ticket: ticketOf(parts, result) }))
      if (result.outcome !== 'signed_in') return show(refusal, 401)
      return c.redirect(result.role === 'merchant' ? next : '/ops', 303)
    } catch (error) {
      if (error instanceof ApiError && error.code === 'too_many_requests') {
        return show('Too many attempts. Try again in a few minutes.', 429)
      }
      throw error
    }
  })

  addCode(app, parts)

  app.post('/dashboard/logout', async (c) => {
    checkSameOrigin(c, parts)
    const token = sessionToken(c)
    if (token) await closeSession(parts.database.sql, token)
    clearSessionCookie(c, parts)
    return c.redirect(action, 303)
  })
}

/** The second step of whoever has a second factor. */
function addCode(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/login/code', async (c) => {
    const form = await readForm(c)
    const [next, ticket] = [safeNext(form.text('next')), form.text('ticket')]
    const again = (problem: string, status: 401 | 429) => sendPage(c, codePage({ next, ticket, problem }), status)
    try {
      const result = await signInByTicket(c, parts, { ticket, code: form.text('code').trim().slice(0, 40) })
      if (result.outcome === 'code_wrong') return again('This code is wrong, or it was used already.', 401)
      if (result.outcome !== 'signed_in') {
        return sendPage(c, loginPage({ action, next, problem: 'That took too long. Please sign in again.' }), 401)
      }
      return c.redirect(result.role === 'merchant' ? next : '/ops', 303)
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'too_many_requests') throw error
      return again('Too many attempts. Try again in a few minutes.', 429)
    }
  })
}

/** Where to go after signing in: a page of the dashboard, never an address somebody else has put into a link. */
const safeNext = (value: string | undefined): string =>
  value !== undefined && /^\/dashboard(\/[\w/-]*)?(\?[\w=&.%+-]*)?$/.test(value) ? value : '/dashboard'
