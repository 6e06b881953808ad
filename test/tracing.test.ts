import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OwnedProcess, startOwnedProcess } from '../src/boot/services/owned-process.ts'
import { freePort } from '../src/boot/services/ports.ts'
import { eventually, storefront } from './storefront.ts'
import { type System, startSystem } from './system.ts'

type Attribute = { key: string; value: { stringValue?: string; intValue?: number } }
type Span = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  service: string
  status: { code?: number; message?: string }
  attributes: Attribute[]
}

/** What a collector of OpenTelemetry is sent. */
async function startCollector() {
  const spans: Span[] = []
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    bodies.push(body)
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
      const service = resource.attributes.find(({ key }: Attribute) => key === 'service.name').value.stringValue
      for (const { spans: more } of scopeSpans) spans.push(...more.map((span: Span) => ({ ...span, service })))
    }
    response.setHeader('content-type', 'application/json').end('{}')
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    bodies,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

// Removes the risk that nobody can tell which request a late parcel goes back to, and where its time went.
describe('traces', () => {
  let system: System
  let collector: Awaited<ReturnType<typeof startCollector>>
  let shop: ReturnType<typeof storefront>
  let url: string
  const processes: OwnedProcess[] = []

  const start = async (program: string, env: Record<string, string>) => {
    processes.push(
      await startOwnedProcess({
        name: program,
        command: process.execPath,
        args: [program],
        cwd: process.cwd(),
        env: {
          PATH: process.env.PATH,
          ...system.env,
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          OTEL_BSP_SCHEDULE_DELAY: '100',
          ...env,
        },
        stdout: 'ignore',
        stderr: 'inherit',
        sameGroup: true,
      }),
    )
  }

  beforeAll(async () => {
    collector = await startCollector()
    system = await startSystem({ workers: false })
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    shop = storefront({ url, sandbox: system.sandbox })
    await Promise.all([start('src/main.ts', { PORT: String(port) }), start('workers/all.ts', {})])
    const ready = () =>
      fetch(`${url}/readyz`)
        .then(({ ok }) => ok || undefined)
        .catch(() => undefined)
    await eventually(ready, 'the API to be ready', 30_000)
    await shop.sandbox('POST', '/sandbox/webhooks', { target: url })
    await shop.stock()
  })
  afterAll(async () => {
    await Promise.all(processes.map((started) => started.stop({ signals: ['SIGTERM'] })))
    await system?.close()
    await collector?.close()
  })

  /** From a span to the one that all began with, by name. */
  const wayBack = (span: Span): string[] => {
    const parent = collector.spans.find(({ spanId }) => spanId === span.parentSpanId)
    return [span.name, ...(parent ? wayBack(parent) : [])]
  }
  const arrived = (name: string) =>
    eventually(async () => collector.spans.find((span) => span.name === name), `the span ${name}`)

  it('lead from a request through the queues to the call of a provider', async () => {
    const order = await shop.order([{ skuId: 'sku-physical' }])
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    const root = 'POST /webhooks/:provider'
    const call = await eventually(
      async () => collector.spans.find((span) => span.name === 'call easypost' && wayBack(span).at(-1) === root),
      async () => `a call that a webhook led to; there are ${collector.spans.map((span) => wayBack(span).join(' < '))}`,
    )
    expect(call.service).toBe('ordermill-workers')
    expect(wayBack(call).at(-2)).toBe('task apply-payment-event')
    expect(new Set(collector.spans.filter(({ traceId }) => traceId === call.traceId).map((s) => s.service))).toEqual(
      new Set(['ordermill-api', 'ordermill-workers']),
    )
    // A buyer's request and the call that it waited for.
    const intent = await arrived('POST /v2/orders/:id/payment-intent')
    expect(collector.spans).toContainEqual(
      expect.objectContaining({ name: 'call stripe', parentSpanId: intent.spanId, traceId: intent.traceId }),
    )
  })

  it('go on from those of who calls', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    await shop.call('GET', '/v2/skus/sku-digital', undefined, {
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    })
    const span = await eventually(async () => collector.spans.find((one) => one.traceId === traceId), 'the span')
    expect(span.parentSpanId).toBe('00f067aa0ba902b7')
  })

  it('say what failed by its code', async () => {
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'easypost',
      operation: 'shipments.buy',
      kind: 'status',
      status: 500,
      times: 1,
    })
    const order = await shop.order([{ skuId: 'sku-physical' }])
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    const failed = await eventually(
      async () => collector.spans.find(({ name, status }) => name.startsWith('task ') && status.code === 2),
      'a task that failed',
    )
    expect(failed.status.message).toMatch(/^[\w: ]+$/)
  })

  it('name nobody', () => {
    for (const word of ['ada@example.com', 'Ada Buyer', 'Montgomery'])
      expect(
        collector.bodies.some((body) => body.includes(word)),
        word,
      ).toBe(false)
  })
})
