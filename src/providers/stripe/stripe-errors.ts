import { ProviderError } from '../../platform/provider-error.ts'

/** https://docs.stripe.com/error-handling: only 4xx answers are definite. */
export function toProviderError(error: unknown): ProviderError {
  const {
    type,
    code,
    decline_code: declineCode,
    statusCode,
    message,
  } = error as {
    type?: string
    code?: string
    decline_code?: string
    statusCode?: number
    message?: string
  }
  switch (type) {
    case 'StripeCardError':
      return new ProviderError('stripe', 'refused', declineCode ?? code ?? 'card_error', {
        publicMessage: message,
        cause: error,
      })
    case 'StripeInvalidRequestError':
      return statusCode === 409
        ? new ProviderError('stripe', 'unknown', code ?? 'conflict', { cause: error, outage: false })
        : new ProviderError('stripe', 'refused', code ?? 'invalid_request', { cause: error })
    case 'StripeIdempotencyError':
      return new ProviderError('stripe', statusCode === 409 ? 'unknown' : 'refused', code ?? 'idempotency', {
        cause: error,
        outage: false,
      })
    case 'StripeRateLimitError':
    case 'StripeAuthenticationError':
    case 'StripePermissionError':
      return new ProviderError('stripe', 'unavailable', code ?? type, { cause: error })
    default:
      return new ProviderError('stripe', 'unknown', code ?? type ?? 'connection', { cause: error })
  }
}
