import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dashboardRights, dashboardRoutes, requireRights } from '../../src/api/routes/pages/dashboard-rights.ts'
import { hashPassword } from '../../src/operators/passwords.ts'
import { changeRole, removePerson } from '../../src/operators/people.ts'
import { may, type Role, roles } from '../../src/operators/roles.ts'
import { ApiError } from '../../src/platform/errors.ts'
import { newId } from '../../src/platform/ids.ts'
import { openShop, pageText, type Shop } from '../browser/shop.ts'

const password = 'correct horse battery'

// Removes the risk that somebody of a shop does what their role does not allow, by a page or button that there is or will be.
describe('roles of a merchant’s people', () => {
  let shop: Shop
  let merchantId: string
  let visitors: Record<Role, Awaited<ReturnType<Shop['signedIn']>>>
  const made = { count: 0 }

  const addPerson = async (role: Role) => {
    made.count += 1
    const [id, email] = [newId('user'), `${role}-${made.count}@example.com`]
    await shop.system.database.sql(
      'insert into users (id, email, password_hash, merchant_id, role) values ($1, $2, $3, $4, $5)',
      [id, email, await hashPassword(password), merchantId, role],
    )
    return { id, email }
  }
  const roleOf = async (id: string) =>
    (await shop.system.database.sql<{ role: Role }>('select role from users where id = $1', [id]))[0]?.role

  beforeAll(async () => {
    shop = await openShop()
    merchantId = (await shop.api.must('GET', '/v2/merchants')).data[0].id
    const entries = roles.map(async (role) => {
      const { email } = await addPerson(role)
      return [role, await shop.signedIn({ email, password })] as const
    })
    visitors = Object.fromEntries(await Promise.all(entries)) as typeof visitors
  })
  afterAll(() => shop?.close())

  /** What a role is answered at a route, by something that is not there. */
  const knock = async (role: Role, route: string) => {
    const [method = '', path = ''] = route.split(' ')
    const address = path.replace(/:\w+/g, 'nobodys')
    return method === 'GET' ? visitors[role].get(address) : visitors[role].submit(address, {})
  }

  it.each(roles)(
    'lets a person who is %s use every route of the dashboard that the table allows, and no other',
    async (role) => {
      const routes = dashboardRoutes(shop.system.app)
      expect(routes.length).toBeGreaterThan(50)
      for (const route of routes) {
        const right = dashboardRights[route]
        const answer = await knock(role, route)
        const refused = answer.status === 403
        expect([route, refused]).toEqual([route, !(right && may(role, right))])
        if (refused) expect(await pageText(answer)).toContain('Your role in this shop does not allow this.')
      }
    },
  )

  it('lets who only reads change nothing but their own account, whatever the table says', async () => {
    const changes = dashboardRoutes(shop.system.app).filter(
      (route) => !route.startsWith('GET ') && !route.includes(' /dashboard/account'),
    )
    expect(changes.length).toBeGreaterThan(25)
    for (const route of changes) expect([route, (await knock('reader', route)).status]).toEqual([route, 403])
  })

  it('keeps staff from keys, people, the balance and webhook secrets, whatever the table says', async () => {
    const closed = dashboardRoutes(shop.system.app).filter(
      (route) => /\/(keys|people|balance)/.test(route) || route === 'POST /dashboard/webhooks',
    )
    expect(closed.length).toBeGreaterThan(10)
    for (const route of closed) expect([route, (await knock('staff', route)).status]).toEqual([route, 403])
  })

  it('does not start with a route that nobody has thought about', () => {
    const routes = [{ method: 'POST', path: '/dashboard/orders/:id/forgotten' }] as never
    expect(() => requireRights({ routes })).toThrow('POST /dashboard/orders/:id/forgotten')
  })

  it('shows nobody a button or a link that they may not use', async () => {
    const link = await shop.link({}, { licensed: true })
    const orderId = await shop.sold((await shop.link()).slug)
    await visitors.owner.submit('/dashboard/webhooks', { url: `${shop.url}/hook` })
    const [hook] = (await shop.api.must('GET', '/v2/webhook-endpoints')).data
    await visitors.owner.submit(`/dashboard/webhooks/${hook.id}/test`, {})
    const upload = new FormData()
    upload.append('file', new Blob(['1,2,3\n']), 'numbers.csv')
    await visitors.owner.send('/dashboard/files', upload)
    const pages = ['', '/orders', '/products', '/links', '/files', '/revenue', '/webhooks', '/account', '/search?q=x']
    const details = [
      `/orders/${orderId}`,
      `/products/${link.product_id}`,
      '/products/sku-physical',
      `/links/${link.id}`,
      `/webhooks/${hook.id}`,
    ]
    const found = { staff: 0, owner: 0, reader: 0 }
    for (const role of roles) {
      for (const path of [...pages, ...details]) {
        const text = await pageText(await visitors[role].get(`/dashboard${path}`))
        for (const route of usedBy(text)) {
          const right = dashboardRights[route]
          expect([role, path, route, right !== undefined && may(role, right)]).toEqual([role, path, route, true])
          if (!route.startsWith('GET ')) found[role] += 1
        }
      }
    }
    expect(found.owner).toBeGreaterThan(10)
    expect(found.staff).toBeGreaterThan(8)
    // Their password.
    expect(found.reader).toBe(1)
  })

  it('holds for the API that a session opens, too', async () => {
    const product = JSON.stringify({
      name: 'x',
      price: 1,
      currency: 'USD',
      content_type: 'text',
      delivery_content: 'x',
    })
    const headers = { 'content-type': 'application/json' }
    const create = (role: Role) => visitors[role].request('POST', '/v2/digital/products', { headers, body: product })
    expect((await create('staff')).status).toBe(201)
    const refused = await create('reader')
    const { error } = (await refused.json()) as { error: { code: string } }
    expect([refused.status, error.code]).toEqual([403, 'role_too_low'])
    expect((await visitors.reader.get('/v2/digital/products')).status).toBe(200)
  })

  it('is given with the invitation, changed by an owner, and holds from the next request on', async () => {
    const page = await pageText(
      await visitors.owner.submit('/dashboard/people', { email: 'helper@example.com', role: 'reader' }),
    )
    const shown = /<pre id="secret"[^>]*>([a-z0-9]{16})<\/pre>/.exec(page)?.[1] ?? ''
    const helper = await shop.signedIn({ email: 'helper@example.com', password: shown })
    const [row] = await shop.system.database.sql<{ id: string }>(
      `select id from users where email = 'helper@example.com'`,
    )
    const { slug } = await shop.link()
    const orderId = await shop.sold(slug)
    const retry = () => helper.submit(`/dashboard/orders/${orderId}/retry-delivery`, {})
    expect((await retry()).status).toBe(403)
    const changed = await visitors.owner.submit(`/dashboard/people/${row?.id}/role`, { role: 'staff' })
    expect(changed.headers.get('location')).toBe('/dashboard/people?done=role-changed')
    expect((await retry()).status).toBe(303)
    const wrong = await visitors.owner.submit(`/dashboard/people/${row?.id}/role`, { role: 'king' })
    expect(wrong.headers.get('location')).toBe('/dashboard/people?problem=invalid_parameter')
    const none = await visitors.owner.submit('/dashboard/people', { email: 'none@example.com' })
    expect([none.status, (await pageText(none)).includes('Please choose a role.')]).toEqual([400, true])
  })

  describe('the last owner', () => {
    /** The shop with these two as its only owners. */
    const twoOwners = async () => {
      const [first, second] = [await addPerson('owner'), await addPerson('owner')]
      await shop.system.database.sql(
        `update users set role = 'staff' where merchant_id = $1 and role = 'owner' and id <> all($2)`,
        [merchantId, [first.id, second.id]],
      )
      return [first.id, second.id] as const
    }
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error: unknown) => (error instanceof ApiError ? error.code : Promise.reject(error)),
      )
    const database = () => shop.system.database
    /** Until somebody waits for a lock that another holds. */
    const untilOneWaits = async () => {
      const deadline = Date.now() + 10_000
      while (Date.now() < deadline) {
        const [waiting] = await database().sql<{ count: number }>(
          `select count(*)::int as count from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like '%users%'`,
        )
        if (waiting && waiting.count > 0) return
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      throw new Error('nobody waited')
    }

    it('can be neither removed nor made less', async () => {
      const [first, second] = await twoOwners()
      const demote = (by: string, userId: string) =>
        codeOf(database().transaction((tx) => changeRole(tx, { merchantId, by, userId, role: 'staff' })))
      expect(await demote(first, second)).toBe('done')
      expect(await demote(first, first)).toBe('last_owner')
      expect(
        await codeOf(database().transaction((tx) => removePerson(tx, { merchantId, by: first, userId: first }))),
      ).toBe('in_use')
      expect(await demote(second, first)).toBe('role_too_low')
      expect(await roleOf(first)).toBe('owner')
    })

    it.each([
      ['demote', changeRole],
      ['remove', (tx, change) => removePerson(tx, change)],
    ] as [string, typeof changeRole][])(
      'stays when two owners %s each other at the same time',
      async (_name, change) => {
        const [first, second] = await twoOwners()
        let other: Promise<string> | undefined
        const one = await codeOf(
          database().transaction(async (tx) => {
            await change(tx, { merchantId, by: first, userId: second, role: 'staff' })
            other = codeOf(
              database().transaction((later) =>
                change(later, { merchantId, by: second, userId: first, role: 'staff' }),
              ),
            )
            await untilOneWaits()
          }),
        )
        expect([one, await other]).toEqual(['done', 'role_too_low'])
        expect(await roleOf(first)).toBe('owner')
      },
    )
  })
})

const patterns = Object.keys(dashboardRights).map((route) => {
  const [method = '', path = ''] = route.split(' ')
  return { route, method, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`) }
})

/** The routes of the dashboard that a page leads to: forms that post, and links. */
function usedBy(text: string): string[] {
  const forms = [...text.matchAll(/<form[^>]*method="post"[^>]*action="(\/dashboard[^"?]*)/g)]
  const links = [...text.matchAll(/<a [^>]*href="(\/dashboard[^"?#]*)/g)]
  const routeOf = (method: string, path: string) => {
    if (/\/(login(\/.*)?|logout)$/.test(path)) return []
    return [patterns.find((known) => known.method === method && known.pattern.test(path))?.route ?? `${method} ${path}`]
  }
  return [
    ...forms.flatMap(([, path = '']) => routeOf('POST', path)),
    ...links.flatMap(([, path = '']) => routeOf('GET', path)),
  ]
}
