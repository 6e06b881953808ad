import { createApiKey, listApiKeys, readApiKey, revokeApiKey, setKeyOrigins } from '../../../merchants/api-keys.ts'
import { keyScopes } from '../../../merchants/key-scopes.ts'
import { ApiError } from '../../../platform/errors.ts'
import { originsSchema } from '../../../platform/origins.ts'
import { emptyForm, type FormState } from '../../pages/elements.ts'
import { confirmPage } from '../../pages/seller/confirm-page.ts'
import { keyListPage } from '../../pages/seller/key-list-page.ts'
import { secretPage } from '../../pages/seller/secret-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageParts } from './page-app.ts'
import { act, readForm } from './page-form.ts'

const longestName = 100

const readOrigins = (text: string) => originsSchema.safeParse(text.split(/[\s,]+/).filter(Boolean))

/** `/dashboard/keys`: a merchant's API keys. A key is shown once, in the answer to the form that makes it. */
export function registerKeys(app: PageApp, parts: PageParts): void {
  addList(app, parts)
  addCreation(app, parts)
  addOrigins(app, parts)
  addRevocation(app, parts)
}

function addList(app: PageApp, { database }: PageParts): void {
  app.get('/dashboard/keys', async (c) => {
    const member = c.get('member')
    return sendDashboard(
      c,
      'keys',
      keyListPage({ member, keys: await listApiKeys(database.sql, member.merchantId), state: emptyForm }),
    )
  })
}

function addCreation(app: PageApp, { database, config, log }: PageParts): void {
  app.post('/dashboard/keys', async (c) => {
    const form = await readForm(c)
    const kind = form.text('kind') === 'publishable' ? 'publishable' : 'secret'
    const member = c.get('member')
    const { merchantId, userId } = member
    const values = { kind, name: form.text('name').trim(), origins: form.text('origins') }
    const origins = readOrigins(kind === 'publishable' ? values.origins : '')
    const errors: FormState['errors'] = {
      ...(values.name.length > longestName ? { name: `Please use at most ${longestName} characters.` } : {}),
      ...(origins.success ? {} : { origins: 'Please give one address a line, such as https://shop.example.' }),
    }
    if (!origins.success || Object.keys(errors).length > 0) {
      const keys = await listApiKeys(database.sql, merchantId)
      return sendDashboard(c, 'keys', keyListPage({ member, keys, state: { values, errors } }), 400)
    }
    const chosen = keyScopes.filter((scope) => kind === 'secret' && form.all('scopes').includes(scope))
    const scopes = chosen.length > 0 ? chosen : null
    const liveMode = config.production
    const name = values.name || null
    const { id, key } = await createApiKey(database, {
      merchantId,
      kind,
      liveMode,
      name,
      origins: origins.data,
      scopes,
    })
    log.info({ userId, apiKeyId: id, scopes }, 'API key made')
    const title = kind === 'secret' ? 'Your new secret key' : 'Your new publishable key'
    const sentence =
      kind === 'secret'
        ? `Whoever has it can do ${scopes ? `what it is for (${scopes.join(', ')})` : 'everything'} in your shop. It belongs on your server, never into a browser.`
        : 'It may be seen by everybody and belongs into your storefront.'
    return sendDashboard(c, 'keys', secretPage({ title, sentence, secret: key, back: '/dashboard/keys' }))
  })
}

function addOrigins(app: PageApp, { database, log }: PageParts): void {
  app.post('/dashboard/keys/:id/origins', (c) =>
    act(c, { path: '/dashboard/keys', done: 'key-origins' }, async () => {
      const { merchantId, userId } = c.get('member')
      const origins = readOrigins((await readForm(c)).text('origins'))
      if (!origins.success) throw new ApiError('invalid_parameter', { parameter: 'origins' })
      await setKeyOrigins(database.sql, merchantId, c.req.param('id'), origins.data)
      log.info({ userId, apiKeyId: c.req.param('id') }, 'origins of an API key changed')
    }),
  )
}

function addRevocation(app: PageApp, { database, log }: PageParts): void {
  app.get('/dashboard/keys/:id/revoke', async (c) => {
    const key = await readApiKey(database.sql, c.get('member').merchantId, c.req.param('id'))
    return sendDashboard(
      c,
      'keys',
      confirmPage({
        title: `Revoke ${key.name ?? key.hint}?`,
        sentence: 'Whatever uses this key stops working. This cannot be undone.',
        button: 'Revoke the key',
        action: `/dashboard/keys/${key.id}/revoke`,
        back: '/dashboard/keys',
      }),
    )
  })
  app.post('/dashboard/keys/:id/revoke', (c) =>
    act(c, { path: '/dashboard/keys', done: 'key-revoked' }, async () => {
      const { merchantId, userId } = c.get('member')
      await revokeApiKey(database.sql, merchantId, c.req.param('id'))
      log.info({ userId, apiKeyId: c.req.param('id') }, 'API key revoked')
    }),
  )
}
