import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { createApiParts } from '../src/api/connect-api.ts'
import { type ApiApp, createApp } from '../src/api/env.ts'
import { handleErrors, toResponse } from '../src/api/middleware/handle-errors.ts'
import type { ApiParts } from '../src/api/route-dependencies.ts'
import { readConfig } from '../src/platform/config.ts'
import { ApiError } from '../src/platform/errors.ts'
import { providerEntries } from '../src/providers/registry.ts'
import { freshDatabase, freshRedis } from './services.ts'

/** An API with nothing but the routes that `register` adds, on a real socket, a real Postgres and a real Redis. */
export async function startPartialApi(env: Record<string, string>, register: (app: ApiApp, parts: ApiParts) => void) {
  const [database, redis] = await Promise.all([freshDatabase(), freshRedis()])
  const config = readConfig(
    {
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      QUEUE_PREFIX: `test-${randomBytes(4).toString('hex')}`,
      PUBLIC_URL: 'http://shop.test',
      ...env,
    },
    providerEntries,
  )
  const start = async () => {
    const parts = await createApiParts(config)
    const app = createApp()
    app.onError(handleErrors(parts.log))
    app.notFound((c) => toResponse(c, new ApiError('not_found')))
    register(app, parts)
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
    /** Ends the API process's part of the world and starts it again over the same data, as a deployment does. */
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
