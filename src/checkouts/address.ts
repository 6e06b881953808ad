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
