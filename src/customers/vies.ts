import { z } from 'zod'
import { alwaysClosed, type Breaker } from '../platform/breakers.ts'
import { callJson } from '../platform/call-json.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { TaxRegister } from './tax-register.ts'

const answerSchema = z.object({
  isValid: z.boolean(),
  userError: z.string().nullish(),
  name: z.string().nullish(),
  address: z.string().nullish(),
})

/** A member state that keeps a name to itself answers with dashes. */
const said = (text: string | null | undefined) => (text && !/^-+$/.test(text.trim()) ? text.trim() : undefined)

/**
 * The VAT Information Exchange System of the European Commission, at `baseUrl`/ms/{country}/vat/{number}. When a member state does not
 * answer, VIES answers 200 with `isValid: false` and says why in `userError`: that is no verdict.
 * https://ec.europa.eu/taxation_customs/vies/#/technical-information
 */
export function createViesRegister({
  baseUrl,
  timeoutMs,
  breaker = alwaysClosed,
}: {
  baseUrl: string
  timeoutMs: number
  breaker?: Breaker
}): TaxRegister {
  return {
    async verify({ country, value }) {
      try {
        const { status, data } = await callJson({
          provider: 'vies',
          method: 'GET',
          url: `${baseUrl}/ms/${country}/vat/${encodeURIComponent(value)}`,
          headers: {},
          timeoutMs,
          breaker,
        })
        const answer = status === 200 ? answerSchema.safeParse(data) : undefined
        if (!answer?.success) return { outcome: 'unavailable' }
        const { isValid, userError, name, address } = answer.data
        if (isValid) return { outcome: 'verified', name: said(name), address: said(address) }
        const verdict = !userError || userError === 'INVALID' || userError === 'INVALID_INPUT'
        return { outcome: verdict ? 'not_valid' : 'unavailable' }
      } catch (error) {
        if (error instanceof ProviderError) return { outcome: 'unavailable' }
        throw error
      }
    },
  }
}
