import { createServer } from 'node:http'
import type { Config } from '../src/platform/config.ts'
import { mayReadMetrics } from '../src/platform/metrics-access.ts'
import type { WorkerParts } from './connect-worker.ts'
import type { Running } from './run.ts'

type Served = Pick<WorkerParts, 'metrics' | 'log'> & { config: Pick<Config, 'host' | 'metricsToken'> }

/** Serves this worker process's metrics, to whom the API would show its own, and a health check, which is for anybody. */
export function serveMetrics({ config, metrics, log }: Served, port: number): Running {
  const server = createServer(async (request, response) => {
    if (request.url === '/healthz') return void response.end('ok\n')
    if (request.url !== '/metrics') return void response.writeHead(404).end()
    const reader = {
      address: request.socket.remoteAddress,
      forwarded: request.headers['x-forwarded-for']?.toString() ?? request.headers.forwarded,
      authorization: request.headers.authorization,
    }
    if (!mayReadMetrics(reader, config.metricsToken)) return void response.writeHead(401).end()
    response.setHeader('content-type', metrics.registry.contentType)
    response.end(await metrics.registry.metrics())
  })
  server.on('error', (error) => log.error({ err: error }, 'metrics port'))
  server.listen(port, config.host)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
