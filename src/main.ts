import { flushCompileCache } from 'node:module'
import { serve } from '@hono/node-server'
import { createApi } from './api/app.ts'
import { createApiParts } from './api/create-parts.ts'
import { readConfigOrExit } from './platform/read-config-or-exit.ts'

/** A slow upload of two gigabytes takes longer than Node's five minutes; the upload route ends idle ones itself. */
const serverOptions = { requestTimeout: 3_600_000 }
const graceMs = 20_000

const config = readConfigOrExit()
const parts = await createApiParts(config)
const server = serve({ fetch: createApi(parts).fetch, hostname: config.host, port: config.port, serverOptions }, () => {
  parts.log.info({ host: config.host, port: config.port }, 'listening')
  // For the next start, should this one be killed.
  flushCompileCache()
})

let stopping = false
const stop = (signal: string) => {
  if (stopping) return
  stopping = true
  parts.log.info({ signal }, 'stopping')
  setTimeout(() => process.exit(1), graceMs).unref()
  server.close(async () => {
    await parts.close()
    process.exit(0)
  })
  if ('closeIdleConnections' in server) server.closeIdleConnections()
}
process.on('SIGTERM', () => stop('SIGTERM'))
process.on('SIGINT', () => stop('SIGINT'))
