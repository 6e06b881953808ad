import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { readMerchantName } from '../../merchants/merchants.ts'
import { ApiError } from '../../platform/errors.ts'
import { gate } from '../gates.ts'
import type { ApiParts } from '../route-dependencies.ts'
import { readCaller } from './require-key.ts'
import { checkSameOrigin, readSession } from './require-operator.ts'

/** What a route behind {@link requireEntityOwner} finds in its context: a merchant, or null for the installation, and who acts for it. */
export type EntityOwnerEnv = { Variables: { owner: { merchantId: string | null; author: string } } }

type Parts = Pick<ApiParts, 'config' | 'database' | 'keys'>

/**
 * Says whose selling entities a request is about: with a secret key those of its merchant; by an operator who is signed in those of the
 * installation, or of the merchant that `merchantId` names. @throws ApiError `unauthorized`, `forbidden`, `not_found` for another merchant
 */
export const requireEntityOwner = (parts: Parts) =>
  gate(
    ['operator', 'secret'],
    createMiddleware<EntityOwnerEnv>(async (c, next) => {
      c.set('owner', await ownerOf(c, parts))
      await next()
    }),
  )

async function ownerOf(c: Context, parts: Parts): Promise<EntityOwnerEnv['Variables']['owner']> {
  const asked = c.req.query('merchantId')
  const caller = await readCaller(c, parts.keys)
  if (caller) {
    if (caller.kind !== 'secret') throw new ApiError('forbidden', { message: 'This needs a secret key.' })
    if (asked !== undefined && asked !== caller.merchantId) throw noSuchMerchant()
    return { merchantId: caller.merchantId, author: caller.apiKeyId }
  }
  const session = await readSession(c, parts)
  if (!session || session.merchantId !== null)
    throw new ApiError('unauthorized', { message: 'Sign in as an operator, or send a secret key.' })
  checkSameOrigin(c, parts)
  if (asked !== undefined && (await readMerchantName(parts.database, { merchantId: asked })).length === 0)
    throw noSuchMerchant()
  return { merchantId: asked ?? null, author: session.userId }
}

const noSuchMerchant = () => new ApiError('not_found', { parameter: 'merchantId' })
