/**
 * How a call to a provider ended badly.
 * `refused`: a definite no, nothing happened. `unknown`: it may have happened; the same key is used again or the
 * provider is asked. `unavailable`: it certainly did not happen and may be tried again.
 */
export class ProviderError extends Error {
  readonly provider: string
  readonly outcome: 'refused' | 'unknown' | 'unavailable'
  readonly code: string
  /** May be shown to a buyer. */
  readonly publicMessage: string | undefined
  /** The provider did not answer as one that works does: several in a row make it be left alone for a while. */
  readonly outage: boolean
  /** For the person who has to decide: stands in the order's attention, and not in the queue. */
  readonly explanation: string | undefined
  /** Asking again would say the same: nobody but a person can tell. */
  readonly forAPerson: boolean
  /** How long to wait at least before the next call. */
  readonly retryAfterMs: number | undefined

  constructor(
    provider: string,
    outcome: ProviderError['outcome'],
    code: string,
    options: {
      publicMessage?: string | undefined
      cause?: unknown
      /** False for what only this call met, such as another one under the same key. */
      outage?: boolean
      retryAfterMs?: number
      explanation?: string
      forAPerson?: boolean
    } = {},
  ) {
    super(`${provider} ${outcome}: ${code}`, { cause: options.cause })
    this.provider = provider
    this.outcome = outcome
    this.code = code
    this.publicMessage = options.publicMessage
    this.outage = options.outage ?? outcome !== 'refused'
    this.retryAfterMs = options.retryAfterMs
    this.explanation = options.explanation
    this.forAPerson = options.forAPerson ?? false
  }
}
