import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { LRUCache } from 'lru-cache'
import type { Sql } from '../../database/database.ts'
import { type KeyOwner, useKey } from '../../merchants/api-keys.ts'
import { ApiError } from '../../platform/errors.ts'
import type { ApiEnv } from '../env.ts'
import { gate } from '../gates.ts'
import { requireScope } from '../scopes.ts'
import { admitOrigin } from './cors.ts'

/** Finds the owner of an API key. */
export type KeyDirectory = { find(key: string): Promise<KeyOwner | undefined> }

const rememberMs = 5_000

/** Remembers known keys for five seconds: a revoked key works that much longer, and requests save a query. Its last use is as exact. */
export function createKeyDirectory(sql: Sql): KeyDirectory {
  const known = new LRUCache<string, KeyOwner>({ max: 10_000, ttl: rememberMs })
  return {
    async find(key) {
      const remembered = known.get(key)
      if (remembered) return remembered
      const owner = await useKey(sql, key)
      if (owner) known.set(key, owner)
      return owner
    },
  }
}

const bearer = /^Bearer +(\S+)$/i

/**
 * The key's owner of a request, or undefined without a credential.
 * @throws ApiError `unauthorized` for an unknown key, `scope_missing` for one that is not for this
 */
export async function readCaller(c: Context, keys: KeyDirectory): Promise<KeyOwner | undefined> {
  const authorization = c.req.header('authorization')
  if (authorization === undefined) return undefined
  const key = bearer.exec(authorization)?.[1]
  const owner = key && (await keys.find(key))
  if (!owner) throw new ApiError('unauthorized')
  requireScope(c, owner)
  return owner
}

/** Lets only callers with a key of one of these kinds pass, and says who they are. */
export const requireKey = (keys: KeyDirectory, ...kinds: KeyOwner['kind'][]) =>
  gate(
    kinds,
    createMiddleware<ApiEnv>(async (c, next) => {
      const caller = await readCaller(c, keys)
      if (!caller) throw new ApiError('unauthorized')
      admitOrigin(c, caller)
      if (!kinds.includes(caller.kind)) throw new ApiError('forbidden', { message: 'This needs a secret key.' })
      c.set('caller', caller)
      await next()
    }),
  )
