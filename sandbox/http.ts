import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { isForm } from './multipart.ts'

/** One request as the handlers see it. The body is raw: each provider has its own way of reading it. */
export type Exchange = {
  method: string
  path: string
  query: string
  headers: IncomingHttpHeaders
  body: string
  params: Record<string, string>
}

export type Answer = { status: number; body: string | Buffer; headers?: Record<string, string> }

/** What a handler ends in: an answer, or a connection cut without one. */
export type Reply = Answer | 'drop'

export type Route = {
  method: string
  path: string
  handle: (exchange: Exchange) => Reply | Promise<Reply>
}

type Compiled = { route: Route; segments: string[] }

/** Finds the route of a request by method, number of segments and then segment by segment; `:name` matches any one. */
export function router(
  routes: readonly Route[],
): (method: string, path: string) => { route: Route; params: Record<string, string> } | undefined {
  const buckets = new Map<string, Compiled[]>()
  for (const route of routes) {
    const segments = route.path.split('/').slice(1)
    const key = `${route.method} ${segments.length} ${segments[0]}`
    buckets.set(key, [...(buckets.get(key) ?? []), { route, segments }])
  }
  // Literal segments before parameters, so that /payment_intents/search is not taken for an id.
  for (const bucket of buckets.values()) {
    bucket.sort((a, b) => a.segments.filter(isParameter).length - b.segments.filter(isParameter).length)
  }
  return (method, path) => {
    const segments = path.split('/').slice(1)
    for (const { route, segments: wanted } of buckets.get(`${method} ${segments.length} ${segments[0]}`) ?? []) {
      if (wanted.every((segment, at) => isParameter(segment) || segment === segments[at])) {
        return { route, params: namedParams(wanted, segments) }
      }
    }
    return undefined
  }
}

const isParameter = (segment: string) => segment.startsWith(':')

function namedParams(wanted: string[], segments: string[]): Record<string, string> {
  const params: Record<string, string> = {}
  wanted.forEach((segment, at) => {
    if (isParameter(segment)) params[segment.slice(1)] = decodeURIComponent(segments[at] ?? '')
  })
  return params
}

/** A JSON answer. */
export function json(value: unknown, status = 200, headers?: Record<string, string>): Answer {
  return { status, body: JSON.stringify(value), headers: { 'content-type': 'application/json', ...headers } }
}

/** An HTML page. */
export function page(html: string, status = 200): Answer {
  return { status, body: html, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } }
}

/** Sends the browser elsewhere after a form post. */
export function seeOther(location: string): Answer {
  return { status: 303, body: '', headers: { location } }
}

/** The body of a JSON request as an object; anything else counts as empty, and the provider then names what is missing. */
export function jsonBody(exchange: Exchange): Record<string, unknown> {
  try {
    return asRecord(JSON.parse(exchange.body || '{}'))
  } catch {
    return {}
  }
}

/** The value as an object with unknown fields, or an empty one. */
export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

/** The credential of an `Authorization` header: the bearer token, or the user name of Basic. */
export function credential(headers: IncomingHttpHeaders): string | undefined {
  const [scheme, value] = (headers.authorization ?? '').split(' ')
  if (!value) return undefined
  if (scheme === 'Bearer') return value
  if (scheme === 'Basic') return Buffer.from(value, 'base64').toString('utf8').split(':')[0] || undefined
  return undefined
}

/** Reads a whole request body as text; a form with files, whose bytes are no text, with one character per byte. */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const encoding = isForm(request.headers['content-type']) ? 'latin1' : 'utf8'
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(chunks.length === 0 ? '' : Buffer.concat(chunks).toString(encoding)))
    request.on('error', reject)
  })
}

/** Writes a reply, or cuts the connection. */
export function send(response: ServerResponse, reply: Reply): void {
  if (reply === 'drop') {
    response.socket?.destroy()
    return
  }
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) })
  response.end(reply.body)
}
