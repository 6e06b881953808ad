import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Bonum, bonumRoutes } from './bonum/bonum.ts'
import { buyerRoutes } from './buyer-page.ts'
import { controlRoutes } from './control-routes.ts'
import { easypostRoutes } from './easypost/easypost.ts'
import { type Exchange, json, type Reply, type Route, readBody, router, send } from './http.ts'
import { printfulRoutes } from './printful/printful.ts'
import { stripeControls } from './stripe/controls.ts'
import { createStripe } from './stripe/stripe.ts'
import { viesRoutes } from './vies.ts'
import type { EnabledEvents } from './webhook-settings.ts'
import { createWorld, type Secrets } from './world.ts'

/** How a sandbox is started; every field has a default that suits tests, except that without a target no webhook leaves. */
export type SandboxOptions = {
  /** 0 or absent: any free port. Loopback only. */
  port?: number | undefined
  /** Where webhooks go: `<webhookTarget>/webhooks/<provider>`. */
  webhookTarget?: string | undefined
  /** The event types that the endpoints at Stripe and Printful listen for. */
  enabledEvents?: EnabledEvents | undefined
  /** Signing secrets of the webhooks. */
  secrets?: Partial<Secrets> | undefined
  /** Loaded at start, saved on close and at most once a second after changes. */
  snapshotFile?: string | undefined
  /** Added to every provider answer, to play a distant network. */
  latencyMs?: number | undefined
}

export type Sandbox = { url: string; port: number; close(): Promise<void> }

/** The published secrets of development; a real deployment never sees them because it never starts a sandbox. */
export const defaultSecrets: Secrets = {
  stripe: 'whsec_sandbox',
  easypost: 'easypost_sandbox',
  printful: '7072696e7466756c5f73616e64626f78',
  bonum: 'bonum_sandbox',
}

/** Starts the providers on one loopback port. Several sandboxes may run in one process; they share nothing. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  let url = ''
  const secrets = { ...defaultSecrets, ...options.secrets }
  const { webhookTarget, enabledEvents, snapshotFile, latencyMs = 0 } = options
  const world = createWorld({ secrets, webhookTarget, enabledEvents, snapshotFile, baseUrl: () => url })
  const stripe = createStripe(world)
  const bonum = new Bonum(world)
  const handle = dispatcher([
    ...stripe.routes,
    ...easypostRoutes(world),
    ...printfulRoutes(world),
    ...bonumRoutes(world, bonum),
    ...viesRoutes(world),
    ...buyerRoutes(stripe, bonum),
    ...controlRoutes(world),
    ...stripeControls(stripe),
  ])

  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    const answer = async () => {
      const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
      const { method = 'GET', headers } = request
      const body = method === 'GET' ? '' : await readBody(request)
      const reply = await handle({ method, path, query, headers, body, params: {} })
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
      stripe.settlement.close()
      world.webhooks.close()
      world.store.save()
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
