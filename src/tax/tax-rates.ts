import type { Sql } from '../database/database.ts'
import { standardRates } from './standard-rates.ts'
import type { TaxCategory } from './tax-categories.ts'

export type TaxRate = {
  country: string
  state: string | null
  category: TaxCategory
  ratePpm: number
  shippingTaxable: boolean
}

/** The rates that apply today. Where two rows overlap the one that began later counts. */
export async function readTaxRates(sql: Sql): Promise<TaxRate[]> {
  return await sql<TaxRate>(
    `select distinct on (country, state, category) country, state, category, rate_ppm as "ratePpm",
       shipping_taxable as "shippingTaxable"
     from tax_rates where valid_from <= current_date and (valid_until is null or valid_until > current_date)
     order by country, state, category, valid_from desc`,
  )
}

/**
 * Puts the shipped rates into the table and returns how many were new. A row that is there already stays as it is, so a rate that
 * an operator has changed or ended is not brought back.
 */
export async function seedTaxRates(sql: Sql): Promise<number> {
  const added = await sql<{ id: string }>(
    `insert into tax_rates (id, country, state, category, rate_ppm, shipping_taxable, valid_from)
     select concat_ws('-', country, state, category, valid_from), country, state, category, rate_ppm, shipping_taxable, valid_from
     from jsonb_to_recordset($1::jsonb)
       as r(country text, state text, category text, rate_ppm int, shipping_taxable boolean, valid_from date)
     on conflict do nothing returning id`,
    [
      JSON.stringify(
        standardRates.map((rate) => ({
          country: rate.country,
          state: rate.state,
          category: rate.category,
          rate_ppm: rate.ratePpm,
          shipping_taxable: rate.shippingTaxable,
          valid_from: rate.validFrom,
        })),
      ),
    ],
  )
  return added.length
}
