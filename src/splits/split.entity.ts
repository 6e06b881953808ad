import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import type { SplitLines } from './calculate-splits.ts'
import { splitStates } from './split.state-machine.ts'

export const splitKinds = [
  'platform',
  'provider_fee',
  'fulfilment',
  'tax',
  'affiliate',
  'referrer',
  'merchant',
] as const
export type SplitKind = (typeof splitKinds)[number]

/** One recipient's share of one seller's sale in one charge, planned before the provider is asked. Minor units. */
export const SplitEntity = defineEntity({
  name: 'Split',
  tableName: 'splits',
  properties: {
    id: p.text().primary(),
    chargeId: p.text(),
    orderId: p.text().index(),
    position: p.integer(),
    kind: p.enum(splitKinds),
    /** Whose money it is: `platform:commission`, `platform:provider_fee`, `platform:fulfilment`, `tax:ENTITY:US-CA`, `merchant:mer_…`, `affiliate:…`, `referrer:…`. */
    recipient: p.text(),
    /** Connected account that receives a live transfer; null keeps the share as credit in the ledger. */
    destination: p.text().nullable(),
    /** Whose sale it is a share of; null for shares of several sellers, as they were made once. */
    sellerId: p.text().nullable(),
    /** What of `amount` came from which line, fixed with it; null where that is not known. */
    lines: p.json<SplitLines>().nullable(),
    /** What of each line was taken back. */
    reversedLines: p.json<SplitLines>().default('{}'),
    amount: p.bigint('number'),
    /** Of `amount`: kept back of its transfer for what its recipient owes the platform. */
    withheldAmount: p.bigint('number').default(0),
    /** Of `amount`: paid out with what was captured, released with what was cancelled, taken back with refunds. */
    executedAmount: p.bigint('number').default(0),
    cancelledAmount: p.bigint('number').default(0),
    reversedAmount: p.bigint('number').default(0),
    currency: p.text(),
    state: p.enum(splitStates).default('planned'),
    settlementReference: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
  uniques: [{ properties: ['chargeId', 'position'] }],
  indexes: [
    {
      name: 'splits_settled_outside',
      expression: `create index splits_settled_outside on splits (state, id) where state in ('recorded', 'settled')`,
    },
    {
      name: 'splits_to_come',
      expression: `create index splits_to_come on splits (recipient) where state = 'planned' and kind in ('merchant', 'tax', 'affiliate', 'referrer')`,
    },
  ],
  checks: [
    { name: 'splits_not_negative', expression: 'amount >= 0' },
    {
      name: 'splits_within',
      expression: 'executed_amount + cancelled_amount <= amount and reversed_amount <= executed_amount',
    },
    { name: 'splits_withheld', expression: 'withheld_amount between 0 and amount' },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof SplitEntity> {}
}
