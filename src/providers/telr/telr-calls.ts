import { callJson } from '../../platform/call-json.ts'
import { callText } from '../../platform/call-text.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import type { TelrConnection } from './telr-settings.ts'

// It takes a while to load, so only a process that makes such a call loads it.
const loadXml = () => import('./telr-xml.ts')

const codeOf = (message: string): string => /^E\d{1,4}/.exec(message)?.[0] ?? 'error'

/**
 * Calls the API of orders, whose refusals come with a 200 like everything else. Returns the answer.
 * @throws ProviderError `refused` with Telr's code, such as `E01`
 */
export async function callOrders(
  { settings, timeoutMs, breaker }: TelrConnection,
  method: 'create' | 'check',
  body: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { store, authKey, apiBase } = settings
  const { status, data } = await callJson({
    provider: 'telr',
    method: 'POST',
    url: `${apiBase}/gateway/order.json`,
    headers: {},
    body: { method, store: Number(store), authkey: authKey, ...body },
    timeoutMs,
    breaker,
  })
  const answer = recordOf(data)
  if (answer.error !== undefined) {
    const { message, note } = recordOf(answer.error)
    throw new ProviderError('telr', 'refused', codeOf(textOf(message)), { cause: { message, note } })
  }
  if (status >= 400) throw new ProviderError('telr', 'refused', `http_${status}`)
  return answer
}

export type RemoteTransaction = {
  type: 'capture' | 'refund' | 'void'
  cartid: string
  description: string
  currency: string
  /** In major units, with all decimals. */
  amount: string
  /** Of the transaction that it follows. */
  ref: string
}

/** How Telr answered a transaction: `A` authorised, `H` held, anything else is a no. */
export type RemoteAnswer = { status: string; code: string; message: string; tranref: string }

/**
 * Asks for a transaction that follows another one. It has no idempotency key: whoever calls makes sure that it is asked for once.
 * @throws ProviderError `unknown` where nobody knows whether it took place
 */
export async function callRemote(
  { settings, timeoutMs, breaker }: TelrConnection,
  { type, cartid, description, currency, amount, ref }: RemoteTransaction,
): Promise<RemoteAnswer> {
  const { store, remoteKey: key, test, apiBase } = settings
  if (!key) throw new ProviderError('telr', 'refused', 'no_remote_key', { explanation: 'set TELR_REMOTE_KEY' })
  const { readXml, writeXml } = await loadXml()
  const tran = { type, class: 'ecom', cartid, description, test: test ? 1 : 0, currency, amount, ref }
  const { status, data } = await callText(
    {
      provider: 'telr',
      method: 'POST',
      url: `${apiBase}/gateway/remote.xml`,
      headers: { accept: 'application/xml', 'content-type': 'application/xml' },
      body: writeXml({ remote: { store, key, tran } }),
      timeoutMs,
      breaker,
    },
    (text) => recordOf(readXml(text)),
  )
  const auth = recordOf(recordOf(data.remote).auth)
  const answer = {
    status: textOf(auth.status),
    code: textOf(auth.code),
    message: textOf(auth.message),
    tranref: textOf(auth.tranref),
  }
  if (status >= 400 || answer.status === '') throw new ProviderError('telr', 'unknown', `remote_${status}`)
  return answer
}

/** Every transaction with a cart, as the service API shows them. @throws ProviderError */
export async function callService(
  { settings, timeoutMs, breaker }: TelrConnection,
  service: { merchant: string; key: string },
  cartid: string,
): Promise<Record<string, unknown>[]> {
  const { readXml } = await loadXml()
  const credentials = Buffer.from(`${service.merchant}:${service.key}`).toString('base64')
  const { status, data } = await callText(
    {
      provider: 'telr',
      method: 'GET',
      url: `${settings.apiBase}/tools/api/xml/transaction/${encodeURIComponent(cartid)}/cart`,
      headers: { accept: 'application/xml', authorization: `Basic ${credentials}` },
      timeoutMs,
      breaker,
    },
    (text) => recordOf(readXml(text)),
  )
  if (status >= 400) throw new ProviderError('telr', 'unknown', `service_${status}`)
  return [recordOf(data.transactions).transaction ?? []].flat().map(recordOf)
}

/** A part of an answer as an object; an empty one where it is none. */
export const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

/** A text or a number of an answer as text; empty where it is neither. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
