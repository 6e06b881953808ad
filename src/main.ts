import { flushCompileCache } from 'node:module'
import { createApi } from './api/app.ts'
import { createApiParts } from './api/connect-api.ts'
import { startServer } from './api/server.ts'
import { readConfigOrExit } from './boot/read-config-or-exit.ts'
import { startTracing } from './boot/start-tracing.ts'
import { warnOfMissing } from './boot/warn-of-missing.ts'

const graceMs = 20_000

const config = readConfigOrExit()
const tracing = await startTracing(config, 'ordermill-api')
const parts = await createApiParts(config)
const server = startServer(createApi(parts), config, () => {
  parts.log.info({ host: config.host, port: config.port }, 'listening')
  void warnOfMissing(parts)
  // For the next start, should this one be killed.
  flushCompileCache()
})

/** First the balancer hears of it, then the listener closes, then what is in hand is answered. */
const stop = async (signal: string) => {
  if (parts.stopping.begun) return
  parts.stopping.begun = true
  parts.log.info({ signal }, 'stopping')
  setTimeout(() => process.exit(1), config.shutdownDelayMs + graceMs).unref()
  await new Promise((resolve) => setTimeout(resolve, config.shutdownDelayMs))
  server.close(async () => {
    await parts.close()
    await tracing.close()
    process.exit(0)
  })
  if ('closeIdleConnections' in server) server.closeIdleConnections()
}
process.on('SIGTERM', () => void stop('SIGTERM'))
process.on('SIGINT', () => void stop('SIGINT'))
