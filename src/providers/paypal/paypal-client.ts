import { z } from 'zod'
import type { Breaker } from '../../platform/breakers.ts'
import { callJson, type EncodedBody } from '../../platform/call-json.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import type { PayPalSettings } from './paypal-settings.ts'

type PayPalCall<T> = {
  method: 'GET' | 'POST'
  /** Below the API's address, with its query. */
  path: string
  answer: z.ZodType<T>
  body?: unknown
  /** A body that is no JSON, or one whose text counts. */
  encoded?: EncodedBody
  /** PayPal does what has the same id once, and repeats its answer. */
  requestId?: string
}

/** PayPal's REST API for one account. */
export type PayPalClient = {
  /** Makes a call, and returns its answer. @throws ProviderError, `refused` with PayPal's own word for a definite no */
  call<T>(call: PayPalCall<T>): Promise<T>
}

/** A token ends its life here so long before PayPal ends it. */
const renewedBeforeMs = 120_000

const tokenAnswer = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() })

const refusal = z.looseObject({
  name: z.string().optional(),
  message: z.string().optional(),
  details: z.array(z.looseObject({ issue: z.string().optional(), description: z.string().optional() })).optional(),
})

/** Speaks with PayPal under one remembered token, which is renewed before it ends, and once when PayPal says that it has. */
export function createPayPalClient(settings: PayPalSettings, timeoutMs: number, breaker: Breaker): PayPalClient {
  const connection = { provider: 'paypal', timeoutMs, breaker }
  const tokens = rememberedToken(async () => {
    const credentials = Buffer.from(`${settings.clientId}:${settings.clientSecret}`).toString('base64')
    const { status, data } = await callJson({
      ...connection,
      method: 'POST',
      url: `${settings.apiBase}/v1/oauth2/token`,
      headers: { authorization: `Basic ${credentials}` },
      encoded: { type: 'application/x-www-form-urlencoded', content: 'grant_type=client_credentials' },
    })
    const token = tokenAnswer.safeParse(data)
    if (status !== 200 || !token.success) throw new ProviderError('paypal', 'unavailable', `auth_${status}`)
    return token.data
  })
  const send = <T>(token: string, { method, path, body, encoded, requestId }: PayPalCall<T>) =>
    callJson({
      ...connection,
      method,
      url: `${settings.apiBase}${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        ...(method === 'GET' ? {} : { prefer: 'return=representation' }),
        ...(requestId === undefined ? {} : { 'paypal-request-id': requestId }),
      },
      ...(body === undefined ? {} : { body }),
      ...(encoded === undefined ? {} : { encoded }),
    })
  return {
    async call(call) {
      const token = await tokens.read()
      const answer = await send(token, call).catch(async (error: unknown) => {
        if (!(error instanceof ProviderError) || error.code !== 'http_401') throw error
        return send(await tokens.renew(token), call)
      })
      if (answer.status >= 400) throw refused(answer)
      return understood(call, answer.data)
    },
  }
}

/** One token for all calls of a process; those that come while it is asked for wait for the same. */
function rememberedToken(ask: () => Promise<z.infer<typeof tokenAnswer>>) {
  let known: { token: Promise<string>; validUntil: number } | undefined
  const renew = (): Promise<string> => {
    const asked = ask()
    const fresh = { token: asked.then((answer) => answer.access_token), validUntil: Number.POSITIVE_INFINITY }
    known = fresh
    asked.then(
      ({ expires_in }) => {
        fresh.validUntil = Date.now() + Math.max(expires_in * 500, expires_in * 1000 - renewedBeforeMs)
      },
      () => {
        if (known === fresh) known = undefined
      },
    )
    return fresh.token
  }
  const read = (): Promise<string> => (known && known.validUntil > Date.now() ? known.token : renew())
  return {
    read,
    /** Another one than that which PayPal took no more. */
    renew: async (old: string): Promise<string> => {
      const token = await read()
      return token === old ? renew() : token
    },
  }
}

/** A 409 says that the same request is under way: only its end tells whether it happened. */
function refused({ status, data }: { status: number; data: unknown }): ProviderError {
  const { name, message, details } = refusal.safeParse(data).data ?? {}
  const [detail] = details ?? []
  const code = detail?.issue ?? name ?? `http_${status}`
  const explanation = detail?.description ?? message
  return new ProviderError('paypal', status === 409 ? 'unknown' : 'refused', code, {
    outage: false,
    ...(explanation === undefined ? {} : { explanation: `PayPal: ${explanation}`.slice(0, 500) }),
  })
}

function understood<T>({ method, answer }: PayPalCall<T>, data: unknown): T {
  const read = answer.safeParse(data)
  if (read.success) return read.data
  // What was written may have had its effect.
  throw new ProviderError('paypal', method === 'GET' ? 'unavailable' : 'unknown', 'answer_not_understood', {
    cause: read.error,
  })
}
