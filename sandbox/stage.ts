import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Stripe } from 'stripe'
import { type SandboxOptions, startSandbox } from './server.ts'

/** A webhook as it arrived. */
export type Received = {
  path: string
  headers: IncomingHttpHeaders
  body: string
  event: Record<string, unknown> & { type: string }
}

/** A sandbox with somebody listening to its webhooks, for tests. */
export type Stage = Awaited<ReturnType<typeof startStage>>

/** Starts both on free ports; `answer` decides the status of each delivery, 200 unless told otherwise. */
export async function startStage(options: SandboxOptions & { answer?: (received: Received) => number } = {}) {
  const { answer = () => 200, ...sandboxOptions } = options
  const received: Received[] = []
  const listener = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const delivery = {
        path: request.url ?? '',
        headers: request.headers,
        body,
        event: eventIn(request.headers, body),
      }
      received.push(delivery)
      response.writeHead(answer(delivery)).end()
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  const sandbox = await startSandbox({ webhookTarget: `http://127.0.0.1:${port}`, ...sandboxOptions })
  const stripeClient = (key = 'sk_test_stage') =>
    new Stripe(key, { host: '127.0.0.1', port: sandbox.port, protocol: 'http', maxNetworkRetries: 0, telemetry: false })
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const init = {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      redirect: 'manual' as const,
      ...sent,
    }
    const response = await fetch(`${sandbox.url}${path}`, init)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
  }
  return {
    sandbox,
    received,
    stripe: stripeClient(),
    stripeClient,
    call,
    /** Waits until a webhook of that type fits, and returns it. */
    webhook: (type: string, fits: (delivery: Received) => boolean = () => true) =>
      eventually(() => received.find((delivery) => nameOf(delivery) === type && fits(delivery)), `a webhook ${type}`),
    /** Waits until nothing is on its way any more. */
    quiet: () =>
      eventually(
        async () => ((await call('GET', '/sandbox/webhooks')).json.pending === 0 ? true : undefined),
        'quiet webhooks',
      ),
    close: async () => {
      await sandbox.close()
      listener.closeAllConnections()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}

/** A body as an object: JSON, or the form that Telr posts, whose type is `tran_type`. */
function eventIn(headers: IncomingHttpHeaders, body: string): Received['event'] {
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return JSON.parse(body)
  const fields = Object.fromEntries(new URLSearchParams(body))
  return { ...fields, type: fields.tran_type ?? '' }
}

/** What a delivery is about: EasyPost calls it `description`. */
export function nameOf({ event }: Received): string {
  return String(event.type ?? event.description)
}

/** Polls until the value is there; fails with a sentence when it does not come in time. */
export async function eventually<Value>(
  look: () => Value | undefined | Promise<Value | undefined>,
  what: string,
  deadlineMs = 5_000,
): Promise<Value> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const value = await look()
    if (value !== undefined) return value
    if (performance.now() > end) throw new Error(`Waited ${deadlineMs} ms for ${what} in vain`)
    await pause(5)
  }
}
