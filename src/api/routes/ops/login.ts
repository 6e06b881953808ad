import { z } from '@hono/zod-openapi'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import { loginPage } from '../../pages/login-page.ts'
import { sendPage } from '../../pages/page.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { signInCaller } from '../sessions/sign-in-caller.ts'

/** `/ops/login`: the sign-in page of operators and its form. */
export function registerLogin(app: ApiApp, parts: ApiParts): void {
  app.get('/ops/login', openToAnyone, (c) => sendPage(c, loginPage({ next: safeNext(c.req.query('next')) })))

  app.post('/ops/login', openToAnyone, async (c) => {
    const form = await c.req.parseBody()
    const next = safeNext(form.next)
    const email = textOf(form.email).slice(0, 254)
    const show = (problem: string, status: 401 | 429) => sendPage(c, loginPage({ next, email, problem }), status)
    if (!address.safeParse(email).success) return show(refusal, 401)
    try {
      const credentials = { email, password: textOf(form.password).slice(0, 1024), operatorsOnly: true }
      const result = await signInCaller(c, parts, credentials)
      return result.outcome === 'signed_in' ? c.redirect(next, 303) : show(refusal, 401)
    } catch (error) {
      if (error instanceof ApiError && error.code === 'too_many_requests') return show(error.message, 429)
      throw error
    }
  })
}

const address = z.email().max(254)
const refusal = 'Wrong email address or password, or not an operator.'

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Where to go after signing in: a page under `/ops`, never an address somebody else has put into a link. */
const safeNext = (value: unknown): string => (/^\/ops(\/[\w./-]*)?$/.test(textOf(value)) ? textOf(value) : '/ops')
