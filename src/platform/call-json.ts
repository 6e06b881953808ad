import type { Breaker } from './breakers.ts'
import { ProviderError } from './provider-error.ts'

/** A body in another form than JSON, or JSON whose very text counts. */
export type EncodedBody = { type: string; content: string | Uint8Array }

export type JsonCall = {
  provider: string
  method: 'GET' | 'POST' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: unknown
  /** In the place of `body`. */
  encoded?: EncodedBody
  timeoutMs: number
  breaker: Breaker
}

/**
 * Calls a provider's JSON API and returns the status with the parsed answer of a 2xx or 4xx; a 204 has none.
 * @throws ProviderError `unknown` for a timeout, a lost connection, a 3xx, a 5xx or an answer that is no JSON;
 * `unavailable` for 401, 403 and 429, and while the provider is left alone.
 */
export const callJson = (call: JsonCall) => call.breaker.run(() => ask(call))

async function ask({ provider, method, url, headers, body, encoded, timeoutMs }: JsonCall) {
  const sent = encoded ?? (body === undefined ? undefined : { type: 'application/json', content: JSON.stringify(body) })
  // It takes 100 ms to load, so only a process that makes such a call loads it.
  const { request } = await import('undici')
  let status: number
  let text: string
  try {
    const response = await request(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(sent ? { 'content-type': sent.type } : {}),
        ...headers,
      },
      ...(sent ? { body: sent.content } : {}),
      signal: AbortSignal.timeout(timeoutMs),
    })
    status = response.statusCode
    text = await response.body.text()
  } catch (cause) {
    throw new ProviderError(provider, 'unknown', 'connection', { cause })
  }
  if (status >= 500 || (status >= 300 && status < 400)) throw new ProviderError(provider, 'unknown', `http_${status}`)
  if (status === 401 || status === 403 || status === 429) {
    throw new ProviderError(provider, 'unavailable', `http_${status}`)
  }
  if (status === 204) return { status, data: undefined }
  try {
    return { status, data: JSON.parse(text) as unknown }
  } catch (cause) {
    throw new ProviderError(provider, 'unknown', 'not_json', { cause })
  }
}
