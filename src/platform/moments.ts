import { z } from '@hono/zod-openapi'

const first = Date.parse('0001-01-01T00:00:00Z')
const last = Date.parse('9999-12-31T23:59:59.999Z')
const ofYears = 'must be of the years 0001 to 9999'

/** A moment that a client sends: there is no year 0, and no text of five digits for a year. */
export const momentSchema = z.iso.datetime({ offset: true, abort: true }).refine((text) => {
  const at = Date.parse(text)
  return at >= first && at <= last
}, ofYears)

/** A day that a client sends, such as 2026-01-31. */
export const daySchema = z.iso
  .date({ error: 'must be a day such as 2026-01-31', abort: true })
  .refine((text) => !text.startsWith('0000'), ofYears)
