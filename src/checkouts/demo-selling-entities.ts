import type { Sql } from '../database/database.ts'
import { rowsOf, statement } from '../database/statement.ts'
import { euCountries } from '../tax/places.ts'
import type { SellerSnapshot } from './checkout.entity.ts'
import type { SellingEntity } from './selling-entity.ts'
import { columns, names, type SellingEntityValues, toRows } from './selling-entity-rows.ts'

const insertWhereNone = statement<{ entities: SellingEntityValues[] }>()((db, $) =>
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

/** Gives an installation for trial that has no entities those of nobody below; returns how many were new. */
export async function seedDemoSellingEntities(sql: Sql): Promise<number> {
  const added = await insertWhereNone(sql, { entities: toRows(null, demoSellingEntities) })
  return added.length
}

const removeNamed = statement<{ names: string[] }>()((db, $) =>
  db
    .deleteFrom('selling_entities')
    .where('merchant_id', 'is', null)
    .where((e) => e('name', '=', e.fn.any($.names)))
    .returning('id'),
)

/** Takes those of nobody away from an installation that was for trial before; returns how many there were. */
export async function removeDemoSellingEntities(sql: Sql): Promise<number> {
  return (await removeNamed(sql, { names: demoSellingEntities.map(({ name }) => name) })).length
}

/** Whether an order was sold by one of nobody's: before the installation took real money, or by an order that was open then. */
export const isDemoSeller = ({ name, ownerId }: Pick<SellerSnapshot, 'name' | 'ownerId'>): boolean =>
  (ownerId ?? null) === null && demoSellingEntities.some((demo) => demo.name === name)

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
export const demoSellingEntities: readonly SellingEntity[] = [
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
