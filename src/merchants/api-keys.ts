import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseTransaction, Sql } from '../database/database.ts'
import { insertRows, type NewRow, now, statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'

export type KeyKind = 'secret' | 'publishable'

/** Who a key belongs to. `origins`: whose pages may use a publishable one; null is any page. */
export type KeyOwner = { apiKeyId: string; merchantId: string; kind: KeyKind; origins: string[] | null }

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
    key?: string | undefined
    origins?: string[] | null | undefined
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
      origins: input.origins ?? null,
    },
  })
  return { id, key }
}

const findOwner = statement<{ hash: string }>()((db, $) =>
  db
    .selectFrom('api_keys')
    .select(['id as apiKeyId', 'merchant_id as merchantId', 'kind', 'origins'])
    .where('hash', '=', $.hash)
    .where('revoked_at', 'is', null),
)

/** The owner of a key that is not revoked. */
export async function findKeyOwner(sql: Sql, key: string): Promise<KeyOwner | undefined> {
  const [owner] = await findOwner(sql, { hash: hashOf(key) })
  return owner
}

/** A key as its merchant's list shows it: by its hint. */
export type ListedKey = {
  id: string
  kind: KeyKind
  hint: string
  origins: string[] | null
  createdAt: Date
  revokedAt: Date | null
}

const listed = ['id', 'kind', 'hint', 'origins', 'created_at as createdAt', 'revoked_at as revokedAt'] as const

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
export const listApiKeys = (sql: Sql, merchantId: string): Promise<ListedKey[]> => listKeys(sql, { merchantId })

/** @throws ApiError `not_found`, also for another merchant's key */
export async function readApiKey(sql: Sql, merchantId: string, id: string): Promise<ListedKey> {
  const [key] = await readKey(sql, { merchantId, id })
  if (!key) throw new ApiError('not_found')
  return key
}

/** Says whose pages may use a publishable key. Processes that know it take five seconds longer. @throws ApiError `not_found` */
export async function setKeyOrigins(sql: Sql, merchantId: string, id: string, origins: string[] | null): Promise<void> {
  const changed = await setOrigins(sql, { merchantId, id, origins })
  if (changed.length === 0) throw new ApiError('not_found')
}

/** Ends a key for good; one that is revoked stays so. Processes that know it take it five seconds longer. @throws ApiError `not_found` */
export async function revokeApiKey(sql: Sql, merchantId: string, id: string): Promise<void> {
  const revoked = await revokeKey(sql, { merchantId, id })
  if (revoked.length === 0) throw new ApiError('not_found')
}
