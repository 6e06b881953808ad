import type { Sql } from '../database/database.ts'
import { newUuid } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { euCountries } from '../tax/places.ts'
import type { SellingEntity } from './selling-entity.ts'

/**
 * Replaces the entities of one merchant, or with null those of the installation. They are tried in the order given. What was sold
 * before keeps the entity it was sold by, because every checkout and order carries its own copy.
 */
export async function replaceSellingEntities(
  tx: Pick<Transaction, 'sql'>,
  merchantId: string | null,
  entities: readonly SellingEntity[],
): Promise<void> {
  // Two replacements at once would leave a mixture of both.
  await tx.sql(`select pg_advisory_xact_lock(hashtextextended('selling-entities', 0))`)
  await tx.sql('delete from selling_entities where merchant_id is not distinct from $1', [merchantId])
  await tx.sql(`insert into selling_entities ${insertSql}`, [merchantId, toRows(entities)])
}

/** Gives an installation that has no entities the neutral ones below; returns how many were new. */
export async function seedSellingEntities(sql: Sql): Promise<number> {
  const added = await sql<{ id: string }>(
    `insert into selling_entities ${insertSql}
     where not exists (select 1 from selling_entities where merchant_id is null)
     on conflict do nothing returning id`,
    [null, toRows(defaultSellingEntities)],
  )
  return added.length
}

const insertSql = `(id, merchant_id, entity_id, name, country, position, ship_from_countries, ship_to_countries, bill_to_countries,
    tax_identifiers, address, disclosures)
  select id, $1, entity_id, name, country, position, ship_from, ship_to, bill_to, tax_identifiers, address, disclosures
  from jsonb_to_recordset($2::jsonb) as e(id uuid, entity_id text, name text, country text, position int, ship_from jsonb,
    ship_to jsonb, bill_to jsonb, tax_identifiers jsonb, address jsonb, disclosures jsonb)`

const toRows = (entities: readonly SellingEntity[]): string =>
  JSON.stringify(
    entities.map((entity, position) => ({
      id: newUuid(),
      entity_id: entity.id,
      name: entity.name,
      country: entity.country,
      position,
      ship_from: entity.shipFromCountries,
      ship_to: entity.shipToCountries,
      bill_to: entity.billToCountries,
      tax_identifiers: entity.taxIdentifiers,
      address: entity.address,
      disclosures: entity.disclosures,
    })),
  )

type Home = Pick<SellingEntity, 'id' | 'name' | 'country' | 'address'>

const disclosure = (type: SellingEntity['disclosures'][number]['type'], localizedText: string) => ({
  type,
  localizedText,
})

const entity = (
  home: Home,
  countries: Pick<SellingEntity, 'shipFromCountries' | 'shipToCountries' | 'billToCountries'>,
): SellingEntity => ({
  ...home,
  ...countries,
  taxIdentifiers: [],
  disclosures: [
    disclosure('termsOfSale', `Terms of sale of ${home.name}`),
    disclosure('privacyPolicy', `Privacy policy of ${home.name}`),
    disclosure('cookiePolicy', `Cookies of ${home.name}`),
    disclosure('cancellationRight', 'Your right to cancel and how to use it'),
    disclosure('legalNotice', `Legal notice of ${home.name}`),
    disclosure('imprint', [home.name, home.address.line1, home.address.city, home.address.country].join(', ')),
  ].map((entry) => ({ ...entry, url: `https://demo.example/${home.id}/${entry.type}` })),
})

/** Names and addresses of nobody, for trying it out. The last one sells whatever the others do not. */
export const defaultSellingEntities: readonly SellingEntity[] = [
  entity(
    {
      id: 'ORDERMILL_GB',
      name: 'Ordermill Demo UK Ltd',
      country: 'GB',
      address: { line1: '1 Sample Street', city: 'London', postalCode: 'EC1A 1BB', country: 'GB' },
    },
    { shipFromCountries: ['GB', 'IM'], shipToCountries: ['*'], billToCountries: ['GB', 'IM'] },
  ),
  entity(
    {
      id: 'ORDERMILL_JP',
      name: 'Ordermill Demo Japan KK',
      country: 'JP',
      address: { line1: '1-1 Sample', city: 'Tokyo', postalCode: '100-0001', country: 'JP' },
    },
    { shipFromCountries: ['JP'], shipToCountries: ['*'], billToCountries: ['JP'] },
  ),
  entity(
    {
      id: 'ORDERMILL_IE',
      name: 'Ordermill Demo Ireland Ltd',
      country: 'IE',
      address: { line1: '1 Sample Quay', city: 'Dublin', postalCode: 'D01 F5P2', country: 'IE' },
    },
    { shipFromCountries: [...euCountries, 'MC'], shipToCountries: ['*'], billToCountries: [...euCountries, 'MC'] },
  ),
  entity(
    {
      id: 'ORDERMILL_US',
      name: 'Ordermill Demo Inc',
      country: 'US',
      address: { line1: '1 Sample Avenue', city: 'Wilmington', postalCode: '19801', state: 'DE', country: 'US' },
    },
    { shipFromCountries: ['*'], shipToCountries: ['*'], billToCountries: ['*'] },
  ),
]
