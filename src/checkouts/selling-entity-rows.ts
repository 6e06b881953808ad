import type { NewRow } from '../database/statement.ts'
import { newUuid } from '../platform/ids.ts'
import type { SellingEntity } from './selling-entity.ts'

/** What is stored of an entity, and as what. */
export const columns = {
  id: 'uuid',
  merchant_id: 'text',
  entity_id: 'text',
  name: 'text',
  country: 'text',
  position: 'integer',
  ship_from_countries: 'jsonb',
  ship_to_countries: 'jsonb',
  bill_to_countries: 'jsonb',
  tax_identifiers: 'jsonb',
  address: 'jsonb',
  disclosures: 'jsonb',
} as const
export const names = Object.keys(columns) as (keyof typeof columns)[]

/** What is read of one. */
export const sellingEntityColumns = [
  'entity_id as id',
  'merchant_id as ownerId',
  'name',
  'country',
  'ship_from_countries as shipFromCountries',
  'ship_to_countries as shipToCountries',
  'bill_to_countries as billToCountries',
  'tax_identifiers as taxIdentifiers',
  'address',
  'disclosures',
] as const

export type SellingEntityValues = Pick<NewRow<'selling_entities'>, keyof typeof columns>

/** Entities in the order in which they are tried, as rows of their owner. */
export const toRows = (merchantId: string | null, entities: readonly SellingEntity[]): SellingEntityValues[] =>
  entities.map((entity, position) => ({
    id: newUuid(),
    merchant_id: merchantId,
    entity_id: entity.id,
    name: entity.name,
    country: entity.country,
    position,
    ship_from_countries: entity.shipFromCountries,
    ship_to_countries: entity.shipToCountries,
    bill_to_countries: entity.billToCountries,
    tax_identifiers: entity.taxIdentifiers,
    address: entity.address,
    disclosures: entity.disclosures,
  }))
