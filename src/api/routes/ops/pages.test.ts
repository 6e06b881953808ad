import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorCode, startOperations, type TestOperations } from '../../../../test/ops-api.ts'

let api: TestOperations

beforeAll(async () => {
  api = await startOperations()
  await api.addUser('operator@example.com')
  await api.addUser('seller@example.com', 'mer_1')
})

afterAll(() => api.close())

const operatorRoutes = [
  ['GET', '/v2/ops/tasks'],
  ['POST', '/v2/ops/tasks/tsk_1/retry'],
  ['GET', '/v2/ops/orphans'],
  ['GET', '/v2/ops/ledger'],
  ['GET', '/v2/ops/ledger/balances'],
  ['POST', '/v2/ops/inbox/replay'],
  ['GET', '/ops'],
  ['GET', '/ops/audit'],
  ['POST', '/ops/audit'],
  ['POST', '/ops/audit/fnd_1/explain'],
  ['GET', '/ops/mailbox'],
  ['GET', '/ops/mailbox/mail_1'],
  ['POST', '/ops/confirmation'],
  ['POST', '/ops/tasks/tsk_1/retry'],
  ['GET', '/ops/queues'],
  ['GET', '/ops/queues/api/queues'],
  ['PUT', '/ops/queues/api/queues/pause'],
] as const

describe('what belongs to operators', () => {
  test.each(operatorRoutes)('%s %s is closed to API keys and strangers (I11)', async (method, path) => {
    const answer = await api.browser().request(method, path, { headers: { authorization: 'Bearer sk_test_anything' } })
    expect(answer.status).toBe(401)
    expect(await errorCode(answer)).toBe('unauthorized')
  })

  test.each(operatorRoutes)('%s %s is closed to the users of a merchant (I11)', async (method, path) => {
    const seller = await api.signedIn('seller@example.com')
    const answer = await seller.request(method, path)
    expect(answer.status).toBe(401)
    expect(await errorCode(answer)).toBe('unauthorized')
  })

  test('sends a browser to the sign-in page and back to where it wanted to go', async () => {
    const browser = api.browser()
    const sent = await browser.page('/ops/queues')
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/ops/login?next=%2Fops%2Fqueues'])
    const page = await (await browser.page(sent.headers.get('location') ?? '')).text()
    expect(page).toContain('name="next" value="/ops/queues"')
    const signedIn = await browser.submit('/ops/login', {
      email: 'operator@example.com',
      password: 'correct horse battery',
      next: '/ops/queues',
    })
    expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, '/ops/queues'])
    expect((await browser.page('/ops/queues')).status).toBe(200)
  })
})

describe('/ops/login', () => {
  test.each([
    'https://evil.test/',
    '//evil.test',
    '/ops//evil.test:80@x',
    '/opsy',
    'javascript:alert(1)',
    '/ops/x" onclick="',
  ])('never goes on to %s', async (next) => {
    const browser = api.browser()
    const answer = await browser.submit('/ops/login', {
      email: 'operator@example.com',
      password: 'correct horse battery',
      next,
    })
    expect(answer.status).toBe(303)
    expect(new URL(answer.headers.get('location') ?? '', api.origin).origin).toBe(api.origin)
    expect(answer.headers.get('location')).toMatch(/^\/ops(\/|$)(?!\/)/)
  })

  test('shows a wrong password on the page, with what was typed escaped', async () => {
    const answer = await api.browser().submit('/ops/login', { email: '"><script>x</script>', password: 'wrong' })
    expect(answer.status).toBe(401)
    const page = await answer.text()
    expect(page).toContain('role="alert"')
    expect(page).not.toContain('<script')
  })

  test('does not sign the user of a merchant in', async () => {
    const browser = api.browser()
    const answer = await browser.submit('/ops/login', {
      email: 'seller@example.com',
      password: 'correct horse battery',
    })
    expect(answer.status).toBe(401)
    expect(browser.cookie()).toBeUndefined()
  })

  test('refuses a form that another site has sent', async () => {
    const answer = await api.browser().request('POST', '/ops/login', {
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.test' },
      body: 'email=operator@example.com&password=correct+horse+battery',
    })
    expect(answer.status).toBe(403)
  })
})

