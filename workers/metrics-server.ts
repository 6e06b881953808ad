import { createServer } from 'node:http'
import type { WorkerParts } from './connect-worker.ts'
import type { Running } from './run.ts'

/** Serves this worker process's metrics on the loopback interface, for a scraper beside it, and a health check. */
export function serveMetrics({ metrics, log }: WorkerParts, port: number): Running {
  const server = createServer(async (request, response) => {
    if (request.url === '/healthz') return void response.end('ok\n')
    if (request.url !== '/metrics') return void response.writeHead(404).end()
    response.setHeader('content-type', metrics.registry.contentType)
    response.end(await metrics.registry.metrics())
  })
  server.on('error', (error) => log.error({ err: error }, 'metrics port'))
  server.listen(port, '127.0.0.1')
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
