import type { Breaker } from '../platform/breakers.ts'
import { callJson } from '../platform/call-json.ts'
import type { Config } from '../platform/config.ts'
import { ProviderError } from '../platform/provider-error.ts'

type Answer = { code: number; result: unknown; error?: { reason?: string } }

export type PrintfulAnswer = { status: number; answer: Answer }

/** Sends one request to Printful's API. */
export type PrintfulClient = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
) => Promise<PrintfulAnswer>

export const createPrintfulClient =
  (settings: NonNullable<Config['printful']>, timeoutMs: number, breaker: Breaker): PrintfulClient =>
  async (method, path, body) => {
    const { status, data } = await callJson({
      provider: 'printful',
      method,
      url: `${settings.apiBase}${path}`,
      headers: {
        authorization: `Bearer ${settings.apiKey}`,
        ...(settings.storeId ? { 'x-pf-store-id': settings.storeId } : {}),
      },
      ...(body === undefined ? {} : { body }),
      timeoutMs,
      breaker,
    })
    return { status, answer: data as Answer }
  }

/** What Printful answered. @throws ProviderError `refused` */
export function accepted({ status, answer }: PrintfulAnswer): unknown {
  if (status >= 300) throw new ProviderError('printful', 'refused', answer.error?.reason ?? `http_${status}`)
  return answer.result
}
