import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { controlRoutes } from './control-routes.ts'
import { emulators } from './emulators.ts'
import { hmrcRoutes } from './hmrc.ts'
import { type Exchange, json, type Reply, type Route, readBody, router, send } from './http.ts'
import { viesRoutes } from './vies.ts'
import type { EnabledEvents } from './webhook-settings.ts'
import { createWorld, type Secrets } from './world.ts'

/** How a sandbox is started; every field has a default that suits tests, except that without a target no webhook leaves. */
export type SandboxOptions = {
  /** 0 or absent: any free port. Loopback only. */
  port?: number | undefined
  /** Where webhooks go: `<webhookTarget>/webhooks/<provider>`. */
  webhookTarget?: string | undefined
  /** The event types that the endpoints at providers listen for. */
  enabledEvents?: EnabledEvents | undefined
  /** Signing secrets of the webhooks. */
  secrets?: Secrets | undefined
  /** The SQLite database that keeps everything; in memory, for as long as the sandbox runs, where there is none. */
  databaseFile?: string | undefined
  /** Added to every provider answer, to play a distant network. */
  latencyMs?: number | undefined
}

export type Sandbox = { url: string; port: number; close(): Promise<void> }

/** Starts the providers on one loopback port. Several sandboxes may run in one process; they share nothing. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  let url = ''
  const { webhookTarget, enabledEvents, databaseFile, secrets, latencyMs = 0 } = options
  const world = createWorld({
    played: emulators,
    secrets,
    webhookTarget,
    enabledEvents,
    databaseFile,
    baseUrl: () => url,
  })
  const running = Object.values(emulators).map((emulator) => emulator.start(world))
  const handle = dispatcher([
    ...running.flatMap(({ routes }) => routes),
    ...viesRoutes(world),
    ...hmrcRoutes(world),
    ...controlRoutes(world),
  ])

  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    const answer = async () => {
      const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
      const { method = 'GET', headers } = request
      const body = method === 'GET' ? '' : await readBody(request)
      const reply = await handle({ method, path, query, headers, body, params: {} })
      await world.store.written()
      if (latencyMs > 0 && !path.startsWith('/sandbox')) await new Promise((resolve) => setTimeout(resolve, latencyMs))
      send(response, reply)
    }
    answer().catch((error: unknown) => {
      process.stderr.write(`sandbox: ${error instanceof Error ? error.stack : String(error)}\n`)
      if (!response.headersSent)
        send(response, json({ error: { type: 'api_error', message: 'The sandbox failed.' } }, 500))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  url = `http://127.0.0.1:${port}`
  world.webhooks.resume()

  return {
    url,
    port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      for (const { close } of running) close?.()
      world.webhooks.close()
      world.store.close()
    },
  }
}

function dispatcher(routes: readonly Route[]): (exchange: Exchange) => Reply | Promise<Reply> {
  const find = router(routes)
  return (exchange) => {
    const found = find(exchange.method, exchange.path)
    if (found) return found.route.handle({ ...exchange, params: found.params })
    const message = `Unrecognized request URL (${exchange.method}: ${exchange.path}).`
    return json({ error: { type: 'invalid_request_error', message } }, 404)
  }
}
