import { ProviderError } from './provider-error.ts'

export type JsonCall = {
  provider: string
  method: 'GET' | 'POST' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: unknown
  timeoutMs: number
}

/**
 * Calls a provider's JSON API and returns the status with the parsed answer of a 2xx or 4xx.
 * @throws ProviderError `unknown` for a timeout, a lost connection, a 5xx or an answer that is no JSON;
 * `unavailable` for 401, 403 and 429.
 */
export async function callJson({ provider, method, url, headers, body, timeoutMs }: JsonCall) {
  let response: Response
  let text: string
  try {
    response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    text = await response.text()
  } catch (cause) {
    throw new ProviderError(provider, 'unknown', 'connection', { cause })
  }
  if (response.status >= 500) throw new ProviderError(provider, 'unknown', `http_${response.status}`)
  if (response.status === 401 || response.status === 403 || response.status === 429) {
    throw new ProviderError(provider, 'unavailable', `http_${response.status}`)
  }
  try {
    return { status: response.status, data: JSON.parse(text) as unknown }
  } catch (cause) {
    throw new ProviderError(provider, 'unknown', 'not_json', { cause })
  }
}
