import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

export const signalKinds = ['email', 'fingerprint', 'ip'] as const
export type SignalKind = (typeof signalKinds)[number]

/** One use of an email address, a card or an internet address by an order, kept as long as the longest window counts it. */
export const FraudSignalEntity = defineEntity({
  name: 'FraudSignal',
  tableName: 'fraud_signals',
  properties: {
    merchantId: p.text().primary(),
    kind: p.enum(signalKinds).primary(),
    /** Keyed, so that nobody can read a value back or compare it across merchants. */
    valueHash: p.text().primary(),
    orderId: p.text().primary(),
    at: p.datetime().defaultRaw('now()').index(),
  },
  indexes: [{ properties: ['merchantId', 'kind', 'valueHash', 'at'] }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof FraudSignalEntity> {}
}
