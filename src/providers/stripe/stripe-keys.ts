import { ProviderError } from '../../platform/provider-error.ts'

const mostKeys = 20

/**
 * Makes a call under an idempotency key. Stripe repeats even a 500 for a key, for a day; but such an answer is an end: whatever the
 * call did can be seen by then. `lookUp` sees it; where it finds nothing, nothing was done, and the call is made under a further key.
 * @throws ProviderError
 */
export async function underKey<T>(
  key: string,
  call: (key: string) => Promise<T>,
  lookUp: () => Promise<T | undefined>,
): Promise<T> {
  for (let further = 0; ; further += 1) {
    try {
      return await call(further === 0 ? key : `${key}-${further}`)
    } catch (error) {
      if (further === mostKeys || !isRepeatedFailure(error)) throw error
      const done = await lookUp()
      if (done) return done
    }
  }
}

/** An error on Stripe's side that it remembers for the key: the call is not running any more. */
function isRepeatedFailure(error: unknown): boolean {
  if (!(error instanceof ProviderError) || error.outcome !== 'unknown') return false
  const { statusCode = 0, headers } = (error.cause ?? {}) as { statusCode?: number; headers?: Record<string, string> }
  return statusCode >= 500 && headers?.['idempotent-replayed'] === 'true'
}

/** What was done under our key. @throws ProviderError `refused` when it was another amount: the books do not know of it, a person has to */
export function ofAmount<T extends { amount: number }>(amount: number, done: T | undefined): T | undefined {
  if (done && done.amount !== amount) throw new ProviderError('stripe', 'refused', 'done_with_another_amount')
  return done
}
