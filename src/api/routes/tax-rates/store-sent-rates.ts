import { inTransaction } from '../../../tasks/transaction.ts'
import { type NewTaxRate, storeTaxRates } from '../../../tax/tax-rates.ts'
import type { ApiParts } from '../../route-dependencies.ts'

/** Stores rates that somebody has sent; this process applies them at once, others within a minute. */
export async function storeSentRates(parts: ApiParts, rates: readonly NewTaxRate[], author: string) {
  const stored = await inTransaction(parts, (tx) => storeTaxRates(tx, rates))
  parts.tax.forget?.()
  parts.log.info({ author, ...stored }, 'tax rates stored')
  return stored
}
