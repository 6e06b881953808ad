import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { insertRows, type NewRow, statement } from '../database/statement.ts'
import { standardRates } from './standard-rates.ts'
import type { TaxCategory } from './tax-categories.ts'

export type TaxRate = {
  country: string
  state: string | null
  category: TaxCategory
  ratePpm: number
  shippingTaxable: boolean
}

const today = sql<string>`current_date`

const readRates = statement()((db) =>
  db
    .selectFrom('tax_rates')
    .distinctOn(['country', 'state', 'category'])
    .select(['country', 'state', 'category', 'rate_ppm as ratePpm', 'shipping_taxable as shippingTaxable'])
    .where('valid_from', '<=', today)
    .where(({ eb, or }) => or([eb('valid_until', 'is', null), eb('valid_until', '>', today)]))
    .orderBy('country')
    .orderBy('state')
    .orderBy('category')
    .orderBy('valid_from', 'desc'),
)

/** The rates that apply today. Where two rows overlap the one that began later counts. */
export async function readTaxRates(on: Sql): Promise<TaxRate[]> {
  return await readRates(on, {})
}

const addRates = statement<{ rates: NewRow<'tax_rates'>[] }>()((_, $) =>
  insertRows('tax_rates', $.rates)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id'),
)

/**
 * Puts the shipped rates into the table and returns how many were new. A row that is there already stays as it is, so a rate that
 * an operator has changed or ended is not brought back.
 */
export async function seedTaxRates(on: Sql): Promise<number> {
  const rates = standardRates.map(({ country, state, category, ratePpm, shippingTaxable, validFrom }) => ({
    id: [country, state, category, validFrom].filter((part) => part !== null).join('-'),
    country,
    state,
    category,
    rate_ppm: ratePpm,
    shipping_taxable: shippingTaxable,
    valid_from: validFrom,
  }))
  const added = await addRates(on, { rates })
  return added.length
}
