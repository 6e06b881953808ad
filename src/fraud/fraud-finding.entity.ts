import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

export const findingOutcomes = ['passed', 'review', 'blocked'] as const

/** What a judge found about an order. The same finding again is one row with its last time. */
export const FraudFindingEntity = defineEntity({
  name: 'FraudFinding',
  tableName: 'fraud_findings',
  properties: {
    orderId: p.text().primary(),
    judge: p.text().primary(),
    /** A sentence without personal data. */
    reason: p.text().primary(),
    outcome: p.enum(findingOutcomes),
    /** 0 to 1, the higher the worse. */
    score: p.double().$type<number>().nullable(),
    at: p.datetime().defaultRaw('now()'),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof FraudFindingEntity> {}
}
