import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseTransaction, Sql } from '../platform/database.ts'
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
