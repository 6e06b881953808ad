import { z } from 'zod'
import { alwaysClosed, type Breaker } from '../platform/breakers.ts'
import { callJson } from '../platform/call-json.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { type NewToken, ownTokens, type SharedTokens } from '../providers/shared-tokens.ts'
import type { RegisterAnswer, TaxRegister } from './tax-register.ts'

const name = 'hmrc'

const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() })

const answerSchema = z.object({
  target: z.object({
    vatNumber: z.string(),
    name: z.string().nullish(),
    address: z.record(z.string(), z.string().nullish()).nullish(),
  }),
})
const refusalSchema = z.object({ code: z.string() })

/** Government departments and health authorities have numbers such as GD001, of which HMRC's service knows nothing. */
const isKept = (value: string) => /^\d{9}(\d{3})?$/.test(value)

/**
 * HMRC's register of the United Kingdom's VAT numbers: "Check a UK VAT number" 2.0, asked with an application's own token. HMRC lets an
 * application ask three times a second; what it refuses is asked again later, like an outage.
 * https://developer.service.hmrc.gov.uk/api-documentation/docs/api/service/vat-registered-companies-api/2.0
 */
export function createHmrcRegister({
  apiBase,
  clientId,
  clientSecret,
  timeoutMs,
  breaker = alwaysClosed,
  tokens = ownTokens(),
}: {
  apiBase: string
  clientId: string
  clientSecret: string
  timeoutMs: number
  breaker?: Breaker
  tokens?: SharedTokens
}): TaxRegister {
  async function newToken(): Promise<NewToken> {
    const { data } = await callJson({
      provider: name,
      method: 'POST',
      url: `${apiBase}/oauth/token`,
      headers: {},
      encoded: {
        type: 'application/x-www-form-urlencoded',
        content: new URLSearchParams({
          grant_type: 'client_credentials',
          scope: 'read:vat',
          client_id: clientId,
          client_secret: clientSecret,
        }).toString(),
      },
      timeoutMs,
      breaker,
    })
    const token = tokenSchema.safeParse(data)
    if (!token.success) throw new ProviderError(name, 'unavailable', 'no_token', { outage: false })
    return { accessToken: token.data.access_token, validSeconds: token.data.expires_in }
  }

  async function ask(value: string, token: string): Promise<RegisterAnswer> {
    const { status, data } = await callJson({
      provider: name,
      method: 'GET',
      url: `${apiBase}/organisations/vat/check-vat-number/lookup/${encodeURIComponent(value)}`,
      headers: { accept: 'application/vnd.hmrc.2.0+json', authorization: `Bearer ${token}` },
      timeoutMs,
      breaker,
    })
    if (status === 404) {
      // An address that does not exist answers 404 as well: only this code is a verdict.
      return { outcome: refusalSchema.safeParse(data).data?.code === 'NOT_FOUND' ? 'not_valid' : 'unavailable' }
    }
    const answer = status === 200 ? answerSchema.safeParse(data).data?.target : undefined
    if (answer?.vatNumber !== value) return { outcome: 'unavailable' }
    return { outcome: 'verified', name: answer.name?.trim() || undefined, address: written(answer.address) }
  }

  return {
    async verify({ value }) {
      if (!isKept(value)) return { outcome: 'not_kept' }
      let token: string | undefined
      try {
        token = await tokens.get(name, newToken)
        return await ask(value, token)
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error
        if (token && error.code === 'http_401') await tokens.forget(name, token)
        return { outcome: 'unavailable' }
      }
    },
  }
}

const addressLines = ['line1', 'line2', 'line3', 'line4', 'line5', 'postcode', 'countryCode']

/** An address as VIES writes one: a line below the other. */
const written = (address: Record<string, string | null | undefined> | null | undefined): string | undefined =>
  addressLines.flatMap((line) => address?.[line]?.trim() || []).join('\n') || undefined
