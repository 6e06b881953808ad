import { secureHeaders } from 'hono/secure-headers'
import { registerOperations } from '../src/api/routes/ops/register.ts'
import { hashPassword } from '../src/operators/passwords.ts'
import { newId } from '../src/platform/ids.ts'
import { startPartialApi } from './partial-api.ts'

const password = 'correct horse battery'

/** An API with nothing but the operations routes. */
export async function startOperations(env: Record<string, string> = {}) {
  const api = await startPartialApi({ METRICS_TOKEN: 'metrics-token-of-this-test', ...env }, (app, parts) => {
    app.use(secureHeaders())
    registerOperations(app, parts)
  })

  return Object.assign(api, {
    /** Stores a person who may sign in; without a merchant it is an operator. */
    async addUser(email: string, merchantId: string | null = null) {
      await api.parts.database.sql(
        'insert into users (id, email, password_hash, merchant_id) values ($1, $2, $3, $4)',
        [newId('user'), email, await hashPassword(password), merchantId],
      )
      return { email, password }
    },
    /** A browser that has signed in with this account. */
    async signedIn(email: string) {
      const browser = browserAt(() => api.origin)
      const answer = await browser.post('/v2/sessions', { email, password })
      if (answer.status !== 201) throw new Error(`sign-in was answered with ${answer.status}`)
      return browser
    },
    browser: () => browserAt(() => api.origin),
  })
}

export type TestOperations = Awaited<ReturnType<typeof startOperations>>

/** Keeps one cookie, says its origin on changes as browsers do, and does not follow redirects. */
function browserAt(origin: () => string) {
  let cookie: string | undefined
  const request = async (
    method: string,
    path: string,
    init: { headers?: Record<string, string>; body?: string } = {},
  ) => {
    const answer = await fetch(`${origin()}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie ? { cookie } : {}),
        ...(method === 'GET' ? {} : { origin: origin() }),
        ...init.headers,
      },
      ...(init.body === undefined ? {} : { body: init.body }),
    })
    const set = answer.headers.getSetCookie()[0]?.split(';', 1)[0]
    if (set) cookie = set.endsWith('=') ? undefined : set
    return answer
  }
  return {
    request,
    cookie: () => cookie,
    get: (path: string) => request('GET', path),
    page: (path: string) => request('GET', path, { headers: { accept: 'text/html,application/xhtml+xml' } }),
    put: (path: string) => request('PUT', path),
    delete: (path: string) => request('DELETE', path),
    post: (path: string, body: object = {}) =>
      request('POST', path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    submit: (path: string, form: Record<string, string>) =>
      request('POST', path, {
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
        body: new URLSearchParams(form).toString(),
      }),
  }
}

/** The code of an answer in the error format. */
export async function errorCode(answer: Response): Promise<string | undefined> {
  const body = (await answer.json()) as { type?: string; errors?: { code: string; message: string }[] }
  return body.type === undefined ? undefined : body.errors?.[0]?.code
}
