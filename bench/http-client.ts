import { Agent, request } from 'node:http'

export type HttpAnswer = { status: number; text: string }

export type HttpClient = ReturnType<typeof httpClient>

export type CallOptions = { headers?: Readonly<Record<string, string>>; body?: string; timeoutMs?: number }

/**
 * Bare keep-alive HTTP/1.1 to one loopback server: what a load generator may cost. Rejects only without an answer.
 * A kept connection that the server closes in the moment it is used again gets a second chance on a new one.
 */
export function httpClient(base: string, maxSockets = 512) {
  const { hostname, port } = new URL(base)
  const agent = new Agent({ keepAlive: true, maxSockets, scheduling: 'lifo' })
  const send = (method: string, path: string, options: CallOptions, mayRepeat: boolean): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      const { headers = {}, body, timeoutMs = 30_000 } = options
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
      const target = { agent, hostname, port, method, path, headers: { ...headers, ...length }, timeout: timeoutMs }
      const outgoing = request(target, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        )
        answer.on('error', reject)
      })
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)))
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        if (mayRepeat && outgoing.reusedSocket && error.code === 'ECONNRESET')
          resolve(send(method, path, options, false))
        else reject(error)
      })
      outgoing.end(body)
    })
  return {
    base,
    call: (method: string, path: string, options: CallOptions = {}) => send(method, path, options, true),
    close: () => agent.destroy(),
  }
}

/** The answer as an object. @throws Error with status and text for anything but a 2xx */
export function parsed(answer: HttpAnswer, what: string): Record<string, unknown> {
  if (answer.status < 200 || answer.status >= 300)
    throw new Error(`${what} answered ${answer.status}: ${answer.text.slice(0, 300)}`)
  return JSON.parse(answer.text) as Record<string, unknown>
}
