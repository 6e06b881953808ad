import { type RawBuilder, type SqlBool, sql } from 'kysely'

/** Where a text begins like another, whatever the case, by an index of `text_pattern_ops`. */
export function begins(column: RawBuilder<string | null>, text: string | RawBuilder<string>): RawBuilder<SqlBool> {
  const begin = sql`lower(${text}::text)`
  // Postgres asks an index for the range of a pattern only where it sees the pattern, and plans are made without looking at values.
  return sql`(lower(${column}) ~>=~ ${begin} and lower(${column}) ~<~ (${begin} || ${last}) and starts_with(lower(${column}), ${begin}))`
}

/** Sorts after every letter. */
const last = sql.lit('\u{10ffff}')
