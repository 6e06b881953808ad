import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop, pageText, type Shop, seller, stranger } from './shop.ts'

// Removes the risk that one seller sees or changes what is another's, or obeys another site.
describe('who may use the dashboard', () => {
  let shop: Shop

  beforeAll(async () => {
    shop = await openShop()
  })
  afterAll(() => shop?.close())

  const pages = [
    'orders',
    'orders.csv',
    'search',
    'products',
    'products/new',
    'links',
    'links/new',
    'files',
    'revenue',
    'webhooks',
    'keys',
    'people',
    'account',
  ]

  it('R256 sends whoever is not signed in to the sign-in page, and back afterwards', async () => {
    for (const page of pages) {
      const answer = await shop.visitor().get(`/dashboard/${page}?x=1`)
      const next = encodeURIComponent(`/dashboard/${page}?x=1`)
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `/dashboard/login?next=${next}`])
    }
    const form = { ...seller, next: '/dashboard/links' }
    expect((await shop.visitor().submit('/dashboard/login', form)).headers.get('location')).toBe('/dashboard/links')
  })

  it.each(['https://evil.test/', '//evil.test', '/dashboard/../ops', '/dashboard//evil.test\\', '/ops'])(
    'never leads to %s after signing in',
    async (next) => {
      const answer = await shop.visitor().submit('/dashboard/login', { ...seller, next })
      expect(answer.headers.get('location')).toBe('/dashboard')
    },
  )

  it('says the same to a wrong password and to an unknown address', async () => {
    const wrong = await shop.visitor().submit('/dashboard/login', { ...stranger, password: 'wrong' })
    const unknown = await shop.visitor().submit('/dashboard/login', { email: 'nobody@example.com', password: 'wrong' })
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    expect(await wrong.text()).toContain('Wrong email address or password.')
    expect(await unknown.text()).toContain('Wrong email address or password.')
  })

  it('R256 obeys no form that another site has sent', async () => {
    const visitor = await shop.signedIn()
    const { slug } = await shop.link()
    const orderId = await shop.sold(slug)
    for (const path of [
      `/dashboard/orders/${orderId}/refund`,
      '/dashboard/keys',
      '/dashboard/people',
      '/dashboard/logout',
    ]) {
      for (const headers of [{ origin: 'https://evil.test' }, { origin: 'null', 'sec-fetch-site': 'cross-site' }]) {
        const answer = await visitor.submit(path, { email: 'evil@example.com' }, headers)
        expect([path, answer.status]).toEqual([path, 403])
      }
    }
    expect((await visitor.get('/dashboard/orders')).status).toBe(200)
  })

  it('R255 R257 answers 404 for what belongs to another seller, on every page and for every button', async () => {
    const { slug, id: linkId, product_id: productId } = await shop.link()
    const orderId = await shop.sold(slug)
    const owner = await shop.signedIn()
    await owner.submit('/dashboard/webhooks', { url: `${shop.url}/hook` })
    const [hook] = (await shop.api.must('GET', '/v2/webhook-endpoints')).data
    const [key] = await shop.system.database.sql<{ id: string }>('select id from api_keys limit 1')
    const [user] = await shop.system.database.sql<{ id: string }>('select id from users where email = $1', [
      seller.email,
    ])
    const visitor = await shop.signedIn(stranger)
    const shown = [
      `orders/${orderId}`,
      `orders/${orderId}/refund`,
      `orders/${orderId}/block`,
      `products/${productId}`,
      `links/${linkId}`,
      `webhooks/${hook.id}`,
      `keys/${key?.id}/revoke`,
      `people/${user?.id}/remove`,
      'nowhere',
    ]
    for (const path of shown) {
      const answer = await visitor.get(`/dashboard/${path}`)
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 404, 'text/html; charset=UTF-8'])
    }
    const [task] = (await shop.api.timeline(orderId)).tasks
    const buttons: [string, Record<string, string>][] = [
      [`orders/${orderId}/retry-delivery`, {}],
      [`orders/${orderId}/delivered`, {}],
      [`orders/${orderId}/delivery`, { content_type: 'text', delivery_content: 'mine' }],
      [`orders/${orderId}/refund`, {}],
      [`orders/${orderId}/approve`, {}],
      [`orders/${orderId}/block`, {}],
      [`orders/${orderId}/tasks/${task.id}/retry`, {}],
      [`products/${productId}`, { name: 'x', price: '1', currency: 'USD', content_type: 'text', text: 'x' }],
      [`products/${productId}/licence-keys`, { keys: 'a' }],
      [`links/${linkId}`, { product_id: productId, slug, title: 'x' }],
      [`links/${linkId}/active`, { active: 'no' }],
      [`webhooks/${hook.id}/enabled`, { enabled: 'no' }],
      [`webhooks/${hook.id}/test`, {}],
      [`webhooks/${hook.id}/remove`, {}],
      [`keys/${key?.id}/revoke`, {}],
      [`people/${user?.id}/remove`, {}],
      [`people/${user?.id}/role`, { role: 'reader' }],
    ]
    for (const [path, form] of buttons) {
      const { status } = await visitor.submit(`/dashboard/${path}`, form)
      expect([path, status]).toEqual([path, 404])
    }
    expect(await pageText(await visitor.get('/dashboard/orders'))).not.toContain(orderId)
    expect((await shop.api.read(orderId)).status).toBe('CONFIRMED')
  })

  it('shows a new API key once, and a revoked one stops working', async () => {
    const visitor = await shop.signedIn()
    const made = await pageText(await visitor.submit('/dashboard/keys', { kind: 'secret' }))
    const key = /sk_test_[\w-]{32}/.exec(made)?.[0] ?? ''
    const call = () => fetch(`${shop.url}/v2/merchants`, { headers: { authorization: `Bearer ${key}` } })
    expect(key).not.toBe('')
    const list = await pageText(await visitor.get('/dashboard/keys'))
    expect(list).not.toContain(key)
    const [row] = await shop.system.database.sql<{ id: string }>('select id from api_keys order by id desc limit 1')
    await visitor.submit(`/dashboard/keys/${row?.id}/revoke`, {})
    expect((await call()).status).toBe(401)
  })

  it('invites somebody with a password that is shown once, and takes the access away again', async () => {
    const visitor = await shop.signedIn()
    const page = await pageText(await visitor.submit('/dashboard/people', { email: 'New@Example.com', role: 'staff' }))
    const password = /<pre id="secret"[^>]*>([a-z0-9]{16})<\/pre>/.exec(page)?.[1] ?? ''
    const invited = await shop.signedIn({ email: 'new@example.com', password })
    expect((await invited.get('/dashboard/orders')).status).toBe(200)
    const taken = await visitor.submit('/dashboard/people', { email: stranger.email, role: 'staff' })
    expect([taken.status, (await pageText(taken)).includes('This address has an account already.')]).toEqual([
      400,
      true,
    ])

    const changed = await invited.submit('/dashboard/account/password', {
      present: password,
      wanted: 'a longer password',
    })
    expect(changed.headers.get('location')).toBe('/dashboard/account?done=password-changed')
    expect((await invited.get('/dashboard/orders')).status).toBe(200)
    const [user] = await shop.system.database.sql<{ id: string }>(
      `select id from users where email = 'new@example.com'`,
    )
    await visitor.submit(`/dashboard/people/${user?.id}/remove`, {})
    expect((await invited.get('/dashboard/orders')).status).toBe(303)
  })

  it('nobody can remove themselves, so that a shop never loses its last person', async () => {
    const visitor = await shop.signedIn()
    const [user] = await shop.system.database.sql<{ id: string }>('select id from users where email = $1', [
      seller.email,
    ])
    const answer = await visitor.submit(`/dashboard/people/${user?.id}/remove`, {})
    expect(answer.headers.get('location')).toBe('/dashboard/people?problem=in_use')
    expect((await visitor.get('/dashboard/people')).status).toBe(200)
  })

  it('an operator lets the first person of a merchant in; nobody else can', async () => {
    const [other] = await shop.system.database.sql<{ id: string }>(
      `select id from merchants where name = 'Another shop'`,
    )
    const form = { merchant: other?.id ?? '', email: 'first@another.example' }
    expect((await (await shop.signedIn()).submit('/ops/merchants', form)).status).toBe(303)
    const operator = await shop.signedIn({ email: 'admin@example.com', password: 'correct horse battery' })
    expect((await operator.submit('/ops/merchants', form, { origin: 'https://evil.test' })).status).toBe(403)
    expect((await operator.submit('/ops/merchants', { ...form, merchant: 'mer_none' })).status).toBe(400)
    const page = await pageText(await operator.submit('/ops/merchants', form))
    const password = /<pre id="secret"[^>]*>([a-z0-9]{16})<\/pre>/.exec(page)?.[1] ?? ''
    const invited = await shop.signedIn({ email: form.email, password })
    expect(await pageText(await invited.get('/dashboard/people'))).toContain('Another shop')
  })
})
