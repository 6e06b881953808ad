import { type Expression, type RawBuilder, sql } from 'kysely'
import { db } from '../database/statement.ts'

/** Whether a source can be charged again without its buyer. */
export function isRenewable(sourceId: Expression<string | null>): RawBuilder<boolean> {
  const renewable = db
    .selectFrom('sources as s')
    .select((s) => s.and([s('s.reusable', '=', true), s('s.state', '=', 'chargeable')]).as('renewable'))
    .where('s.id', '=', sql<string>`${sourceId}::uuid`)
  return sql<boolean>`coalesce(${renewable}, false)`
}
