import type { Sql } from '../database/database.ts'
import { lockName } from '../database/lock-name.ts'
import { insertRows, type NewRow, rowsOf, statement } from '../database/statement.ts'
import { newUuid } from '../platform/ids.ts'
import type { Transaction } from '../tasks/transaction.ts'
import { euCountries } from '../tax/places.ts'
import type { SellingEntity } from './selling-entity.ts'

const columns = {
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
const names = Object.keys(columns) as (keyof typeof columns)[]

type Row = Pick<NewRow<'selling_entities'>, keyof typeof columns>

const removeAll = statement<{ merchantId: string | null }>()((db, $) =>
  db.deleteFrom('selling_entities').where('merchant_id', 'is not distinct from', $.merchantId),
)

const insertAll = statement<{ entities: Row[] }>()((_, $) => insertRows('selling_entities', $.entities, names))

const insertWhereNone = statement<{ entities: Row[] }>()((db, $) =>
  db
    .insertInto('selling_entities')
    .columns(names)
    .expression((of) =>
      of
        .selectFrom(rowsOf($.entities, 'e', columns))
        .select(names)
        .where((e) =>
          e.not(e.exists(e.selectFrom('selling_entities as s').select('s.id').where('s.merchant_id', 'is', null))),
        ),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('id'),
)

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
  await lockName(tx, 'selling-entities')
  await removeAll(tx, { merchantId })
  await insertAll(tx, { entities: toRows(merchantId, entities) })
}

/** Gives an installation that has no entities the neutral ones below; returns how many were new. */
export async function seedSellingEntities(sql: Sql): Promise<number> {
  const added = await insertWhereNone(sql, { entities: toRows(null, defaultSellingEntities) })
  return added.length
}

const toRows = (merchantId: string | null, entities: readonly SellingEntity[]): Row[] =>
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
