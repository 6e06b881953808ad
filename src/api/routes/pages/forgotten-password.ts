import type { Context } from 'hono'
import { z } from 'zod'
import { findOpenReset, openResetToken, requestReset, resetPassword } from '../../../operators/password-resets.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { checkSameOrigin } from '../../middleware/require-operator.ts'
import { forgottenPage, resetPage } from '../../pages/login-page.ts'
import { sendPage } from '../../pages/page.ts'
import type { PageApp, PageParts } from './page-app.ts'
import { readForm } from './page-form.ts'

const address = z.email().max(254)
const password = z.string().min(10).max(1024)

/** `/dashboard/login/forgotten` and `/dashboard/login/reset`: a new password by mail. A second factor is asked for all the same. */
export function registerForgottenPassword(app: PageApp, parts: PageParts): void {
  const { config, database } = parts

  app.get('/dashboard/login/forgotten', (c) => sendPage(c, forgottenPage({ sent: false })))
  app.post('/dashboard/login/forgotten', async (c) => {
    checkSameOrigin(c, parts)
    await parts.limits.pay(c)
    const email = address.safeParse((await readForm(c)).text('email').trim())
    if (!email.success) {
      return sendPage(c, forgottenPage({ sent: false, problem: 'Please enter an email address.' }), 400)
    }
    await inTransaction(parts, (tx) => requestReset(tx, email.data))
    return sendPage(c, forgottenPage({ sent: true }))
  })

  const show = async (c: Context, token: string, problem?: string) => {
    const id = openResetToken(config, token)
    const reset = id && (await findOpenReset(database.sql, id))
    if (!reset) return sendPage(c, resetPage({ token: undefined }), 410)
    const page = resetPage({ token, email: reset.email, ...(problem ? { problem } : {}) })
    return sendPage(c, page, problem ? 400 : 200)
  }
  app.get('/dashboard/login/reset', (c) => show(c, c.req.query('token') ?? ''))
  app.post('/dashboard/login/reset', async (c) => {
    checkSameOrigin(c, parts)
    await parts.limits.pay(c)
    const form = await readForm(c)
    const [token, wanted] = [form.text('token'), form.text('wanted')]
    if (!password.safeParse(wanted).success) return show(c, token, 'Please use at least 10 characters.')
    const id = openResetToken(config, token)
    const changed = id && (await inTransaction(parts, (tx) => resetPassword(tx, { id, wanted })))
    if (!changed) return sendPage(c, resetPage({ token: undefined }), 410)
    parts.log.info({ resetId: id }, 'password reset')
    return c.redirect('/dashboard/login', 303)
  })
}
