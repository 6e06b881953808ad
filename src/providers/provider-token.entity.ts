import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** An access token of a provider that hands out few of them: all processes use the same one. It is worth nothing after minutes. */
export const ProviderTokenEntity = defineEntity({
  name: 'ProviderToken',
  tableName: 'provider_tokens',
  properties: {
    /** Whose it is, such as a provider and a terminal. */
    name: p.text().primary(),
    accessToken: p.text().nullable(),
    validUntil: p.datetime().nullable(),
    refreshToken: p.text().nullable(),
    refreshUntil: p.datetime().nullable(),
    /** Somebody is asking for a new one until then. */
    renewingUntil: p.datetime().nullable(),
    /** Until then the provider is not asked, because it said that it was asked too often. */
    leftAloneUntil: p.datetime().nullable(),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof ProviderTokenEntity> {}
}
