import { defineEntity, p } from '@mikro-orm/postgresql'
import type { TablesOf } from '../database/tables.ts'
import { taxCategories } from './tax-categories.ts'

/** What one place asks of one category of goods during one time. Parts per million: 71250 is 7.125 %. */
export const TaxRateEntity = defineEntity({
  name: 'TaxRate',
  tableName: 'tax_rates',
  properties: {
    /** Of a shipped rate country, state, category and first day. */
    id: p.text().primary(),
    country: p.text(),
    /** ISO 3166-2 without the country; null is the rate of the whole country. */
    state: p.text().nullable(),
    /** Below a state of the United States: five digits each, the last one included. The rate is all that is asked there, the state's too. */
    postalFrom: p.text().nullable(),
    postalTo: p.text().nullable(),
    city: p.text().nullable(),
    /** For people only: no address says its county. */
    county: p.text().nullable(),
    category: p.enum(taxCategories),
    ratePpm: p.integer(),
    /** Whether this place taxes a separately stated shipping charge. */
    shippingTaxable: p.boolean().default(true),
    validFrom: p.date(),
    /** The first day on which it no longer applies; null has no end. */
    validUntil: p.date().nullable(),
  },
  indexes: [
    {
      name: 'tax_rates_row',
      expression:
        'create unique index tax_rates_row on tax_rates (country, state, county, city, postal_from, postal_to, category, valid_from) nulls not distinct',
    },
  ],
  checks: [
    { name: 'tax_rates_range', expression: '(postal_from is null) = (postal_to is null) and postal_from <= postal_to' },
    { name: 'tax_rates_rate', expression: 'rate_ppm between 0 and 1000000' },
    { name: 'tax_rates_time', expression: 'valid_until is null or valid_until > valid_from' },
  ],
})

declare module '../database/tables.ts' {
  interface Tables extends TablesOf<typeof TaxRateEntity> {}
}
