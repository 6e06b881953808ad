import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import { findingStates } from './audit-finding.state-machine.ts'

export const findingKinds = [
  'missing_here',
  'missing_there',
  'amount_differs',
  'currency_differs',
  'not_cleared',
] as const
export type FindingKind = (typeof findingKinds)[number]

/** A thing about which a provider's books and ours disagree, or an account that should be empty and is not. Minor units. */
export const AuditFindingEntity = defineEntity({
  name: 'AuditFinding',
  tableName: 'audit_findings',
  properties: {
    id: p.text().primary(),
    provider: p.text(),
    currency: p.text(),
    /** What it is about: a charge, an operation, or a line of the provider's books. */
    subject: p.text(),
    orderId: p.text().nullable(),
    kind: p.enum(findingKinds),
    /** What the provider's books say it changed, and what ours say. */
    theirs: p.bigint('number'),
    ours: p.bigint('number'),
    state: p.enum(findingStates).default('open'),
    /** Why it is as it is, by whom. */
    reason: p.text().nullable(),
    author: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [
    {
      name: 'audit_findings_standing',
      expression: `create unique index audit_findings_standing on audit_findings (provider, currency, subject) where state <> 'corrected'`,
    },
    {
      name: 'audit_findings_open',
      expression: `create index audit_findings_open on audit_findings (id) where state = 'open'`,
    },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof AuditFindingEntity> {}
}
