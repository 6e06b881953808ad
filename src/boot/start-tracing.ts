import type { Config } from '../platform/config.ts'

/** What sends the traces of this process; `close` sends the last of them. */
export type Tracing = { close(): Promise<void> }

/**
 * Sends what this process does as traces of OpenTelemetry (OTLP over HTTP, as JSON) where an endpoint is set; headers, sampling and batches are as
 * the variables of OpenTelemetry's own say. What cannot be sent is dropped: a collector that is gone holds nothing up.
 * @param service how the process is called, such as `ordermill-api`
 */
export async function startTracing({ tracesEndpoint }: Config, service: string): Promise<Tracing> {
  if (!tracesEndpoint) return { close: async () => {} }
  const [{ NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: tracesEndpoint }))],
  })
  provider.register()
  return { close: () => provider.shutdown().catch(() => {}) }
}
