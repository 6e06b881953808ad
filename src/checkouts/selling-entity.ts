import type { z } from '@hono/zod-openapi'
import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { ApiError } from '../platform/errors.ts'
import { sellingEntityColumns } from './selling-entity-rows.ts'
import type { sellingEntitySchema } from './selling-entity-schema.ts'

export type SellingEntity = z.infer<typeof sellingEntitySchema>

/** An entity with the merchant it belongs to; null where it is the installation's. */
export type OwnedSellingEntity = SellingEntity & { ownerId: string | null }

type Countries = string | readonly string[] | null | undefined

/** What the choice depends on; several ship-from countries are those of lines that leave from different places. */
export type Sale = { physical: boolean; shipFrom: Countries; shipTo: string | null | undefined; billTo: Countries }

/** `undecided`: an address is still missing. `not_found`: no entity sells this, or none sells all of it. */
export type ChosenSellingEntity =
  | { outcome: 'chosen'; entity: OwnedSellingEntity }
  | { outcome: 'undecided' }
  | { outcome: 'not_found' }

/**
 * The entity that sells: with goods, the first that ships from where they are to where they go; without, the first that sells
 * where the buyer is billed. One transaction has one entity.
 */
export function chooseSellingEntity(entities: readonly OwnedSellingEntity[], sale: Sale): ChosenSellingEntity {
  const shipFrom = known(sale.shipFrom)
  const shipTo = known(sale.shipTo)
  const billTo = known(sale.billTo)
  if (sale.physical ? shipFrom.length === 0 || shipTo.length === 0 : billTo.length === 0)
    return { outcome: 'undecided' }
  const entity = entities.find((candidate) =>
    sale.physical
      ? covers(candidate.shipFromCountries, shipFrom) && covers(candidate.shipToCountries, shipTo)
      : covers(candidate.billToCountries, billTo),
  )
  return entity ? { outcome: 'chosen', entity } : { outcome: 'not_found' }
}

const known = (countries: Countries): string[] => [countries ?? []].flat().filter((country) => country !== '')

const covers = (list: readonly string[], countries: readonly string[]) =>
  list.includes('*') || countries.every((country) => list.includes(country))

const readNearest = statement<{ merchantId: string }>()((db, $) =>
  db
    .with('candidates', (db) =>
      db
        .selectFrom('selling_entities as e')
        .selectAll('e')
        .select((e) =>
          e
            .case()
            .when('e.merchant_id', '=', $.merchantId)
            .then(e.lit(0))
            .when('e.merchant_id', 'is', null)
            .then(e.lit(2))
            .else(e.lit(1))
            .end()
            .as('distance'),
        )
        .where((e) =>
          e.or([
            e('e.merchant_id', 'is', null),
            e('e.merchant_id', '=', $.merchantId),
            e('e.merchant_id', '=', e.selectFrom('merchants').select('parent_id').where('id', '=', $.merchantId)),
          ]),
        ),
    )
    .selectFrom('candidates')
    .select(sellingEntityColumns)
    .where((e) =>
      e(
        'distance',
        '=',
        e.selectFrom('candidates').select(({ fn }) => fn.min('distance').as('least')),
      ),
    )
    .orderBy('position'),
)

/**
 * The entities a merchant sells through, in the order in which they are tried: its own, else those of the marketplace it sells on,
 * else those of the installation. @throws ApiError `selling_entity_missing` where nobody has any
 */
export async function loadSellingEntities(sql: Sql, merchantId: string): Promise<OwnedSellingEntity[]> {
  const entities = await readNearest(sql, { merchantId })
  if (entities.length === 0) throw new ApiError('selling_entity_missing')
  return entities
}
