import { callText, type TextCall } from './call-text.ts'

/** A body in another form than JSON, or JSON whose very text counts. */
export type EncodedBody = { type: string; content: string | Uint8Array }

export type JsonCall = Omit<TextCall, 'body'> & {
  body?: unknown
  /** In the place of `body`. */
  encoded?: EncodedBody
}

/**
 * Calls a provider's JSON API and returns the status with the parsed answer of a 2xx or 4xx; a 204 has none.
 * @throws ProviderError as {@link callText} does; an answer that is no JSON is `unknown`
 */
export function callJson({ body, encoded, headers, ...call }: JsonCall): Promise<{ status: number; data: unknown }> {
  const sent = encoded ?? (body === undefined ? undefined : { type: 'application/json', content: JSON.stringify(body) })
  return callText(
    {
      ...call,
      headers: { accept: 'application/json', ...(sent ? { 'content-type': sent.type } : {}), ...headers },
      ...(sent ? { body: sent.content } : {}),
    },
    (text, status): unknown => (status === 204 ? undefined : JSON.parse(text)),
  )
}
