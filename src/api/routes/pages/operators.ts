import type { Context } from 'hono'
import { z } from 'zod'
import { openSession } from '../../../operators/sessions.ts'
import { changePassword, inviteUser, listUsers, removeUser } from '../../../operators/users.ts'
import { ApiError } from '../../../platform/errors.ts'
import { type OperatorEnv, requireOperator, sendSessionCookie } from '../../middleware/require-operator.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import { operatorsPage } from '../../pages/operators-page.ts'
import { type PageStatus, sendPage } from '../../pages/page.ts'
import { secretPage } from '../../pages/seller/secret-page.ts'
import { passwordSchema } from '../ops/people.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { readForm, toErrors } from './page-form.ts'

const address = z.email().max(254)

/** What the page says after a form has been carried out, by the code in its address. */
const done: Record<string, string> = {
  removed: 'Removed. They are signed out everywhere.',
  'password-changed': 'Your password is changed. Other browsers are signed out.',
}

/** `/ops/people`: operators add and remove each other, and change their passwords. */
export function registerOperatorPages(app: PageApp, parts: PageParts): void {
  const { database, log } = parts
  const operatorOnly = requireOperator(parts)
  const show = async (c: Context<PageEnv & OperatorEnv>, state: FormState, status: PageStatus = 200) => {
    const people = await listUsers(database.sql, null)
    const said = done[c.req.query('done') ?? '']
    return sendPage(c, operatorsPage({ operator: c.get('operator'), people, state, done: said }), status)
  }

  app.get('/ops/people', operatorOnly, (c) => show(c, emptyForm))

  app.post('/ops/people', operatorOnly, async (c) => {
    const email = (await readForm(c)).text('email').trim()
    const refuse = (errors: FormState['errors']) => show(c, { values: { email }, errors }, 400)
    if (!address.safeParse(email).success) return refuse({ email: 'Please enter an email address.' })
    try {
      const added = await inviteUser(database.sql, { merchantId: null, email })
      log.info({ operatorId: c.get('operator').userId, addedId: added.id }, 'operator added')
      const sentence = `Hand it over on a safe way. ${added.email} signs in with it at ${parts.config.publicUrl}/ops and changes it there.`
      const page = { title: `Password of ${added.email}`, sentence, secret: added.password, back: '/ops/people' }
      return sendPage(c, { ...secretPage(page), scripts: ['actions'] })
    } catch (error) {
      if (error instanceof ApiError && error.code === 'id_in_use') return refuse(toErrors(error))
      throw error
    }
  })

  app.post('/ops/people/:id/remove', operatorOnly, async (c) => {
    const { userId } = c.get('operator')
    if (c.req.param('id') === userId)
      return show(c, { values: {}, errors: { form: 'You cannot remove yourself.' } }, 400)
    await removeUser(database.sql, null, c.req.param('id'))
    log.info({ operatorId: userId, removedId: c.req.param('id') }, 'operator removed')
    return c.redirect('/ops/people?done=removed', 303)
  })

  app.post('/ops/people/password', operatorOnly, async (c) => {
    const form = await readForm(c)
    const { userId, email } = c.get('operator')
    const wanted = form.text('wanted')
    const refuse = (errors: FormState['errors']) => show(c, { values: {}, errors }, 400)
    if (!passwordSchema.safeParse(wanted).success) return refuse({ wanted: 'Please use at least 10 characters.' })
    await parts.signInLimit.spend(c, email)
    const present = form.text('present').slice(0, 1024)
    if (!(await changePassword(database, { userId, present, wanted })))
      return refuse({ present: 'This is not your password.' })
    sendSessionCookie(c, parts, await openSession(database.sql, userId))
    await parts.signInLimit.forgive(c, email)
    log.info({ operatorId: userId }, 'password changed')
    return c.redirect('/ops/people?done=password-changed', 303)
  })
}
