import type { Context } from 'hono'
import { z } from 'zod'
import { changeRole, removePerson } from '../../../operators/people.ts'
import { roles } from '../../../operators/roles.ts'
import { inviteUser, listUsers, readUser } from '../../../operators/users.ts'
import { ApiError } from '../../../platform/errors.ts'
import { inTransaction } from '../../../tasks/transaction.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import type { PageStatus } from '../../pages/page.ts'
import { confirmPage } from '../../pages/seller/confirm-page.ts'
import { peoplePage } from '../../pages/seller/people-page.ts'
import { secretPage } from '../../pages/seller/secret-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { act, readForm, toErrors } from './page-form.ts'

const address = z.email().max(254)
const roleSchema = z.enum(roles)

/** `/dashboard/people`: who may use a merchant's dashboard. */
export function registerPeople(app: PageApp, parts: PageParts): void {
  app.get('/dashboard/people', (c) => show(c, parts, emptyForm))
  addInvitation(app, parts)
  addRole(app, parts)
  addRemoval(app, parts)
}

async function show(c: Context<PageEnv>, { database }: PageParts, state: FormState, status: PageStatus = 200) {
  const member = c.get('member')
  const people = await listUsers(database.sql, member.merchantId)
  return sendDashboard(c, 'people', peoplePage({ member, people, state }), status)
}

function addInvitation(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/people', async (c) => {
    const { merchantId, userId } = c.get('member')
    const form = await readForm(c)
    const [email, wanted] = [form.text('email').trim(), form.text('role')]
    const refuse = (errors: FormState['errors']) => show(c, parts, { values: { email, role: wanted }, errors }, 400)
    if (!address.safeParse(email).success) return refuse({ email: 'Please enter an email address.' })
    const role = roleSchema.safeParse(wanted)
    if (!role.success) return refuse({ role: 'Please choose a role.' })
    try {
      const invited = await inviteUser(parts.database.sql, { merchantId, email, role: role.data })
      parts.log.info({ userId, invitedId: invited.id, role: role.data }, 'dashboard user invited')
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

function addRole(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/people/:id/role', async (c) => {
    const role = roleSchema.safeParse((await readForm(c)).text('role'))
    return act(c, { path: '/dashboard/people', done: 'role-changed' }, async () => {
      if (!role.success) throw new ApiError('invalid_parameter')
      const { merchantId, userId } = c.get('member')
      const change = { merchantId, by: userId, userId: c.req.param('id'), role: role.data }
      await inTransaction(parts, (tx) => changeRole(tx, change))
      parts.log.info({ userId, changedId: change.userId, role: change.role }, 'role of a dashboard user changed')
    })
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
      const removedId = c.req.param('id')
      await inTransaction(parts, (tx) => removePerson(tx, { merchantId, by: userId, userId: removedId }))
      parts.log.info({ userId, removedId }, 'dashboard user removed')
    }),
  )
}
