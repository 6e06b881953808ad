import { z } from '@hono/zod-openapi'
import type { Month } from '../statements/read-balance-statement.ts'

/** A month of a year that a shop may have been there, and that has begun. */
export const monthSchema = z
  .string()
  .regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11')
  .refine((month) => Date.parse(`${month}-01T00:00:00Z`) <= Date.now(), 'has not begun')
  .transform((month) => month as Month)
  .openapi({ type: 'string', example: '2026-11' })

/** From the beginning of a month to that of the next, in UTC. */
export function timeOf(month: Month): { since: Date; until: Date } {
  const since = new Date(`${month}-01T00:00:00Z`)
  return { since, until: new Date(Date.UTC(since.getUTCFullYear(), since.getUTCMonth() + 1, 1)) }
}
