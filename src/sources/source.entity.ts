import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import type { ProviderName } from '../providers/registry.ts'
import type { SourceOwner } from '../providers/source-owner.ts'
import type { AnySourceType } from '../providers/source-types.ts'
import { sourceStates } from './source.state-machine.ts'

/** A means of payment: reusable when a customer saved it, else for one order. Amounts in minor units. */
export const SourceEntity = defineEntity({
  name: 'Source',
  tableName: 'sources',
  properties: {
    id: p.uuid().primary(),
    merchantId: p.text(),
    apiKeyId: p.text().nullable(),
    customerId: p.text().nullable(),
    type: p.text().$type<AnySourceType>(),
    flow: p.enum(['standard', 'redirect', 'receiver'] as const),
    state: p.enum(sourceStates),
    reusable: p.boolean().default(false),
    currency: p.text().nullable(),
    amount: p.bigint('number').nullable(),
    owner: p.json<SourceOwner>().nullable(),
    /** What may be shown of it, such as the last four digits of a card. */
    details: p.json<Record<string, unknown>>().default('{}'),
    /** Null for a credit: no provider knows of it. */
    provider: p.text().$type<ProviderName>().nullable(),
    /** The provider's id of it: Stripe's `pm_…`. */
    providerReference: p.text().nullable(),
    /** The provider's id of its set-up while the buyer has not finished it. */
    setupReference: p.text().nullable(),
    clientSecret: p.text().nullable(),
    /** The same for the same card, whoever enters it. */
    fingerprint: p.text().nullable(),
    /** What it is called by whoever keeps the credit. */
    upstreamId: p.text().nullable(),
    /** The checkout it is attached to. */
    checkoutId: p.uuid().nullable(),
    liveMode: p.boolean(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    { properties: ['merchantId', 'customerId'] },
    { properties: ['setupReference'] },
    { properties: ['providerReference'] },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof SourceEntity> {}
}
