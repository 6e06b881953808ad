import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseTransaction, Sql } from '../database/database.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'

export type KeyKind = 'secret' | 'publishable'

/** Who a key belongs to. `origins`: whose pages may use a publishable one; null is any page. */
export type KeyOwner = { apiKeyId: string; merchantId: string; kind: KeyKind; origins: string[] | null }

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex')

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
  await tx.sql(
    `insert into api_keys (id, merchant_id, kind, hash, hint, origins) values ($1, $2, $3, $4, $5, $6::jsonb) on conflict (hash) do nothing`,
    [id, input.merchantId, input.kind, hashOf(key), `${key.slice(0, 8)}…${key.slice(-4)}`, toJson(input.origins)],
  )
  return { id, key }
}

/** The owner of a key that is not revoked. */
export async function findKeyOwner(sql: Sql, key: string): Promise<KeyOwner | undefined> {
  const [owner] = await sql<KeyOwner>(
    `select id as "apiKeyId", merchant_id as "merchantId", kind, origins from api_keys where hash = $1 and revoked_at is null`,
    [hashOf(key)],
  )
  return owner
}

/** A key as its merchant's list shows it: by its hint. */
export type ListedKey = {
  id: string
  kind: KeyKind
  hint: string
  origins: string[] | null
  createdAt: string
  revokedAt: string | null
}

const listed = `id, kind, hint, origins, created_at as "createdAt", revoked_at as "revokedAt"`

/** A merchant's keys, the working ones first, newest first. */
export const listApiKeys = (sql: Sql, merchantId: string): Promise<ListedKey[]> =>
  sql<ListedKey>(`select ${listed} from api_keys where merchant_id = $1 order by revoked_at is not null, id desc`, [
    merchantId,
  ])

/** @throws ApiError `not_found`, also for another merchant's key (I11) */
export async function readApiKey(sql: Sql, merchantId: string, id: string): Promise<ListedKey> {
  const [key] = await sql<ListedKey>(`select ${listed} from api_keys where id = $1 and merchant_id = $2`, [
    id,
    merchantId,
  ])
  if (!key) throw new ApiError('not_found')
  return key
}

/** Says whose pages may use a publishable key. Processes that know it take five seconds longer. @throws ApiError `not_found` */
export async function setKeyOrigins(sql: Sql, merchantId: string, id: string, origins: string[] | null): Promise<void> {
  const changed = await sql<{ id: string }>(
    `update api_keys set origins = $3::jsonb where id = $1 and merchant_id = $2 and kind = 'publishable' returning id`,
    [id, merchantId, toJson(origins)],
  )
  if (changed.length === 0) throw new ApiError('not_found')
}

const toJson = (origins: string[] | null | undefined) => (origins ? JSON.stringify(origins) : null)

/** Ends a key for good; one that is revoked stays so. Processes that know it take it five seconds longer. @throws ApiError `not_found` */
export async function revokeApiKey(sql: Sql, merchantId: string, id: string): Promise<void> {
  const revoked = await sql<{ id: string }>(
    'update api_keys set revoked_at = coalesce(revoked_at, now()) where id = $1 and merchant_id = $2 returning id',
    [id, merchantId],
  )
  if (revoked.length === 0) throw new ApiError('not_found')
}
