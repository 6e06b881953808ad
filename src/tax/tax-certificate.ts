import { z } from '@hono/zod-openapi'
import { nameSchema } from '../parties/address.ts'
import { countrySchema } from '../parties/countries.ts'
import { momentSchema } from '../platform/moments.ts'
import { type Place, placeOf } from './places.ts'

const fields = z.object({
  companyName: nameSchema.min(1),
  taxAuthority: nameSchema.optional().openapi({ description: 'The state that has issued it, such as MN.' }),
  startDate: momentSchema,
  endDate: momentSchema.openapi({ description: 'From then on it does not count.' }),
  fileId: z.string().min(1).max(60).optional(),
  country: countrySchema.default('US'),
  states: z
    .array(z.string().regex(/^[A-Z0-9]{1,3}$/, 'must be a code of ISO 3166-2 without the country'))
    .min(1)
    .max(60)
    .optional()
    .openapi({ description: 'Where it counts; without them that is the state of `taxAuthority`, or the country.' }),
  reason: nameSchema.optional().openapi({ example: 'resale' }),
  number: nameSchema.optional(),
})

/** What says that an authority asks no tax of a buyer. The first five names are those of Digital River's tax certificates. */
export const taxCertificateSchema = fields
  .refine(({ startDate, endDate }) => Date.parse(startDate) < Date.parse(endDate), {
    path: ['endDate'],
    message: 'must be after startDate',
  })
  .openapi('TaxCertificate')

/** Why an order was freed from tax; without the name once its buyer was forgotten. */
export const taxExemptionSchema = fields.partial({ companyName: true }).openapi('TaxExemption')

export type TaxExemption = z.infer<typeof taxExemptionSchema>
export type TaxCertificate = z.infer<typeof taxCertificateSchema>

/** Whether a certificate counts at a moment. */
export const isCurrent = ({ startDate, endDate }: Pick<TaxCertificate, 'startDate' | 'endDate'>, at: Date): boolean =>
  Date.parse(startDate) <= at.getTime() && at.getTime() < Date.parse(endDate)

/** Whether a certificate frees from what a place asks. One of a state says nothing of a place without one. */
export function coversPlace({ country, states, taxAuthority }: TaxCertificate, place: Place): boolean {
  if (placeOf({ country }).country !== place.country) return false
  const authority = taxAuthority && /^[A-Z0-9]{2,3}$/.test(taxAuthority) ? [taxAuthority] : undefined
  const counted = states ?? (authority?.[0] === country ? undefined : authority)
  return counted === undefined || (place.state !== undefined && counted.includes(place.state))
}
