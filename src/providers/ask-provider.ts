import { ApiError } from '../platform/errors.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { PaymentProvider, PaymentProviders } from './providers.ts'
import type { SourcePayments } from './source-payments.ts'

type SourceProvider = PaymentProvider & { sources: SourcePayments }

const takesSources = (provider: PaymentProvider): provider is SourceProvider => provider.sources !== undefined

/** The provider that keeps and charges sources: the first that can. @throws ApiError `payment_method_unavailable` where none is configured */
export function sourceProvider(providers: PaymentProviders): SourceProvider {
  const provider = [...providers.values()].find(takesSources)
  if (!provider) throw new ApiError('payment_method_unavailable')
  return provider
}

/**
 * Makes one call about a source to its provider, outside any transaction. A definite no becomes what `refused` makes of it.
 * @throws ApiError `provider_unavailable` when nobody knows whether it happened; the same request may be sent again
 */
export async function askProvider<T>(ask: () => Promise<T>, refused: (error: ProviderError) => ApiError): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw error.outcome === 'refused' ? refused(error) : new ApiError('provider_unavailable', { cause: error })
  }
}

/** A provider's no to a source, with its words for the buyer where it has some. */
export const sourceRefused = (error: ProviderError): ApiError =>
  new ApiError('source_not_chargeable', {
    ...(error.publicMessage ? { message: error.publicMessage } : {}),
    parameter: 'sourceId',
    cause: error,
  })
