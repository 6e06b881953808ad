import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { ifGiven, type Page, readPage } from '../database/page.ts'
import { insertRows, type NewRow, type Runs, runQuery, statement } from '../database/statement.ts'
import type { Tables } from '../database/tables.ts'
import { newId } from '../platform/ids.ts'
import { standardRates } from './standard-rates.ts'
import type { TaxCategory } from './tax-categories.ts'

/** A rate that applies. Below a state of the United States it has a range of postal codes, a city, or both. */
export type TaxRate = {
  country: string
  state: string | null
  postalFrom?: string | null
  postalTo?: string | null
  city?: string | null
  category: TaxCategory
  ratePpm: number
  shippingTaxable: boolean
}

/** A row of the table. Days are `2026-01-31`; `validUntil` is the first on which it no longer applies. */
export type StoredTaxRate = Required<TaxRate> & {
  id: string
  county: string | null
  validFrom: string
  validUntil: string | null
}

export type NewTaxRate = Omit<StoredTaxRate, 'id'>

const r = expressionBuilder<{ r: Tables['tax_rates'] }, 'r'>()

/** Whether a row, of `tax_rates as r`, applies on a day. */
export const appliesOn = (day: Expression<string>): Expression<SqlBool> =>
  r.and([r('r.valid_from', '<=', day), r.or([r('r.valid_until', 'is', null), r('r.valid_until', '>', day)])])

const today = sql<string>`current_date`

const place = ['country', 'state', 'county', 'city', 'postal_from', 'postal_to', 'category'] as const

const byPlace = sql.join(place.map((column) => r.ref(`r.${column}`)))

const columns = [
  'r.country',
  'r.state',
  'r.postal_from as postalFrom',
  'r.postal_to as postalTo',
  'r.city',
  'r.category',
  'r.rate_ppm as ratePpm',
  'r.shipping_taxable as shippingTaxable',
] as const

const storedColumns = [
  ...columns,
  'r.id',
  'r.county',
  // As days: a moment would be one of a time zone.
  sql<string>`${r.ref('r.valid_from')}::text`.as('validFrom'),
  sql<string | null>`${r.ref('r.valid_until')}::text`.as('validUntil'),
] as const

const readRates = statement()((db) =>
  db
    .selectFrom('tax_rates as r')
    .distinctOn(place.map((column) => `r.${column}` as const))
    .select(columns)
    .where(appliesOn(today))
    .orderBy(byPlace)
    .orderBy('r.valid_from', 'desc'),
)

/** The rates that apply today. Where two rows overlap the one that began later counts. */
export async function readTaxRates(on: Sql): Promise<TaxRate[]> {
  return await readRates(on, {})
}

export type TaxRateFilter = {
  country?: string | undefined
  state?: string | undefined
  category?: TaxCategory | undefined
  /** Only what applies on this day. */
  on?: string | undefined
}

const fits = ({ country, state, category, on }: TaxRateFilter): Expression<SqlBool> =>
  r.and([
    ...ifGiven(country, (value) => r('r.country', '=', value)),
    ...ifGiven(state, (value) => r('r.state', '=', value)),
    ...ifGiven(category, (value) => r('r.category', '=', value)),
    ...ifGiven(on, (day) => appliesOn(sql<string>`${day}::date`)),
  ])

/** One page of rows, by their ids backwards. */
export async function listTaxRates(
  on: Runs,
  filter: TaxRateFilter,
  page: Page,
): Promise<{ hasMore: boolean; rows: StoredTaxRate[] }> {
  return await readPage(on, page, 'r.id', (db) =>
    db.selectFrom('tax_rates as r').select(storedColumns).where(fits(filter)),
  )
}

/** One row; undefined where there is none. */
export async function readTaxRate(on: Runs, id: string): Promise<StoredTaxRate | undefined> {
  const [rate] = await runQuery(on, (db) =>
    db.selectFrom('tax_rates as r').select(storedColumns).where('r.id', '=', id),
  )
  return rate
}

/** All rows that fit, sorted by place, kind and first day. */
export async function exportTaxRates(on: Runs, filter: TaxRateFilter): Promise<StoredTaxRate[]> {
  return await runQuery(on, (db) =>
    db.selectFrom('tax_rates as r').select(storedColumns).where(fits(filter)).orderBy(byPlace).orderBy('r.valid_from'),
  )
}

const storeRates = statement<{ rates: NewRow<'tax_rates'>[] }>()((_, $) =>
  insertRows('tax_rates', $.rates)
    .onConflict((conflict) =>
      conflict
        .columns([...place, 'valid_from'])
        .doUpdateSet((row) => ({
          rate_ppm: row.ref('excluded.rate_ppm'),
          shipping_taxable: row.ref('excluded.shipping_taxable'),
          valid_until: row.ref('excluded.valid_until'),
        }))
        // What says the same is no change.
        .where(
          sql<boolean>`(tax_rates.rate_ppm, tax_rates.shipping_taxable, tax_rates.valid_until)
            is distinct from (excluded.rate_ppm, excluded.shipping_taxable, excluded.valid_until)`,
        ),
    )
    .returning(sql<boolean>`xmax = 0`.as('added')),
)

/**
 * Stores rates: a row of the same place, kind and first day becomes what is said now, and what is not named stays as it is. Every process
 * has them within a minute.
 */
export async function storeTaxRates(
  on: Runs,
  rates: readonly NewTaxRate[],
): Promise<{ added: number; changed: number; unchanged: number }> {
  const stored = rates.length === 0 ? [] : await storeRates(on, { rates: rates.map(toRow) })
  const added = stored.filter((row) => row.added).length
  return { added, changed: stored.length - added, unchanged: rates.length - stored.length }
}

const toRow = (rate: NewTaxRate): NewRow<'tax_rates'> => ({
  id: newId('taxRate'),
  country: rate.country,
  state: rate.state,
  county: rate.county,
  city: rate.city,
  postal_from: rate.postalFrom,
  postal_to: rate.postalTo,
  category: rate.category,
  rate_ppm: rate.ratePpm,
  shipping_taxable: rate.shippingTaxable,
  valid_from: rate.validFrom,
  valid_until: rate.validUntil,
})

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
