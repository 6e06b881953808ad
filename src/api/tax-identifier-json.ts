import { z } from '@hono/zod-openapi'
import type { TaxIdentifierRow } from '../customers/tax-identifier-row.ts'
import { iso } from '../database/database.ts'

const time = z.iso.datetime()

export const taxIdentifierSchema = z
  .object({
    id: z.string(),
    createdTime: time,
    updatedTime: time,
    customerId: z.string().optional(),
    type: z.string(),
    value: z.string(),
    state: z.enum(['pending', 'verified', 'not_valid']),
    stateTransitions: z.record(z.string(), z.string()),
    verifiedName: z.string().optional(),
    verifiedAddress: z.string().optional(),
    verified_name: z.string().optional(),
    verified_address: z.string().optional(),
  })
  .openapi('TaxIdentifier')

/** A tax identifier as callers see it; what was verified stands under both spellings that clients know. */
export function toTaxIdentifierJson(identifier: TaxIdentifierRow): z.infer<typeof taxIdentifierSchema> {
  const { verifiedName, verifiedAddress } = identifier
  return {
    id: identifier.id,
    createdTime: iso(identifier.createdAt),
    updatedTime: iso(identifier.updatedAt),
    ...(identifier.customerId ? { customerId: identifier.customerId } : {}),
    type: identifier.type,
    value: identifier.value,
    state: identifier.state,
    stateTransitions: identifier.stateTransitions,
    ...(verifiedName ? { verifiedName, verified_name: verifiedName } : {}),
    ...(verifiedAddress ? { verifiedAddress, verified_address: verifiedAddress } : {}),
  }
}
