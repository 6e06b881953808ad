import { z } from '@hono/zod-openapi'

/** What stands in one line of a label or a mail. */
export const nameSchema = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must be one line')

const line = nameSchema.min(1)

/** A person or company with a postal address, as carts, orders and parcels carry it. */
export const addressSchema = z
  .object({
    name: line,
    phone: z.string().trim().max(40).optional(),
    email: z.email().max(254).optional(),
    organization: nameSchema.optional(),
    address: z.object({
      line1: line,
      line2: z.string().trim().max(200).optional(),
      city: line,
      postalCode: z.string().trim().max(20),
      state: z.string().trim().max(100).optional(),
      country: z.string().regex(/^[A-Z]{2}$/, 'must be a two-letter ISO 3166 country code'),
    }),
  })
  .openapi('Address')

export type Address = z.infer<typeof addressSchema>

const text = nameSchema.optional()

/** Somebody's address as far as it is known: a checkout is priced by a country alone and completed before it is ordered. */
export const partySchema = z
  .object({
    name: text,
    phone: z.string().trim().max(40).optional(),
    email: z.email().max(254).optional(),
    organization: text,
    address: z
      .object({
        line1: text,
        line2: text,
        city: text,
        postalCode: z.string().trim().max(20).optional(),
        state: z.string().trim().max(100).optional(),
        country: z.string().regex(/^[A-Z]{2}$/, 'must be a two-letter ISO 3166 country code'),
      })
      .optional(),
  })
  .openapi('Party')

export type Party = z.infer<typeof partySchema>
