import { z } from '@hono/zod-openapi'

const line = z.string().trim().min(1).max(200)

/** A person or company with a postal address, as carts, orders and parcels carry it (R186). */
export const addressSchema = z
  .object({
    name: line,
    phone: z.string().trim().max(40).optional(),
    email: z.email().max(254).optional(),
    organization: z.string().trim().max(200).optional(),
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

const text = z.string().trim().max(200).optional()

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
