import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorCode, startOperations, type TestOperations } from '../../../../test/ops-api.ts'

let api: TestOperations

beforeAll(async () => {
  api = await startOperations()
  await api.addUser('operator@example.com')
  await api.addUser('seller@example.com', 'mer_1')
})

afterAll(() => api.close())

const operator = { email: 'operator@example.com', password: 'correct horse battery' }

describe('POST /v2/sessions', () => {
  test('signs in, and puts the session into a cookie that no script and no other site can use', async () => {
    const answer = await api.browser().post('/v2/sessions', operator)
    expect(answer.status).toBe(201)
    expect(await answer.json()).toEqual({
      user: { email: 'operator@example.com', role: 'operator' },
      expiresTime: expect.stringMatching(/Z$/),
    })
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^ordermill_session=[\w-]{43};/)
    expect(cookie).toMatch(/; Path=\/;/)
    expect(cookie).toContain('HttpOnly')
    expect(cookie).toContain('SameSite=Strict')
    expect(cookie).not.toContain('Secure')
  })

  test('marks the cookie Secure where the public URL is https', async () => {
    const secure = await startOperations({ PUBLIC_URL: 'https://shop.test' })
    try {
      await secure.addUser('operator@example.com')
      const answer = await secure.browser().post('/v2/sessions', operator)
      expect(answer.headers.getSetCookie()[0]).toContain('Secure')
    } finally {
      await secure.close()
    }
  })

  test('says which role a person has, and takes the address in any case', async () => {
    const answer = await api.browser().post('/v2/sessions', { ...operator, email: 'Seller@Example.com' })
    expect(await answer.json()).toMatchObject({ user: { email: 'seller@example.com', role: 'merchant' } })
  })

  test('answers a wrong password and an unknown address alike', async () => {
    const wrong = await api.browser().post('/v2/sessions', { ...operator, password: 'wrong' })
    const unknown = await api.browser().post('/v2/sessions', { ...operator, email: 'nobody@example.com' })
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    expect(await wrong.text()).toBe(await unknown.text())
    expect(wrong.headers.getSetCookie()).toEqual([])
  })

  test('is refused when another site sends it', async () => {
    const answer = await api.browser().request('POST', '/v2/sessions', {
      headers: { 'content-type': 'application/json', origin: 'https://evil.test' },
      body: JSON.stringify(operator),
    })
    expect(answer.status).toBe(403)
    expect(await errorCode(answer)).toBe('forbidden')
  })

  test('replaces the session the browser had', async () => {
    const browser = await api.signedIn('operator@example.com')
    const former = browser.cookie() ?? ''
    await browser.post('/v2/sessions', operator)
    expect(browser.cookie()).not.toBe(former)
    const answer = await api.browser().request('GET', '/v2/ops/tasks', { headers: { cookie: former } })
    expect(answer.status).toBe(401)
  })

  test('slows guessing down: after ten attempts 429 with Retry-After, even with the right password', async () => {
    const attempt = (password: string) => api.browser().post('/v2/sessions', { email: 'victim@example.com', password })
    for (let guess = 1; guess <= 10; guess += 1) expect((await attempt(`guess ${guess}`)).status).toBe(401)
    const answer = await attempt('correct horse battery')
    expect(answer.status).toBe(429)
    expect(await errorCode(answer)).toBe('too_many_requests')
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await api.browser().post('/v2/sessions', operator)).status).toBe(201)
  })
})

describe('DELETE /v2/sessions', () => {
  test('signs out on the server, not only in the browser', async () => {
    const browser = await api.signedIn('operator@example.com')
    const cookie = browser.cookie() ?? ''
    expect((await browser.delete('/v2/sessions')).status).toBe(204)
    expect(browser.cookie()).toBeUndefined()
    const answer = await api.browser().request('GET', '/v2/ops/tasks', { headers: { cookie } })
    expect(answer.status).toBe(401)
  })

  test('is done already for whoever is not signed in', async () => {
    expect((await api.browser().delete('/v2/sessions')).status).toBe(204)
  })
})

describe('a state-changing request with a session', () => {
  const retry = async (headers: Record<string, string>) => {
    const browser = await api.signedIn('operator@example.com')
    const cookie = browser.cookie() ?? ''
    return fetch(`${api.origin}/v2/ops/tasks/tsk_unknown/retry`, { method: 'POST', headers: { cookie, ...headers } })
  }

  test.each([
    ['the public URL', { origin: 'http://shop.test' }],
    ['a browser that says same-origin', { 'sec-fetch-site': 'same-origin' }],
    ['a page without referrer that says same-origin', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ])('is accepted from %s', async (_name, headers) => {
    expect((await retry(headers)).status).toBe(404)
  })

  test('is accepted from the host it asks for', async () => {
    expect((await retry({ origin: api.origin })).status).toBe(404)
  })

  test.each([
    ['another site', { origin: 'https://evil.test' }],
    ['a site whose name begins alike', { origin: 'http://shop.test.evil.test' }],
    ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['a sibling that says same-site', { 'sec-fetch-site': 'same-site' }],
    ['nobody knows where', {}],
  ])('is refused from %s', async (_name, headers) => {
    const answer = await retry(headers)
    expect(answer.status).toBe(403)
    expect(await errorCode(answer)).toBe('forbidden')
  })
})
