import { createApiKey, listApiKeys, readApiKey, revokeApiKey } from '../../../merchants/api-keys.ts'
import { confirmPage } from '../../pages/seller/confirm-page.ts'
import { keyListPage } from '../../pages/seller/key-list-page.ts'
import { secretPage } from '../../pages/seller/secret-page.ts'
import { sendDashboard } from './dashboard-session.ts'
import { act, readForm } from './page-form.ts'
import type { PageApp, PageParts } from './page-parts.ts'

/** `/dashboard/keys`: a merchant's API keys. A key is shown once, in the answer to the form that makes it. */
export function registerKeys(app: PageApp, parts: PageParts): void {
  const { database, config } = parts

  app.get('/dashboard/keys', async (c) => {
    const member = c.get('member')
    return sendDashboard(c, 'keys', keyListPage({ member, keys: await listApiKeys(database.sql, member.merchantId) }))
  })

  app.post('/dashboard/keys', async (c) => {
    const kind = (await readForm(c)).text('kind') === 'publishable' ? 'publishable' : 'secret'
    const { merchantId, userId } = c.get('member')
    const { id, key } = await createApiKey(database, { merchantId, kind, liveMode: config.production })
    parts.log.info({ userId, apiKeyId: id }, 'API key made')
    const title = kind === 'secret' ? 'Your new secret key' : 'Your new publishable key'
    const sentence =
      kind === 'secret'
        ? 'Whoever has it can do everything in your shop. It belongs on your server, never into a browser.'
        : 'It may be seen by everybody and belongs into your storefront.'
    return sendDashboard(c, 'keys', secretPage({ title, sentence, secret: key, back: '/dashboard/keys' }))
  })

  app.get('/dashboard/keys/:id/revoke', async (c) => {
    const key = await readApiKey(database.sql, c.get('member').merchantId, c.req.param('id'))
    return sendDashboard(
      c,
      'keys',
      confirmPage({
        title: `Revoke ${key.hint}?`,
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
      parts.log.info({ userId, apiKeyId: c.req.param('id') }, 'API key revoked')
    }),
  )
}
