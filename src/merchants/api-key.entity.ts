import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

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
    /** Whose pages may use a publishable key; null is any page. */
    origins: p.json<string[]>().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    revokedAt: p.datetime().nullable(),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof ApiKeyEntity> {}
}
