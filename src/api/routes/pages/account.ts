import type { Context } from 'hono'
import { z } from 'zod'
import { openSession } from '../../../operators/sessions.ts'
import { changePassword } from '../../../operators/users.ts'
import { sendSessionCookie } from '../../middleware/require-operator.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import type { PageStatus } from '../../pages/page.ts'
import { accountPage } from '../../pages/seller/account-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { readForm } from './page-form.ts'

const password = z.string().min(10).max(1024)

/** `/dashboard/account`: what is somebody's own, whatever their role. */
export function registerAccount(app: PageApp, parts: PageParts): void {
  const { database } = parts
  const show = (c: Context<PageEnv>, state: FormState, status: PageStatus = 200) =>
    sendDashboard(c, 'account', accountPage({ member: c.get('member'), state }), status)

  app.get('/dashboard/account', (c) => show(c, emptyForm))

  app.post('/dashboard/account/password', async (c) => {
    const form = await readForm(c)
    const { userId, email } = c.get('member')
    const wanted = form.text('wanted')
    if (!password.safeParse(wanted).success) {
      return show(c, { values: {}, errors: { wanted: 'Please use at least 10 characters.' } }, 400)
    }
    await parts.signInLimit.spend(c, email)
    const present = form.text('present').slice(0, 1024)
    if (!(await changePassword(database, { userId, present, wanted }))) {
      return show(c, { values: {}, errors: { present: 'This is not your password.' } }, 400)
    }
    sendSessionCookie(c, parts, await openSession(database.sql, userId))
    await parts.signInLimit.forgive(c, email)
    return c.redirect('/dashboard/account?done=password-changed', 303)
  })
}
