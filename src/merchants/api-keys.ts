import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { DatabaseTransaction, Sql } from '../database/database.ts'
import { insertRows, type NewRow, now, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { KeyScope } from './key-scopes.ts'

export type KeyKind = 'secret' | 'publishable'

/**
 * Who a key belongs to. `origins`: whose pages may use a publishable one; null is any page. `scopes`: what a secret one is limited to; null is
 * nothing.
 */
export type KeyOwner = {
  apiKeyId: string
  merchantId: string
  kind: KeyKind
  origins: string[] | null
  scopes: KeyScope[] | null
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex')

const storeKey = statement<{ key: NewRow<'api_keys'> }>()((_, $) =>
  insertRows('api_keys', $.key).onConflict((conflict) => conflict.column('hash').doNothing()),
)

/** Stores a key's hash; the same key twice is one key. Returns the key, which is shown this once only. */
export async function createApiKey(
  tx: Pick<DatabaseTransaction, 'sql'>,
  input: {
    merchantId: string
    kind: KeyKind
    liveMode: boolean
    name?: string | null | undefined
    key?: string | undefined
    origins?: string[] | null | undefined
    scopes?: KeyScope[] | null | undefined
  },
): Promise<{ id: string; key: string }> {
  const prefix = `${input.kind === 'secret' ? 'sk' : 'pk'}_${input.liveMode ? 'live' : 'test'}_`
  const key = input.key ?? `${prefix}${randomBytes(24).toString('base64url')}`
  const id = newId('apiKey')
  await storeKey(tx, {
    key: {
      id,
      merchant_id: input.merchantId,
      kind: input.kind,
      hash: hashOf(key),
      hint: `${key.slice(0, 8)}…${key.slice(-4)}`,
      name: input.name ?? null,
      origins: input.origins ?? null,
      scopes: input.scopes ?? null,
    },
  })
  return { id, key }
}

const findOwner = statement<{ hash: string }>()((db, $) =>
  db
    .selectFrom('api_keys')
    .select(['id as apiKeyId', 'merchant_id as merchantId', 'kind', 'origins', 'scopes'])
    .where('hash', '=', $.hash)
    .where('revoked_at', 'is', null),
)

/** The owner of a key that is not revoked. */
export async function findKeyOwner(on: Sql, key: string): Promise<KeyOwner | undefined> {
  const [owner] = await findOwner(on, { hash: hashOf(key) })
  return owner
}

/** In the statement that finds the owner, so that it costs no round trip; of those who come at once one writes and nobody waits. */
const findUser = statement<{ hash: string }>()(
  (_, $) => sql<KeyOwner>`
    with used as (update api_keys set last_used_at = now() where id = (
      select id from api_keys where hash = ${$.hash} and revoked_at is null
        and (last_used_at is null or last_used_at < now() - interval '1 minute') for no key update skip locked))
    select id as "apiKeyId", merchant_id as "merchantId", kind, origins, scopes from api_keys
    where hash = ${$.hash} and revoked_at is null`,
)

/** The owner of a key that is not revoked, whose last use is now; at most once a minute it is written down. */
export async function useKey(on: Sql, key: string): Promise<KeyOwner | undefined> {
  const [owner] = await findUser(on, { hash: hashOf(key) })
  return owner
}

/** A key as its merchant's list shows it: by its hint. */
export type ListedKey = {
  id: string
  kind: KeyKind
  hint: string
  name: string | null
  origins: string[] | null
  scopes: KeyScope[] | null
  createdAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

const listed = [
  'id',
  'kind',
  'hint',
  'name',
  'origins',
  'scopes',
  'created_at as createdAt',
  'last_used_at as lastUsedAt',
  'revoked_at as revokedAt',
] as const

const listKeys = statement<{ merchantId: string }>()((db, $) =>
  db
    .selectFrom('api_keys')
    .select(listed)
    .where('merchant_id', '=', $.merchantId)
    .orderBy((key) => key('revoked_at', 'is not', null))
    .orderBy('id', 'desc'),
)

const readKey = statement<{ merchantId: string; id: string }>()((db, $) =>
  db.selectFrom('api_keys').select(listed).where('id', '=', $.id).where('merchant_id', '=', $.merchantId),
)

const setOrigins = statement<{ merchantId: string; id: string; origins: string[] | null }>()((db, $) =>
  db
    .updateTable('api_keys')
    .set({ origins: $.origins.json })
    .where('id', '=', $.id)
    .where('merchant_id', '=', $.merchantId)
    .where('kind', '=', 'publishable')
    .returning('id'),
)

const revokeKey = statement<{ merchantId: string; id: string }>()((db, $) =>
  db
    .updateTable('api_keys')
    .set((key) => ({ revoked_at: key.fn.coalesce('revoked_at', now) }))
    .where('id', '=', $.id)
    .where('merchant_id', '=', $.merchantId)
    .returning('id'),
)

/** A merchant's keys, the working ones first, newest first. */
export const listApiKeys = (on: Sql, merchantId: string): Promise<ListedKey[]> => listKeys(on, { merchantId })

/** @throws ApiError `not_found`, also for another merchant's key */
export async function readApiKey(on: Sql, merchantId: string, id: string): Promise<ListedKey> {
  const [key] = await readKey(on, { merchantId, id })
  if (!key) throw new ApiError('not_found')
  return key
}

/** Says whose pages may use a publishable key. Processes that know it take five seconds longer. @throws ApiError `not_found` */
export async function setKeyOrigins(on: Sql, merchantId: string, id: string, origins: string[] | null): Promise<void> {
  const changed = await setOrigins(on, { merchantId, id, origins })
  if (changed.length === 0) throw new ApiError('not_found')
}

/** Ends a key for good; one that is revoked stays so. Processes that know it take it five seconds longer. @throws ApiError `not_found` */
export async function revokeApiKey(on: Sql, merchantId: string, id: string): Promise<void> {
  const revoked = await revokeKey(on, { merchantId, id })
  if (revoked.length === 0) throw new ApiError('not_found')
}
