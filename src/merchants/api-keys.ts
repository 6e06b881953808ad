import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseTransaction, Sql } from '../platform/database.ts'
import { ApiError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'

export type KeyKind = 'secret' | 'publishable'

/** Who a key belongs to. */
export type KeyOwner = { apiKeyId: string; merchantId: string; kind: KeyKind }

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex')

/** Stores a key's hash; the same key twice is one key. Returns the key, which is shown this once only. */
export async function createApiKey(
  tx: Pick<DatabaseTransaction, 'sql'>,
  input: { merchantId: string; kind: KeyKind; liveMode: boolean; key?: string | undefined },
): Promise<{ id: string; key: string }> {
  const prefix = `${input.kind === 'secret' ? 'sk' : 'pk'}_${input.liveMode ? 'live' : 'test'}_`
  const key = input.key ?? `${prefix}${randomBytes(24).toString('base64url')}`
  const id = newId('apiKey')
  await tx.sql(
    `insert into api_keys (id, merchant_id, kind, hash, hint) values ($1, $2, $3, $4, $5) on conflict (hash) do nothing`,
    [id, input.merchantId, input.kind, hashOf(key), `${key.slice(0, 8)}…${key.slice(-4)}`],
  )
  return { id, key }
}

/** The owner of a key that is not revoked. */
export async function findKeyOwner(sql: Sql, key: string): Promise<KeyOwner | undefined> {
  const [owner] = await sql<KeyOwner>(
    `select id as "apiKeyId", merchant_id as "merchantId", kind from api_keys where hash = $1 and revoked_at is null`,
    [hashOf(key)],
  )
  return owner
}

/** A key as its merchant's list shows it: by its hint. */
export type ListedKey = { id: string; kind: KeyKind; hint: string; createdAt: string; revokedAt: string | null }

const listed = `id, kind, hint, created_at as "createdAt", revoked_at as "revokedAt"`

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

/** Ends a key for good; one that is revoked stays so. Processes that know it take it five seconds longer. @throws ApiError `not_found` */
export async function revokeApiKey(sql: Sql, merchantId: string, id: string): Promise<void> {
  const revoked = await sql<{ id: string }>(
    'update api_keys set revoked_at = coalesce(revoked_at, now()) where id = $1 and merchant_id = $2 returning id',
    [id, merchantId],
  )
  if (revoked.length === 0) throw new ApiError('not_found')
}
