import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { secureHeaders } from 'hono/secure-headers'
import { createApiParts } from '../src/api/connect-api.ts'
import { createApp } from '../src/api/env.ts'
import { handleErrors, toResponse } from '../src/api/middleware/handle-errors.ts'
import { registerOperations } from '../src/api/routes/ops/register.ts'
import { hashPassword } from '../src/operators/passwords.ts'
import { readConfig } from '../src/platform/config.ts'
import { ApiError } from '../src/platform/errors.ts'
import { newId } from '../src/platform/ids.ts'
import { providerEntries } from '../src/providers/registry.ts'
import { freshDatabase, freshRedis } from './services.ts'

const password = 'correct horse battery'

/** An API with nothing but the operations routes, on a real socket, a real Postgres and a real Redis. */
export async function startOperations(env: Record<string, string> = {}) {
  const database = await freshDatabase()
  const redis = await freshRedis()
  const config = readConfig(
    {
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      QUEUE_PREFIX: `test-${randomBytes(4).toString('hex')}`,
      PUBLIC_URL: 'http://shop.test',
      METRICS_TOKEN: 'metrics-token-of-this-test',
      ...env,
    },
    providerEntries,
  )
  const start = async () => {
    const parts = await createApiParts(config)
    const app = createApp()
    app.onError(handleErrors(parts.log))
    app.notFound((c) => toResponse(c, new ApiError('not_found')))
    app.use(secureHeaders())
    registerOperations(app, parts)
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    return {
      app,
      parts,
      origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      async close() {
        server.close()
        if ('closeAllConnections' in server) server.closeAllConnections()
        await parts.close()
      },
    }
  }
  let running = await start()
  return {
    config,
    database,
    redis,
    get app() {
      return running.app
    },
    get parts() {
      return running.parts
    },
    get origin() {
      return running.origin
    },
    /** Stores a person who may sign in; without a merchant it is an operator. */
    async addUser(email: string, merchantId: string | null = null) {
      await running.parts.database.sql(
        'insert into users (id, email, password_hash, merchant_id) values ($1, $2, $3, $4)',
        [newId('user'), email, await hashPassword(password), merchantId],
      )
      return { email, password }
    },
    /** A browser that has signed in with this account. */
    async signedIn(email: string) {
      const browser = browserAt(() => running.origin)
      const answer = await browser.post('/v2/sessions', { email, password })
      if (answer.status !== 201) throw new Error(`sign-in was answered with ${answer.status}`)
      return browser
    },
    browser: () => browserAt(() => running.origin),
    /** Ends the API process's part of the world and starts it again, as a deployment does. */
    async restart() {
      await running.close()
      running = await start()
    },
    async close() {
      await running.close()
      await redis.stop()
      await database.drop()
    },
  }
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
