import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import { bankLineKinds } from '../providers/bank-line.ts'

/** One line of a provider's own books, as it told it, with what of ours it is about. Minor units, as they change our balance there. */
export const BankLineEntity = defineEntity({
  name: 'BankLine',
  tableName: 'bank_lines',
  properties: {
    id: p.text().primary(),
    provider: p.text(),
    /** The provider's id of the line. */
    reference: p.text(),
    kind: p.enum(bankLineKinds),
    /** The provider's id of what caused it: a charge, a refund, a transfer, a dispute. */
    source: p.text().nullable(),
    amount: p.bigint('number'),
    /** What the provider kept of it. */
    fee: p.bigint('number'),
    currency: p.text(),
    at: p.datetime(),
    /** When its money may be used. */
    availableOn: p.datetime().nullable(),
    orderId: p.text().nullable(),
    chargeId: p.text().nullable(),
    /** As the provider told, and then as it was found to be. */
    operationId: p.text().nullable(),
    disputeId: p.text().nullable(),
    /** When everything that only this line tells was entered into the ledger; empty while nothing of ours is known that it is about. */
    bookedAt: p.datetime().nullable(),
  },
  uniques: [{ properties: ['provider', 'reference'] }],
  indexes: [
    { properties: ['chargeId'] },
    { properties: ['operationId'] },
    {
      name: 'bank_lines_open',
      expression: 'create index bank_lines_open on bank_lines (at) where booked_at is null',
    },
    {
      name: 'bank_lines_open_source',
      expression: 'create index bank_lines_open_source on bank_lines (provider, source) where booked_at is null',
    },
  ],
})

/** From when and until when a provider's books were read. */
export const BankMarkEntity = defineEntity({
  name: 'BankMark',
  tableName: 'bank_marks',
  properties: {
    provider: p.text().primary(),
    /** Where its first statement begins; empty where its books were read from their beginning. */
    readFrom: p.datetime().nullable(),
    readUntil: p.datetime(),
  },
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof BankLineEntity | typeof BankMarkEntity> {}
}
