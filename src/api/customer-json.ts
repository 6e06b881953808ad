import { z } from '@hono/zod-openapi'
import type { Customer } from '../customers/customer-row.ts'
import { iso } from '../database/database.ts'
import { partySchema } from '../parties/address.ts'
import { customerTypes } from '../parties/customer-type.ts'
import { taxCertificateSchema } from '../tax/tax-certificate.ts'
import { optionalLocaleSchema } from './checkout-json.ts'
import { sourceSchema, toSourceJson } from './payment-json.ts'
import { metadataSchema } from './schemas.ts'
import { taxIdentifierSchema, toTaxIdentifierJson } from './tax-identifier-json.ts'

/** A customer's id, which may be the merchant's own. */
const customerIdSchema = z.string().regex(/^[\w.@:-]{1,40}$/, 'must have 1 to 40 letters, digits or any of . @ : _ -')

export const customerInputSchema = z.object({
  id: customerIdSchema.optional(),
  email: z.email().max(254).optional(),
  shipping: partySchema.optional(),
  locale: optionalLocaleSchema,
  type: z.enum(customerTypes).optional(),
  enabled: z.boolean().optional(),
  requestToBeForgotten: z.boolean().optional(),
  metadata: metadataSchema.optional(),
  taxCertificates: z.array(taxCertificateSchema).max(60).optional(),
})

export const customerUpdateSchema = customerInputSchema
  .omit({ id: true })
  .extend({ defaultSourceId: z.uuid().optional() })

export const customerSchema = z
  .object({
    id: z.string(),
    createdTime: z.iso.datetime(),
    updatedTime: z.iso.datetime(),
    email: z.string().optional(),
    shipping: partySchema.optional(),
    defaultSourceId: z.string().optional(),
    sources: z.array(sourceSchema),
    taxIdentifiers: z.array(taxIdentifierSchema),
    taxCertificates: z.array(taxCertificateSchema),
    requestToBeForgotten: z.boolean(),
    type: z.enum(customerTypes),
    metadata: metadataSchema,
    locale: z.string().optional(),
    enabled: z.boolean(),
    liveMode: z.boolean(),
  })
  .openapi('Customer')

/** A customer as callers see it, with what was saved for later. */
export function toCustomerJson(customer: Customer): z.infer<typeof customerSchema> {
  const { email, shipping, defaultSourceId, locale } = customer
  return {
    id: customer.id,
    createdTime: iso(customer.createdAt),
    updatedTime: iso(customer.updatedAt),
    ...(email ? { email } : {}),
    ...(shipping ? { shipping } : {}),
    ...(defaultSourceId ? { defaultSourceId } : {}),
    sources: customer.sources.map((source) => toSourceJson(source)),
    taxIdentifiers: customer.taxIdentifiers.map(toTaxIdentifierJson),
    taxCertificates: customer.taxCertificates,
    requestToBeForgotten: customer.requestToBeForgotten,
    type: customer.type,
    metadata: customer.metadata,
    ...(locale ? { locale } : {}),
    enabled: customer.enabled,
    liveMode: customer.liveMode,
  }
}
