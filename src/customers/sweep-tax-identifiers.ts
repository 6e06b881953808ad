import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { sweepRows } from '../tasks/sweep-rows.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'
import { taxIdentifierTypes } from '../tax/tax-identifier-types.ts'
import { canBeVerified, verificationOf } from './tax-registers.ts'

const batch = 200

const readUnasked = statement<{ types: string[] }>()((db, $) =>
  db
    .selectFrom('tax_identifiers as i')
    .select('i.id')
    .where('i.state', '=', 'pending')
    .where((i) => i('i.type', '=', i.fn.any($.types)))
    .where((i) =>
      i.not(
        i.exists(
          i
            .selectFrom('tasks as t')
            .select('t.id')
            .where('t.dedupe_key', '=', sql<string>`${i.ref('i.id')} || '-verify-1'`),
        ),
      ),
    )
    .orderBy('i.id')
    .limit(batch),
)

/** Calls for a question about tax identifiers that were entered before their register could be asked. Returns how many. */
export async function sweepTaxIdentifiers(parts: UnitOfWork & { config: Pick<Config, 'hmrc'> }): Promise<number> {
  const types = Object.keys(taxIdentifierTypes).filter((type) => canBeVerified(type, parts.config))
  const identifiers = await readUnasked(parts.database, { types })
  return sweepRows(parts, identifiers, async (tx, some) => {
    for (const { id } of some) tx.enqueue(verificationOf(id))
  })
}
