import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, storefront } from '../storefront.ts'
import { type System, startSystem } from '../system.ts'

// Removes the risk that a password which somebody has seen opens an installation for ever, or that one person alone can open it.
describe('operators', () => {
  let system: System
  let shop: ReturnType<typeof storefront>

  beforeAll(async () => {
    system = await startSystem({ workers: false })
    shop = storefront(system)
  })
  afterAll(() => system?.close())

  const first = { email: 'admin@example.com', password: 'correct horse battery' }
  const signIn = async (credentials: object) => {
    const answer = await shop.call('POST', '/v2/sessions', credentials, { key: null })
    return { status: answer.status, cookie: cookieOf(answer) }
  }
  const cookieOf = ({ headers }: Pick<Answer, 'headers'>) =>
    headers
      .getSetCookie()
      .find((cookie) => cookie.startsWith('ordermill_session='))
      ?.split(';')[0] ?? ''
  const as = (cookie: string, method: string, path: string, body?: object) =>
    shop.call(method, path, body, { key: null, headers: { cookie, origin: system.url } })

  it('add each other, change their own password, and lose every other browser by it', async () => {
    const admin = (await signIn(first)).cookie
    const added = await as(admin, 'POST', '/v2/ops/people', { email: 'Second@Example.com' })
    expect([added.status, added.body.email, added.headers.get('cache-control')]).toEqual([
      201,
      'second@example.com',
      'no-store',
    ])
    expect((await as(admin, 'POST', '/v2/ops/people', { email: 'second@example.com' })).status).toBe(409)
    const { password } = added.body
    const [here, elsewhere] = [
      await signIn({ email: 'second@example.com', password }),
      await signIn({ email: 'second@example.com', password }),
    ]
    expect(
      (await as(here.cookie, 'GET', '/v2/ops/people')).body.data.map(({ email }: { email: string }) => email),
    ).toEqual(['admin@example.com', 'second@example.com'])
    const change = (present: string, wanted: string) => as(here.cookie, 'POST', '/v2/ops/password', { present, wanted })
    expect((await change('guess', 'another password')).status).toBe(400)
    expect((await change(password, 'short')).status).toBe(400)
    const changed = await change(password, 'another password')
    expect(changed.status).toBe(204)
    expect((await as(elsewhere.cookie, 'GET', '/v2/ops/people')).status).toBe(401)
    expect((await as(cookieOf(changed), 'GET', '/v2/ops/people')).status).toBe(200)
    expect((await signIn({ email: 'second@example.com', password })).status).toBe(401)
    expect((await signIn({ email: 'second@example.com', password: 'another password' })).status).toBe(201)
  })

  it('remove each other at once, never themselves, and no merchant’s people', async () => {
    const admin = (await signIn(first)).cookie
    const { id, password } = (await as(admin, 'POST', '/v2/ops/people', { email: 'third@example.com' })).body
    const third = await signIn({ email: 'third@example.com', password })
    expect((await as(third.cookie, 'DELETE', `/v2/ops/people/${id}`)).status).toBe(409)
    expect((await as(admin, 'DELETE', `/v2/ops/people/${id}`)).status).toBe(204)
    expect((await as(third.cookie, 'GET', '/v2/ops/people')).status).toBe(401)
    const [{ merchantId }] = (await system.database.sql('select id as "merchantId" from merchants')) as [
      { merchantId: string },
    ]
    await system.database.sql(
      `insert into users (id, email, password_hash, merchant_id) values ('usr_shop', 'shop@example.com', 'x', $1)`,
      [merchantId],
    )
    expect((await as(admin, 'DELETE', '/v2/ops/people/usr_shop')).status).toBe(404)
    expect(JSON.stringify((await as(admin, 'GET', '/v2/ops/people')).body)).not.toContain('shop@example.com')
  })

  it('do the same on a page', async () => {
    const admin = (await signIn(first)).cookie
    const page = (method: string, path: string, form?: Record<string, string>, origin = system.url) =>
      fetch(`${system.url}${path}`, {
        method,
        redirect: 'manual',
        headers: { cookie: admin, origin, accept: 'text/html' },
        ...(form ? { body: new URLSearchParams(form) } : {}),
      })
    expect(await (await page('GET', '/ops/people')).text()).toContain('admin@example.com')
    const added = await page('POST', '/ops/people', { email: 'fourth@example.com' })
    const password = />([a-z2-9]{16})</.exec(await added.text())?.[1]
    expect((await signIn({ email: 'fourth@example.com', password })).status).toBe(201)
    expect((await page('POST', '/ops/people', { email: 'fifth@example.com' }, 'https://evil.example')).status).toBe(403)
    expect((await page('POST', '/ops/people/password', { present: 'guess', wanted: 'another password' })).status).toBe(
      400,
    )
    const { data } = (await as(admin, 'GET', '/v2/ops/people')).body
    const fourth = data.find(({ email }: { email: string }) => email === 'fourth@example.com')
    expect((await page('POST', `/ops/people/${fourth.id}/remove`, {})).headers.get('location')).toBe(
      '/ops/people?done=removed',
    )
    const changed = await page('POST', '/ops/people/password', { present: first.password, wanted: 'a third password' })
    expect([changed.status, changed.headers.get('location')]).toEqual([303, '/ops/people?done=password-changed'])
    expect((await page('GET', '/ops/people')).status).toBe(303)
  })
})
