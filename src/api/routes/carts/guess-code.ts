import type { Context } from 'hono'
import type { ApiEnv } from '../../env.ts'
import type { ApiParts } from '../../route-dependencies.ts'

/**
 * Carries out a request that may name a coupon code: a browser that guesses is slowed down, a merchant's server is not.
 * @throws ApiError what `work` throws, `too_many_requests`
 */
export function guarded<T>(
  c: Context<ApiEnv>,
  { limits }: ApiParts,
  code: string | null | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const { kind, apiKeyId } = c.get('caller')
  return kind === 'publishable' && typeof code === 'string' ? limits.guess(c, apiKeyId, work) : work()
}