describe('/ops', () => {
  test('counts what waits for a person, lists failed tasks and lets them be retried', async () => {
    const { sql } = api.parts.database
    await sql(
      `insert into tasks (id, job, queue, payload, dedupe_key, state, run_at, last_error)
       values ('tsk_home', 'reconcile-charge', 'payment-operations', '{}', 'home', 'failed', now(), 'stripe_refused')`,
    )
    await sql(
      `insert into inbox_events (id, provider, event_id, type, body, outcome) values ('inb_home', 'stripe', 'evt_1', 'x', '{}', 'orphaned')`,
    )
    const operator = await api.signedIn('operator@example.com')
    const page = await (await operator.page('/ops')).text()
    expect(page).toContain('<dd id="failed">1</dd>')
    expect(page).toContain('<dd id="orphans">1</dd>')
    expect(page).toContain('<dd id="attention">0</dd>')
    expect(page).toContain('stripe_refused')
    const retried = await operator.submit('/ops/tasks/tsk_home/retry', {})
    expect([retried.status, retried.headers.get('location')]).toEqual([303, '/ops'])
    expect(await sql('select state, epoch from tasks')).toEqual([{ state: 'enqueued', epoch: 2 }])
    expect((await operator.submit('/ops/tasks/tsk_home/retry', {})).status).toBe(303)
  })

  test('signs out', async () => {
    const operator = await api.signedIn('operator@example.com')
    expect((await operator.submit('/ops/logout', {})).headers.get('location')).toBe('/ops/login')
    expect((await operator.page('/ops')).status).toBe(303)
  })
})

describe('every page', () => {
  test.each(['/ops/login', '/ops', '/docs/try', '/ops/queues'])(
    '%s loads nothing from outside and cannot be framed',
    async (path) => {
      const operator = await api.signedIn('operator@example.com')
      const answer = await operator.page(path)
      expect(answer.status).toBe(200)
      const policy = answer.headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(/^default-src 'none';/)
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('referrer-policy')).toMatch(/^(no-referrer|same-origin)$/)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const page = await answer.text()
      expect(page).not.toMatch(/https?:\/\//)
      const references = [...page.matchAll(/<(?:link|script|img)\b[^>]*?(?:href|src)="([^"]*)"/g)].map(
        (match) => match[1] ?? '',
      )
      const base = new URL(/<base href="([^"]*)"/.exec(page)?.[1] ?? path, api.origin)
      for (const reference of references.filter((each) => !each.startsWith('data:'))) {
        const url = new URL(reference, base)
        expect(url.origin).toBe(api.origin)
        const asset = await operator.get(url.pathname)
        expect([reference, asset.status]).toEqual([reference, 200])
        const text = await asset.text()
        if (url.pathname.endsWith('.css')) expect(text).not.toMatch(/@import|url\(["']?(?:https?:)?\/\//)
      }
    },
  )

  test('of our own runs no script at all', async () => {
    const policy = (await api.browser().page('/ops/login')).headers.get('content-security-policy') ?? ''
    expect(policy).not.toContain('script-src')
    expect(policy).not.toContain('unsafe-inline')
    expect(await (await api.browser().page('/ops/login')).text()).not.toContain('<script')
  })
})

describe('the documentation', () => {
  test('is one OpenAPI 3.1 document with the way to sign in that its operations have, and the pages that show it need no session', async () => {
    const document = (await (await api.browser().get('/openapi.json')).json()) as {
      openapi: string
      paths: Record<string, unknown>
      components: { securitySchemes: Record<string, { type: string; in?: string; name?: string }> }
    }
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/v2/sessions',
        '/v2/ops/tasks',
        '/v2/ops/tasks/{id}/retry',
        '/v2/ops/orphans',
        '/v2/ops/inbox/replay',
      ]),
    )
    expect(document.components.securitySchemes).toMatchObject({
      session: { type: 'apiKey', in: 'cookie', name: 'ordermill_session' },
    })
    expect((await api.browser().page('/docs')).status).toBe(200)
    const redirected = await api.browser().page('/docs/')
    expect(redirected.headers.get('location')).toBe('/docs')
  })

  test('shows each of the three documents by itself, with its operations closed', async () => {
    const page = await (await api.browser().page('/docs')).text()
    for (const address of ['/docs"', '/docs?of=digital-river"', '/docs?of=checkout-links"'])
      expect(page).toContain(address)
    expect(page).not.toContain('<details open')
    const script = await (await api.browser().get('/docs/assets/start.js')).text()
    expect(script).toContain("docExpansion: 'none'")
    for (const name of ['/openapi.json', '/openapi/digital-river.json', '/openapi/checkout-links.json'])
      expect(((await (await api.browser().get(name)).json()) as { openapi: string }).openapi).toBe('3.1.0')
  })

  test('sends what it loads packed, and to whom cannot unpack it as it is', async () => {
    const get = (encoding: string) =>
      fetch(`${api.origin}/docs/assets/swagger-ui-bundle.js`, { headers: { 'accept-encoding': encoding } })
    const [packed, plain] = [await get('gzip'), await get('identity')]
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(await packed.text()).toBe(await plain.text())
  })

  test('serves no other file of swagger-ui, and none beside it', async () => {
    for (const path of ['/docs/assets/package.json', '/docs/assets/..%2fpackage.json', '/docs/assets/index.js']) {
      expect((await api.browser().get(path)).status).toBe(404)
    }
  })
})
