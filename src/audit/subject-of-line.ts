import { sql } from 'kysely'

/**
 * What of ours a line `l` of a provider's books is about: an operation, a charge, or the line itself. Lines that are about the same unknown
 * thing are one, so that what a provider takes back again disagrees no more.
 */
export const subjectOfLine = sql<string>`case when l.booked_at is not null then coalesce(l.operation_id, l.charge_id, l.id)
  else coalesce((select min(u.id) from bank_lines u where u.booked_at is null and u.provider = l.provider and u.source = l.source), l.id) end`
