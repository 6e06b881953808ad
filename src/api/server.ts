import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import type { Config } from '../platform/config.ts'
import { routePath } from './digital-river.ts'
import type { ApiApp } from './env.ts'

/** A slow upload of two gigabytes takes longer than Node's five minutes; the upload route ends idle ones itself. */
const uploadTimeoutMs = 3_600_000
const headersTimeoutMs = 15_000
/** So long may somebody go on sending what nobody reads any more, after the answer. */
const afterAnswerMs = 5_000

/** Files come by these, in as many parts as it takes. */
const uploads = /^\/(v2\/digital\/upload|dashboard\/files|v2\/files|v2\/ops\/denied-persons)$/

/**
 * Serves the API. A request that is no upload has to be there within `REQUEST_TIMEOUT_MS`: who sends a byte now and then holds no
 * connection. An upload that was refused is not listened to.
 */
export function startServer({ fetch }: Pick<ApiApp, 'fetch'>, config: Config, listening: () => void): ServerType {
  const { host, port, requestTimeoutMs } = config
  const server = serve(
    {
      fetch,
      hostname: host,
      port,
      serverOptions: {
        headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
        requestTimeout: uploadTimeoutMs,
        connectionsCheckingInterval: Math.min(5_000, requestTimeoutMs),
      },
    },
    listening,
  )
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!hasBody(incoming)) return
    const path = routePath(incoming.method ?? 'GET', (incoming.url ?? '/').split('?', 1)[0] ?? '/')
    const end = () => {
      if (!incoming.complete) incoming.socket.destroy()
    }
    const within = (ms: number) => {
      const timer = setTimeout(end, ms).unref()
      incoming.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
    }
    if (uploads.test(path)) outgoing.once('finish', () => within(afterAnswerMs))
    else within(requestTimeoutMs)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (socket.writable) socket.write(refusalOf(error))
    socket.destroy()
  })
  return server
}

/** What is no HTTP request gets an answer in the error format all the same; no route ever sees it. */
function refusalOf({ code }: NodeJS.ErrnoException): string {
  const [status, type, message] =
    code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'payload_too_large', 'The address or the headers are too long.']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'bad_request', 'The request took too long to arrive.']
        : ['400 Bad Request', 'bad_request', 'This is not a valid HTTP request.']
  const body = JSON.stringify({ type, errors: [{ code: 'invalid_request', message }] })
  const headers = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`
  return `HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
