import { ApiError } from '../platform/errors.ts'
import { ProviderError } from '../platform/provider-error.ts'
import type { SourcePayments } from './provider.ts'
import type { PaymentProviders } from './providers.ts'

/** What keeps and charges sources. @throws ApiError `payment_method_unavailable` where it is not configured */
export function sourcePayments(providers: PaymentProviders): SourcePayments {
  const sources = providers.get('stripe')?.sources
  if (!sources) throw new ApiError('payment_method_unavailable')
  return sources
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
