import { sql } from 'kysely'
import { type Runs, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { appliesOn } from '../tax/tax-rates.ts'

const read = statement()((db) =>
  db.selectNoFrom((e) => [
    // Somebody's own entities sell for nobody else.
    e
      .or([
        e.not(e.exists(db.selectFrom('selling_entities').select('id'))),
        e.and([
          e.not(e.exists(db.selectFrom('selling_entities').select('id').where('merchant_id', 'is', null))),
          e.exists(
            db
              .selectFrom('merchants as m')
              .select('m.id')
              .where('m.parent_id', 'is', null)
              .where((m) =>
                m.not(
                  m.exists(m.selectFrom('selling_entities as s').select('s.id').whereRef('s.merchant_id', '=', 'm.id')),
                ),
              ),
          ),
        ]),
      ])
      .as('entities'),
    e
      .not(e.exists(db.selectFrom('tax_rates as r').select('r.id').where(appliesOn(sql<string>`current_date`))))
      .as('rates'),
  ]),
)

/** What an operator has to enter before everything can be sold with its taxes, one sentence each. */
export async function missingForSale(on: Runs, { taxCalculator }: Pick<Config, 'taxCalculator'>): Promise<string[]> {
  const [missing] = await read(on, {})
  return [
    ...(missing?.entities
      ? [
          'No selling entity is entered: checkouts, and carts that bear tax, are refused. Add one at /ops/selling-entities or with POST /v2/selling-entities.',
        ]
      : []),
    ...(missing?.rates && taxCalculator === 'table'
      ? [
          'No tax rates are entered: checkouts, and carts that bear tax, are refused. Enter them at /ops/tax-rates or with POST /v2/tax-rates.',
        ]
      : []),
  ]
}
