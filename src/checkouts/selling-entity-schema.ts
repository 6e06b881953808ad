import { z } from '@hono/zod-openapi'

const text = z.string().trim().min(1).max(200)
const country = z.string().regex(/^[A-Z]{2}$/, 'must be a two-letter ISO 3166 country code')
/** Country codes, or `*` for all of them. */
const countries = z.array(z.union([z.literal('*'), country])).max(250)

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
  url: z.url().max(2000).optional(),
})

/** A selling entity as an operator states it. */
export const sellingEntitySchema = z
  .object({
    id: z.string().regex(/^[\w.-]{1,64}$/),
    name: text,
    country,
    shipFromCountries: countries,
    shipToCountries: countries,
    billToCountries: countries,
    taxIdentifiers: z
      .array(z.object({ type: z.string().max(20), value: z.string().max(40) }))
      .max(50)
      .default([]),
    address: z.object({
      line1: text,
      line2: text.optional(),
      city: text,
      postalCode: z.string().trim().max(20).optional(),
      state: z.string().trim().max(100).optional(),
      country,
    }),
    disclosures: z.array(disclosureSchema).max(50).default([]),
  })
  .openapi('SellingEntity')

/** The entities of one seller, in the order in which they are tried; no two have the same id. */
export const sellingEntitiesSchema = z
  .array(sellingEntitySchema)
  .min(1)
  .max(50)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'two entities have the same id')
