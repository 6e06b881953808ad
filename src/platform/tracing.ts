import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

// What is traced, and how a trace goes on in another process. Without an endpoint for traces all of this does nothing.

const tracer = trace.getTracer('ordermill')

const kinds = { request: SpanKind.SERVER, task: SpanKind.CONSUMER, call: SpanKind.CLIENT } as const

type Traced = {
  kind: keyof typeof kinds
  attributes?: Attributes
  /** The W3C `traceparent` of what called for it. */
  from?: string | undefined
}

/** Carries work out as a span, in which whatever it does is traced. What fails is marked so; errors are noted by their code alone. */
export async function traced<T>(
  name: string,
  { kind, attributes, from }: Traced,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const parent = from ? contextOf(from) : context.active()
  return tracer.startActiveSpan(
    name,
    { kind: kinds[kind], ...(attributes && { attributes }) },
    parent,
    async (span) => {
      try {
        return await work(span)
      } catch (error) {
        markFailed(span, codeOf(error))
        throw error
      } finally {
        span.end()
      }
    },
  )
}

/** Says of what is traced that it failed, with a code. */
export const markFailed = (span: Span, code: string): void => {
  span.setStatus({ code: SpanStatusCode.ERROR, message: code })
}

/** Notes a call that has been made, after as many seconds as it took. */
export function traceCall(name: string, seconds: number, { failed, ...attributes }: Attributes & { failed: boolean }) {
  const end = Date.now()
  const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes, startTime: end - seconds * 1_000 })
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end(end)
}

/** What goes on in the trace of the moment, as W3C `traceparent`; undefined where nothing is traced. */
export function currentTrace(): string | undefined {
  if (!trace.getActiveSpan()) return undefined
  const carrier: { traceparent?: string } = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent
}

/** Work that belongs to the trace of the moment, whoever carries it out later. */
export const ofThisTrace = <Work extends (...given: never[]) => unknown>(work: Work): Work =>
  context.bind(context.active(), work)

const contextOf = (traceparent: string): Context => propagation.extract(ROOT_CONTEXT, { traceparent })

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'error'
