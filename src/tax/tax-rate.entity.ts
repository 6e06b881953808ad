import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import { taxCategories } from './tax-categories.ts'

/** What one place asks of one category of goods during one time. Parts per million: 71250 is 7.125 %. */
export const TaxRateEntity = defineEntity({
  name: 'TaxRate',
  tableName: 'tax_rates',
  properties: {
    /** Country, state, category and first day: a shipped rate is never inserted twice. */
    id: p.text().primary(),
    country: p.text(),
    /** ISO 3166-2 without the country; null is the rate of the whole country. */
    state: p.text().nullable(),
    category: p.enum(taxCategories),
    ratePpm: p.integer(),
    /** Whether this place taxes a separately stated shipping charge. */
    shippingTaxable: p.boolean().default(true),
    validFrom: p.date(),
    /** The first day on which it no longer applies; null has no end. */
    validUntil: p.date().nullable(),
  },
  uniques: [{ name: 'tax_rates_place', properties: ['country', 'state', 'category', 'validFrom'] }],
  checks: [
    { name: 'tax_rates_rate', expression: 'rate_ppm between 0 and 1000000' },
    { name: 'tax_rates_time', expression: 'valid_until is null or valid_until > valid_from' },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof TaxRateEntity> {}
}
