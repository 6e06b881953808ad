import { inTransaction, type Transaction, type UnitOfWork } from './transaction.ts'

/**
 * Carries a sweep out for all its rows in one transaction; should that fail, for each row in one of its own, so that a row that cannot be
 * handled never stops the others. Returns how many were handled. @throws AggregateError with the rows' errors, after all were tried
 */
export async function sweepRows<Row>(
  parts: UnitOfWork,
  rows: readonly Row[],
  work: (tx: Transaction, rows: readonly Row[]) => Promise<void>,
): Promise<number> {
  if (rows.length === 0) return 0
  try {
    await inTransaction(parts, (tx) => work(tx, rows))
    return rows.length
  } catch (error) {
    if (rows.length === 1) throw new AggregateError([error], '1 of 1 rows could not be swept')
  }
  const errors: unknown[] = []
  for (const row of rows) {
    try {
      await inTransaction(parts, (tx) => work(tx, [row]))
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} of ${rows.length} rows could not be swept`)
  return rows.length
}
