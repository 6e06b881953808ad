import { createMiddleware } from 'hono/factory'
import { isSoleMerchant } from '../../merchants/sole-merchant.ts'
import { ApiError } from '../../platform/errors.ts'
import { gate } from '../gates.ts'
import type { ApiParts } from '../route-dependencies.ts'
import { readCaller } from './require-key.ts'
import { checkSameOrigin, readSession } from './require-operator.ts'

/** What a route behind {@link requireBookkeeper} finds in its context: the operator's address, or the merchant. */
export type BookkeeperEnv = { Variables: { bookkeeper: string } }

/**
 * Lets only those pass who keep the books of the whole installation: an operator who is signed in, on changes only from our own pages, or
 * the secret key of the merchant whose installation it is alone. Where there are several merchants, no key tells of everybody's payments.
 * @throws ApiError `unauthorized`; `forbidden` for any other key or a change that another site has sent
 */
export const requireBookkeeper = (parts: Pick<ApiParts, 'config' | 'database' | 'keys'>) =>
  gate(
    ['operator', 'secret'],
    createMiddleware<BookkeeperEnv>(async (c, next) => {
      const caller = await readCaller(c, parts.keys)
      if (caller) {
        if (caller.kind !== 'secret' || !(await isSoleMerchant(parts.database.sql, caller.merchantId))) {
          throw new ApiError('forbidden', {
            message: 'This needs an operator, or the secret key of the only merchant of this installation.',
          })
        }
        c.set('bookkeeper', caller.merchantId)
        return next()
      }
      const session = await readSession(c, parts)
      if (!session || session.merchantId !== null) {
        throw new ApiError('unauthorized', { message: 'Sign in as an operator, or send a secret key.' })
      }
      checkSameOrigin(c, parts)
      c.set('bookkeeper', session.email)
      return next()
    }),
  )
