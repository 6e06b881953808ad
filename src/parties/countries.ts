import { z } from '@hono/zod-openapi'
import { iso31661 } from 'iso-3166/1.js'

/** Kosovo has no code of ISO 3166; this is the one that everybody uses. */
const codes = new Set([...iso31661.map(({ alpha2 }) => alpha2), 'XK'])

/** A country that there is. */
export const countrySchema = z
  .string()
  .refine((code) => codes.has(code), 'must be a two-letter ISO 3166 country code')
  .openapi({ example: 'IE' })
