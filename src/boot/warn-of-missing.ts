import { missingForSale } from '../checkouts/missing-for-sale.ts'
import type { Database } from '../database/database.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'

/** Says in the log what an operator has to enter before everything can be sold. A database that does not answer is told of elsewhere. */
export async function warnOfMissing(parts: { database: Database; config: Config; log: Log }): Promise<void> {
  try {
    for (const problem of await missingForSale(parts.database, parts.config)) parts.log.warn(problem)
  } catch (error) {
    parts.log.warn({ err: error }, 'it is not known whether selling entities and tax rates are entered')
  }
}
