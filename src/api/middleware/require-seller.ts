import { createMiddleware } from 'hono/factory'
import { may, type Right } from '../../operators/roles.ts'
import { ApiError } from '../../platform/errors.ts'
import { gate } from '../gates.ts'
import type { KeyHolder } from '../idempotency.ts'
import type { ApiParts } from '../route-dependencies.ts'
import { readCaller } from './require-key.ts'
import { checkSameOrigin, isSafe, readSession } from './require-operator.ts'

/** Who runs a shop: a person at its dashboard, or its server. */
export type Seller = KeyHolder & { by: 'session' | 'key' }

/** What a route behind {@link requireSeller} finds in its context. */
export type SellerEnv = { Variables: { seller: Seller } }

/**
 * Lets only a merchant pass: a person who is signed in to its dashboard, on changes only from our own pages, or its
 * server with a secret key. A key that is sent along decides alone. Operators belong to no merchant and sell nothing.
 * Everybody of a merchant may read; for a change a person needs the right to it.
 * @throws ApiError `unauthorized`; `forbidden` for a publishable key or a change that another site has sent; `role_too_low`
 */
export const requireSeller = (parts: Pick<ApiParts, 'config' | 'database' | 'keys'>, right: Right) =>
  gate(
    ['seller', 'secret'],
    createMiddleware<SellerEnv>(async (c, next) => {
      const caller = await readCaller(c, parts.keys)
      if (caller && caller.kind !== 'secret') throw new ApiError('forbidden', { message: 'This needs a secret key.' })
      if (caller) {
        c.set('seller', { merchantId: caller.merchantId, apiKeyId: caller.apiKeyId, by: 'key' })
        return next()
      }
      const session = await readSession(c, parts)
      if (!session || session.merchantId === null) {
        throw new ApiError('unauthorized', { message: 'Sign in as a user of a merchant, or send a secret key.' })
      }
      checkSameOrigin(c, parts)
      if (!may(session.role, isSafe(c) ? 'look' : right)) throw new ApiError('role_too_low')
      c.set('seller', { merchantId: session.merchantId, apiKeyId: session.userId, by: 'session' })
      return next()
    }),
  )
