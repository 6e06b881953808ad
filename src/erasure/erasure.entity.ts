import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

/** A place where something of an erased person still stands, and why. */
export type Trace = { table: string; column: string; rows: number; why: 'kept by law' | 'not part of the request' }

/** What an erasure did. It holds no value that was erased. */
export type ErasureReport = {
  orders: number
  checkouts: number
  sources: number
  /** Rows that were emptied or deleted, by table. */
  erased: Record<string, number>
  /** What a search of every column found afterwards; null when the search could not be made. */
  left: Trace[] | null
}

/** A person's request to be forgotten: by one order, or by a registered customer with everything that hangs on it. */
export const ErasureEntity = defineEntity({
  name: 'Erasure',
  tableName: 'erasures',
  properties: {
    id: p.text().primary(),
    merchantId: p.text(),
    orderId: p.text().nullable(),
    customerId: p.text().nullable(),
    /** How often it was looked at whether the orders are over. */
    rounds: p.integer().default(1),
    nextRoundAt: p.datetime().defaultRaw(`now() + interval '1 minute'`),
    report: p.json<ErasureReport>().nullable(),
    requestedAt: p.datetime().defaultRaw('now()'),
    doneAt: p.datetime().nullable(),
  },
  indexes: [
    { properties: ['merchantId', 'id'] },
    {
      name: 'erasures_open',
      expression: `create unique index erasures_open on erasures (merchant_id, coalesce(order_id, ''), coalesce(customer_id, '')) where done_at is null`,
    },
    {
      name: 'erasures_waiting',
      expression: 'create index erasures_waiting on erasures (next_round_at) where done_at is null',
    },
  ],
  checks: [{ name: 'erasures_subject', expression: 'num_nonnulls(order_id, customer_id) = 1' }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof ErasureEntity> {}
}
