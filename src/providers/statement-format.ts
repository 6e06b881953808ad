import type { BankLineKind } from './bank-line.ts'

/** What a line of a statement may be about. */
export const statementKinds = [
  'charge',
  'refund',
  'dispute',
  'fee',
  'payout',
] as const satisfies readonly BankLineKind[]
export type StatementKind = (typeof statementKinds)[number]

/** How a provider writes its statements as CSV. */
export type StatementFormat = {
  /** Which column has what, by its name in the first line; capitals do not count. */
  columns: {
    /** The id of the line. */
    reference: string
    /** What it is about: the first of these that is not empty. */
    payment: readonly string[]
    kind: string
    amount: string
    fee: string
    currency: string
    at: string
  }
  /** What its words for kinds mean, in capitals. */
  kinds: Readonly<Record<string, StatementKind>>
  /** `by_kind`: amounts are positive, and what is given back or paid out is taken off. `as_written`: they change the balance as they stand. */
  sign: 'by_kind' | 'as_written'
  /** What may stand between thousands; a point stands before decimals. */
  groupSeparator: ',' | ' ' | "'"
  /** Of times that say none, and of the days of a statement, such as `+08:00`. */
  utcOffset: string
  /** `unpaid`: the file has lines about payments that nobody made, with neither id nor amount. */
  passesOver?: 'unpaid'
}
