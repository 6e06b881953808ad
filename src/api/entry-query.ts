import { z } from '@hono/zod-openapi'
import type { EntryFilter } from '../ledger/entry-filter.ts'
import { momentSchema } from '../platform/moments.ts'
import { currencySchema, pageQuery } from './schemas.ts'

/** The id of an entry, as a cursor. */
export const entryId = z.string().regex(/^\d{1,18}$/, 'is no id of an entry')

/** What a list of entries of the ledger takes. */
export const entryQuery = pageQuery.extend({
  startingAfter: entryId.optional(),
  endingBefore: entryId.optional(),
  currency: currencySchema.optional(),
  'createdTime[gte]': momentSchema.optional(),
  'createdTime[lt]': momentSchema.optional(),
  format: z.enum(['json', 'csv']).optional().openapi({
    description:
      'As CSV, which `Accept: text/csv` asks for too, all entries that fit come at once: `limit` and cursors do not count.',
  }),
})

/** The filter that a query asks for. */
export const toEntryFilter = (query: {
  currency?: string | undefined
  'createdTime[gte]'?: string | undefined
  'createdTime[lt]'?: string | undefined
}): EntryFilter => ({
  currency: query.currency,
  since: toDate(query['createdTime[gte]']),
  until: toDate(query['createdTime[lt]']),
})

const toDate = (text: string | undefined) => (text === undefined ? undefined : new Date(text))

/** The answer of a list that may be CSV. */
export const jsonOrCsv = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema }, 'text/csv': { schema: z.string() } },
})
