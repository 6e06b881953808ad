import { z } from '@hono/zod-openapi'
import { nameSchema } from '../parties/address.ts'
import { countrySchema } from '../parties/countries.ts'

const text = nameSchema.min(1)
/** Country codes, or `*` for all of them. */
const countries = z
  .array(z.union([z.literal('*'), countrySchema], { error: 'must be * or a two-letter ISO 3166 country code' }))
  .max(250)
  .transform((list) => [...new Set(list)])

/** What a buyer must be able to read before buying; the names are those of Digital River's compliance disclosures, and two more. */
const disclosureTypes = [
  'termsOfSale',
  'privacyPolicy',
  'cookiePolicy',
  'cancellationRight',
  'legalNotice',
  'imprint',
  'autoRenewalPlanTerms',
  'saveCardMandate',
  'idealRecurringAgreement',
  'businessEntity',
  'resellerDisclosure',
  'confirmDisclosure',
  'californiaPrivacyRights',
] as const

const disclosureSchema = z.object({
  type: z.enum(disclosureTypes),
  /** What the link or the sentence says. */
  localizedText: z.string().trim().min(1).max(4000),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
})

/** A selling entity as an operator states it. */
export const sellingEntitySchema = z
  .object({
    id: z.string().regex(/^[\w.-]{1,64}$/),
    name: text,
    country: countrySchema,
    shipFromCountries: countries,
    shipToCountries: countries,
    billToCountries: countries,
    taxIdentifiers: z
      .array(z.object({ type: z.string().min(1).max(20), value: z.string().min(1).max(40) }))
      .max(50)
      .default([]),
    address: z.object({
      line1: text,
      line2: text.optional(),
      city: text,
      postalCode: z.string().trim().max(20).optional(),
      state: z.string().trim().max(100).optional(),
      country: countrySchema,
    }),
    disclosures: z.array(disclosureSchema).max(50).default([]),
  })
  .openapi('SellingEntity')

/** What may change of an entity. Its id and its country make it the taxpayer that it is: another one is another entity. */
export const sellingEntityChangesSchema = sellingEntitySchema
  .omit({ id: true, country: true })
  .extend({ taxIdentifiers: sellingEntitySchema.shape.taxIdentifiers.unwrap() })
  .extend({ disclosures: sellingEntitySchema.shape.disclosures.unwrap() })
  .partial()

export type SellingEntityChanges = z.infer<typeof sellingEntityChangesSchema>
