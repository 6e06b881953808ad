import type { Breaker } from './breakers.ts'
import { ProviderError } from './provider-error.ts'

/** A call to a provider whose body and answer are text, such as XML. */
export type TextCall = {
  provider: string
  method: 'GET' | 'POST' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: string | Uint8Array
  timeoutMs: number
  breaker: Breaker
}

/**
 * Calls a provider and returns the status with what `read` makes of the text of a 2xx or 4xx.
 * @throws ProviderError `unknown` for a timeout, a lost connection, a 3xx, a 5xx or an answer that `read` throws at;
 * `unavailable` for 401, 403 and 429, and while the provider is left alone.
 */
export const callText = <T>(
  call: TextCall,
  read: (text: string, status: number) => T,
): Promise<{ status: number; data: T }> =>
  call.breaker.run(async () => {
    const { status, text } = await ask(call)
    try {
      return { status, data: read(text, status) }
    } catch (cause) {
      throw new ProviderError(call.provider, 'unknown', 'unreadable', { cause })
    }
  })

async function ask({ provider, method, url, headers, body, timeoutMs }: TextCall) {
  // It takes 100 ms to load, so only a process that makes such a call loads it.
  const { request } = await import('undici')
  let status: number
  let text: string
  let retryAfterMs: number | undefined
  try {
    const response = await request(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    status = response.statusCode
    retryAfterMs = toMs(response.headers['retry-after'])
    text = await response.body.text()
  } catch (cause) {
    throw new ProviderError(provider, 'unknown', 'connection', { cause })
  }
  const options = retryAfterMs === undefined ? {} : { retryAfterMs }
  if (status >= 500 || (status >= 300 && status < 400))
    throw new ProviderError(provider, 'unknown', `http_${status}`, options)
  if (status === 401 || status === 403 || status === 429) {
    throw new ProviderError(provider, 'unavailable', `http_${status}`, options)
  }
  return { status, text }
}

const longestWaitMs = 3_600_000

/** How long a `Retry-After` in seconds asks to wait, an hour at most; a date says nothing here. */
function toMs(retryAfter: string | string[] | undefined): number | undefined {
  const seconds = Number(retryAfter ?? Number.NaN)
  return seconds >= 0 ? Math.min(seconds * 1000, longestWaitMs) : undefined
}
