import { z } from 'zod'
import type { Breaker } from '../../platform/breakers.ts'
import { callJson } from '../../platform/call-json.ts'
import { ProviderError } from '../../platform/provider-error.ts'

export type SpeedPolicy = 'HighSpeed' | 'MediumSpeed' | 'LowMediumSpeed' | 'LowSpeed'

/** What every call to a BTCPay Server needs, and how its invoices are made. */
export type BtcpayConnection = {
  /** Address of the server, without a slash at its end. */
  url: string
  apiKey: string
  storeId: string
  webhookSecrets: readonly string[]
  speedPolicy: SpeedPolicy
  /** Percent of an invoice that may be missing for it to count as paid. */
  paymentTolerance: number
  /** How a refund may be claimed, such as `BTC-CHAIN`; empty: as the invoice was to be paid. */
  payoutMethods: readonly string[]
  timeoutMs: number
  breaker: Breaker
}

type Ask = { method: 'GET' | 'POST'; path: string; body?: unknown }

const problem = z.looseObject({ code: z.string().max(64) })

/**
 * Calls the Greenfield API; undefined where there is no such thing. What is a store's is asked for under its store, which every version
 * of the server knows.
 * @throws ProviderError `refused` for any other 4xx, and for an answer that has not the form it should have; else what {@link callJson} throws
 */
export async function askBtcpay<T>(
  { url, apiKey, timeoutMs, breaker }: BtcpayConnection,
  { method, path, body }: Ask,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const { status, data } = await callJson({
    provider: 'btcpay',
    method,
    url: `${url}/api/v1/${path}`,
    headers: { authorization: `token ${apiKey}` },
    ...(body === undefined ? {} : { body }),
    timeoutMs,
    breaker,
  })
  if (status === 404) return undefined
  if (status >= 400) {
    const { data: told } = problem.safeParse(data)
    throw new ProviderError('btcpay', 'refused', told?.code ?? `http_${status}`)
  }
  const read = schema.safeParse(data)
  // Whatever was asked for may have happened.
  if (!read.success) throw new ProviderError('btcpay', 'unknown', 'unreadable', { cause: read.error })
  return read.data
}

/** The beginning of the path of what belongs to the store. */
export const inStore = ({ storeId }: BtcpayConnection, path: string): string =>
  `stores/${encodeURIComponent(storeId)}/${path}`
