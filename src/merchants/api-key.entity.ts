import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import type { KeyScope } from './key-scopes.ts'

/** An API key. Only the SHA-256 of the key is kept; the key itself is shown once. */
export const ApiKeyEntity = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    id: p.text().primary(),
    merchantId: p.text().index(),
    kind: p.enum(['secret', 'publishable'] as const),
    hash: p.text().unique(),
    hint: p.text(),
    /** What its merchant calls it. */
    name: p.text().nullable(),
    /** Whose pages may use a publishable key; null is any page. */
    origins: p.json<string[]>().nullable(),
    /** What a secret key is limited to; null is nothing. */
    scopes: p.json<KeyScope[]>().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    /** To the minute; null before its first use, and for uses from before it was kept. */
    lastUsedAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof ApiKeyEntity> {}
}
