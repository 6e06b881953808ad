import { type Expression, type SqlBool, sql } from 'kysely'
import { ifGiven } from '../database/page.ts'

/** Which entries of the ledger are asked for. */
export type EntryFilter = {
  currency?: string | undefined
  /** Booked at this moment or later. */
  since?: Date | undefined
  /** Booked before this moment. */
  until?: Date | undefined
}

/** The conditions of a filter on rows that have a `currency` and a time. */
export const fitting = (
  { currency, since, until }: EntryFilter,
  on: { currency: string; createdAt: string },
): Expression<SqlBool>[] => [
  ...ifGiven(currency, (wanted) => sql<SqlBool>`${sql.ref(on.currency)} = ${wanted}`),
  ...ifGiven(since, (edge) => sql<SqlBool>`${sql.ref(on.createdAt)} >= ${edge}`),
  ...ifGiven(until, (edge) => sql<SqlBool>`${sql.ref(on.createdAt)} < ${edge}`),
]
