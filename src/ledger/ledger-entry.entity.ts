import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** A ledger row. Every movement is two rows with one correlation key that sum to zero (I6), enforced by a trigger. */
export const LedgerEntryEntity = defineEntity({
  name: 'LedgerEntry',
  tableName: 'ledger_entries',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    correlationKey: p.text(),
    /** Empty for what is about no order, such as a payout to the platform's own bank. */
    orderId: p.text().nullable().index(),
    /** The payout that it is about, where it is about one. */
    payoutId: p.text().nullable(),
    account: p.text(),
    amount: p.bigint('number'),
    currency: p.text(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  uniques: [{ properties: ['correlationKey', 'account'] }],
  indexes: [
    { properties: ['account', 'id'] },
    {
      name: 'ledger_entries_tax',
      expression: "create index ledger_entries_tax on ledger_entries (created_at) where account like 'tax:%'",
    },
    {
      name: 'ledger_entries_payout_id',
      expression: 'create index ledger_entries_payout_id on ledger_entries (payout_id) where payout_id is not null',
    },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof LedgerEntryEntity> {}
}
