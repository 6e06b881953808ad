import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'

export type StatementMoney = { amount: number; currency: string }

/** One thing that a statement or we have. Minor units. */
export type StatementItem = {
  /** The lines of the statement that are about it, or how the provider calls it where it has no line. */
  references: string[]
  /** Ours: a charge or an operation; empty where nothing of ours is known that it is about. */
  subject: string | null
  orderId: string | null
  theirs: StatementMoney | null
  ours: StatementMoney | null
}

/** How a line or a thing of ours came out. */
export const statementOutcomes = [
  /** Both have it, and agree. */
  'matched',
  /** Both have it, with different amounts or currencies. */
  'mismatch',
  /** We have it in the statement's days, and they have not. */
  'missing',
  /** They have it, and we have not. */
  'unexpected',
  /** The statement has the same line twice. */
  'doubled',
  /** A line of the same reference was entered before, or stands further up, and says something else. */
  'conflict',
] as const
export type StatementOutcome = (typeof statementOutcomes)[number]

export type StatementCounts = Record<StatementOutcome | 'lines' | 'entered' | 'known', number>

/** One currency of a statement. Minor units; `amount + elsewhere - ours - explained = unexplained`. */
export type StatementTotal = {
  currency: string
  /** What its lines say in all, before fees, and their fees. */
  amount: number
  fee: number
  /** What other lines of the provider say about the same payments. */
  elsewhere: number
  /** What the ledger has of all that, with what is missing in the statement. */
  ours: number
  /** Of the difference: what a person has explained, and the rest. */
  explained: number
  unexplained: number
}

export type StatementItems = Record<StatementOutcome, StatementItem[]>

/** A provider's statement that was entered, and how it compared with the ledger when it was entered last. */
export const SettlementStatementEntity = defineEntity({
  name: 'SettlementStatement',
  tableName: 'settlement_statements',
  properties: {
    id: p.text().primary(),
    provider: p.text(),
    /** Of its days and lines: the same statement again is the same row. */
    contentHash: p.text(),
    firstDay: p.text(),
    lastDay: p.text(),
    enteredBy: p.text(),
    counts: p.json<StatementCounts>(),
    totals: p.json<StatementTotal[]>(),
    /** The first of each outcome; findings have every one. */
    items: p.json<StatementItems>(),
    createdAt: p.datetime().defaultRaw('now()'),
    comparedAt: p.datetime().defaultRaw('now()'),
  },
  uniques: [{ properties: ['provider', 'contentHash'] }],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof SettlementStatementEntity> {}
}
