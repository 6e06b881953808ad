import { sql } from 'kysely'
import { now, statement } from '../database/statement.ts'
import type { Tell } from '../outgoing/announce.ts'
import { ApiError } from '../platform/errors.ts'
import { cancelAllSaved } from '../sources/source.statements.ts'
import { inTransaction } from '../tasks/transaction.ts'
import type { Customer } from './customer-row.ts'
import { lockCustomer, readCustomer } from './customers.ts'
import { releaseSource, type SavingParts } from './save-source.ts'

type Parts = SavingParts & { tell: { customer: Tell<Customer> } }

/** Somebody may save another source while the provider lets go of the ones we know. */
const maxRounds = 3

const markDeleted = statement<{ merchantId: string; customerId: string; sourceIds: string[] }>()((db, $) =>
  db
    .with('cards', () => cancelAllSaved($))
    .with('numbers', (db) =>
      db.deleteFrom('tax_identifiers').where('merchant_id', '=', $.merchantId).where('customer_id', '=', $.customerId),
    )
    .updateTable('customers')
    .set({
      deleted_at: now,
      updated_at: now,
      enabled: false,
      email: null,
      shipping: null,
      metadata: sql`'{}'`,
      default_source_id: null,
    })
    .where('merchant_id', '=', $.merchantId)
    .where('id', '=', $.customerId),
)

/**
 * Deletes a customer for good: saved sources are given up at the provider, then personal data and tax identifiers go. The id stays
 * taken, because orders name it. @throws ApiError `not_found`, `provider_unavailable`, `in_use` when it is changed all the time
 */
export async function deleteCustomer(parts: Parts, target: { merchantId: string; id: string }): Promise<void> {
  const { merchantId, id } = target
  const released = new Set<string>()
  for (let round = 1; round <= maxRounds; round += 1) {
    const { sources } = await readCustomer(parts.database.sql, merchantId, id)
    for (const source of sources) {
      if (!released.has(source.id)) await releaseSource(parts, source)
      released.add(source.id)
    }
    const deleted = await inTransaction(parts, async (tx) => {
      await lockCustomer(tx.sql, merchantId, id)
      const customer = await readCustomer(tx.sql, merchantId, id)
      if (customer.sources.some((source) => !released.has(source.id))) return false
      await markDeleted(tx, { merchantId, customerId: id, sourceIds: [...released] })
      await parts.tell.customer(tx, { merchantId, type: 'customer.deleted', object: customer })
      return true
    })
    if (deleted) return
  }
  throw new ApiError('in_use')
}
