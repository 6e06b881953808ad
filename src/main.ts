import { flushCompileCache } from 'node:module'
import { createApi } from './api/app.ts'
import { createApiParts } from './api/connect-api.ts'
import { startServer } from './api/server.ts'
import { readConfigOrExit } from './boot/read-config-or-exit.ts'

const graceMs = 20_000

const config = readConfigOrExit()
const parts = await createApiParts(config)
const server = startServer(createApi(parts), config, () => {
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
