import { type Expression, type RawBuilder, sql } from 'kysely'

/** The split that a transfer was made for, by the purpose of its operation. */
export const splitOfTransfer = (purpose: Expression<string>): RawBuilder<string> =>
  sql<string>`split_part(${purpose}, '-transfer', 1)`

/** The purpose of an operation as it was before it was refused. */
export const purposeBefore = (purpose: Expression<string>): RawBuilder<string> =>
  sql<string>`split_part(${purpose}, '-refused-', 1)`

/** The transfer that a reversal takes back, by the purpose of its operation. */
export const transferOfReversal = (purpose: Expression<string>): RawBuilder<string> =>
  sql<string>`split_part(${purpose}, '-reversal-', 1)`

/** The refund of a charge that a reversal was made for, by the purpose of its operation, however often it was refused. */
export const entryOfReversal = (purpose: Expression<string>): RawBuilder<string> =>
  sql<string>`split_part(${purposeBefore(purpose)}, '-reversal-', 2)`
