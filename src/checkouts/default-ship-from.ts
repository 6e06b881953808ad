import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import type { Party } from '../parties/address.ts'
import type { Checkout } from './checkout.ts'
import type { SellingEntity } from './selling-entity.ts'

const readPlaces = statement<{ merchantId: string; skuIds: string[] }>()((db, $) =>
  db
    .selectFrom('merchants as m')
    .select((m) => [
      'm.ship_from as shipFrom',
      m
        .selectFrom('skus as s')
        .select((s) => s.fn.coalesce(s.fn.jsonAgg('s.country_of_origin'), s.val('[]')).as('list'))
        .whereRef('s.merchant_id', '=', 'm.id')
        .where((s) => s('s.id', '=', s.fn.any($.skuIds)))
        .as('origins'),
    ])
    .where('m.id', '=', $.merchantId),
)

/**
 * A checkout whose goods leave from somewhere. Where nobody says from where it is the merchant's own address; else the one country
 * that all of them come from; else that of whoever sells, if it is one country. It stays as it is where none of that is known.
 */
export async function withShipFrom(
  sql: Sql,
  checkout: Checkout,
  entities: readonly Pick<SellingEntity, 'country'>[],
): Promise<Checkout> {
  if (checkout.details.shipFrom?.address) return checkout
  const nowhere = checkout.items.filter((item) => item.kind !== 'digital' && !item.shipFrom?.address)
  if (nowhere.length === 0) return checkout
  const skuIds = nowhere.flatMap(({ skuId }) => skuId ?? [])
  const [known] = await readPlaces(sql, { merchantId: checkout.merchantId, skuIds })
  const described = nowhere.flatMap(({ skuId, product }) => (skuId === null ? [product.countryOfOrigin] : []))
  const country =
    onlyCountry([...((known?.origins ?? []) as unknown[]), ...described]) ??
    onlyCountry(entities.map((entity) => entity.country))
  const { name, address } = known?.shipFrom ?? {}
  const elsewhere: Party | undefined = country === undefined ? undefined : { address: { country } }
  const shipFrom = address ? { name, address } : elsewhere
  return shipFrom ? { ...checkout, details: { ...checkout.details, shipFrom } } : checkout
}

/** The country that all of them are, if all are one. */
function onlyCountry(countries: readonly unknown[]): string | undefined {
  const [country, ...others] = new Set(countries)
  return others.length === 0 && typeof country === 'string' && /^[A-Z]{2}$/.test(country) ? country : undefined
}
