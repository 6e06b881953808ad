import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import type { Party } from '../parties/address.ts'
import type { SourceOwner } from '../providers/source-owner.ts'

const readOwner = statement<{ merchantId: string; sourceId: string }>({ merchantId: 'text', sourceId: 'uuid' })(
  (db, $) =>
    db.selectFrom('sources').select('owner').where('id', '=', $.sourceId).where('merchant_id', '=', $.merchantId),
)

/** Where the owner of a source is billed; null where nothing of that is known. */
export async function billToOfSource(
  sql: Sql,
  target: { merchantId: string; sourceId: string },
): Promise<Party | null> {
  const [source] = await readOwner(sql, target)
  return source?.owner ? toParty(source.owner) : null
}

function toParty({ firstName, lastName, email, address }: SourceOwner): Party | null {
  if (!address?.country) return null
  const { line1, line2, city, postalCode, state, country } = address
  const name = [firstName, lastName].filter(Boolean).join(' ')
  return {
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    address: withoutGaps({ line1, line2, city, postalCode, state, country }),
  }
}

const withoutGaps = <T extends Record<string, unknown>>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as T
