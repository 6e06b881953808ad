import type { z } from '@hono/zod-openapi'
import type { Period } from '../database/made-within.ts'
import { momentSchema } from '../platform/moments.ts'

const comparisons = ['eq', 'gt', 'gte', 'lt', 'lte'] as const

/** When something has to have happened, all of it at once. */
export type TimeFilter = Partial<Record<(typeof comparisons)[number], Date>>

/** `createdTime=` is that moment; `createdTime[gte]=` and its like are before or after it. */
export const timeQuery = <Name extends string>(name: Name) =>
  Object.fromEntries(
    [name, ...comparisons.map((comparison) => `${name}[${comparison}]`)].map((key) => [key, momentSchema.optional()]),
  ) as Record<Name | `${Name}[${(typeof comparisons)[number]}]`, z.ZodOptional<typeof momentSchema>>

/** The filter that a query with a {@link timeQuery} asks for; undefined where it asks for none. */
export function readTimeFilter(name: string, query: Readonly<Record<string, unknown>>): TimeFilter | undefined {
  const said = comparisons.flatMap((comparison) => {
    const value = query[`${name}[${comparison}]`] ?? (comparison === 'eq' ? query[name] : undefined)
    return typeof value === 'string' ? [[comparison, new Date(value)] as const] : []
  })
  return said.length > 0 ? Object.fromEntries(said) : undefined
}

/** What a list takes to show only what was made in a period, at every path of ours. */
export const createdQuery = timeQuery('createdTime')

/** The same in the words of the link API. */
export const createdAtQuery = timeQuery('created_at')

/** The period that a {@link timeQuery} asks for, in whole milliseconds, as times are told; undefined where it asks for none. */
export function readPeriod(query: Readonly<Record<string, unknown>>, name = 'createdTime'): Period | undefined {
  const said = readTimeFilter(name, query)
  if (!said) return undefined
  const { eq, gt, gte, lt, lte } = said
  const since = [eq, gte, next(gt)].flatMap((moment) => (moment ? [moment.getTime()] : []))
  const before = [next(eq), lt, next(lte)].flatMap((moment) => (moment ? [moment.getTime()] : []))
  return {
    since: since.length > 0 ? new Date(Math.max(...since)) : null,
    before: before.length > 0 ? new Date(Math.min(...before)) : null,
  }
}

const next = (moment: Date | undefined) => moment && new Date(moment.getTime() + 1)
