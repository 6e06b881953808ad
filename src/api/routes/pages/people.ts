import type { Context } from 'hono'
import { z } from 'zod'
import { openSession } from '../../../operators/sessions.ts'
import { changePassword, inviteUser, listUsers, readUser, removeUser } from '../../../operators/users.ts'
import { ApiError } from '../../../platform/errors.ts'
import { sendSessionCookie } from '../../middleware/require-operator.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import type { PageStatus } from '../../pages/page.ts'
import { confirmPage } from '../../pages/seller/confirm-page.ts'
import { peoplePage } from '../../pages/seller/people-page.ts'
import { secretPage } from '../../pages/seller/secret-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { act, readForm, toErrors } from './page-form.ts'

const address = z.email().max(254)
const password = z.string().min(10).max(1024)

/** `/dashboard/people`: who may use a merchant's dashboard. */
export function registerPeople(app: PageApp, parts: PageParts): void {
  app.get('/dashboard/people', (c) => show(c, parts, emptyForm))
  addInvitation(app, parts)
  addRemoval(app, parts)
  addPassword(app, parts)
}

async function show(c: Context<PageEnv>, { database }: PageParts, state: FormState, status: PageStatus = 200) {
  const member = c.get('member')
  const people = await listUsers(database.sql, member.merchantId)
  return sendDashboard(c, 'people', peoplePage({ member, people, state }), status)
}

function addInvitation(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/people', async (c) => {
    const { merchantId, userId } = c.get('member')
    const email = (await readForm(c)).text('email').trim()
    const refuse = (errors: FormState['errors']) => show(c, parts, { values: { email }, errors }, 400)
    if (!address.safeParse(email).success) return refuse({ email: 'Please enter an email address.' })
    try {
      const invited = await inviteUser(parts.database.sql, { merchantId, email })
      parts.log.info({ userId, invitedId: invited.id }, 'dashboard user invited')
      return sendDashboard(
        c,
        'people',
        secretPage({
          title: `Password of ${invited.email}`,
          sentence: `Hand it over on a safe way. ${invited.email} signs in with it at ${parts.config.publicUrl}/dashboard and changes it there.`,
          secret: invited.password,
          back: '/dashboard/people',
        }),
      )
    } catch (error) {
      if (error instanceof ApiError && error.code === 'id_in_use') return refuse(toErrors(error))
      throw error
    }
  })
}

function addRemoval(app: PageApp, parts: PageParts): void {
  const { database } = parts

  app.get('/dashboard/people/:id/remove', async (c) => {
    const person = await readUser(database.sql, c.get('member').merchantId, c.req.param('id'))
    return sendDashboard(
      c,
      'people',
      confirmPage({
        title: `Remove ${person.email}?`,
        sentence: 'They are signed out everywhere and cannot sign in any more.',
        button: 'Remove',
        action: `/dashboard/people/${person.id}/remove`,
        back: '/dashboard/people',
      }),
    )
  })
  app.post('/dashboard/people/:id/remove', (c) =>
    act(c, { path: '/dashboard/people', done: 'removed' }, async () => {
      const { merchantId, userId } = c.get('member')
      // Whoever is signed in stays, so that a shop is never left without anybody.
      if (c.req.param('id') === userId) throw new ApiError('in_use')
      await removeUser(database.sql, merchantId, c.req.param('id'))
      parts.log.info({ userId, removedId: c.req.param('id') }, 'dashboard user removed')
    }),
  )
}

function addPassword(app: PageApp, parts: PageParts): void {
  const { database } = parts

  app.post('/dashboard/people/password', async (c) => {
    const form = await readForm(c)
    const { userId, email } = c.get('member')
    const wanted = form.text('wanted')
    if (!password.safeParse(wanted).success) {
      return show(c, parts, { values: {}, errors: { wanted: 'Please use at least 10 characters.' } }, 400)
    }
    await parts.signInLimit.spend(c, email)
    const present = form.text('present').slice(0, 1024)
    if (!(await changePassword(database, { userId, present, wanted }))) {
      return show(c, parts, { values: {}, errors: { present: 'This is not your password.' } }, 400)
    }
    sendSessionCookie(c, parts, await openSession(database.sql, userId))
    await parts.signInLimit.forgive(c, email)
    return c.redirect('/dashboard/people?done=password-changed', 303)
  })
}
