import { sql } from 'kysely'
import { removed, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { firstIdSince } from '../platform/ids.ts'
import { daysAgo, purgedAtOnce, purgeOld } from '../tasks/purge-old.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'

const removeRates = statement<{ before: string }>()((db, $) =>
  removed(
    db
      .deleteFrom('shipping_rates')
      .where((rate) =>
        rate(
          'id',
          '=',
          rate.fn.any(
            sql<string[]>`array${db
              .selectFrom('shipping_rates')
              .select('id')
              .where('id', '<', $.before)
              .orderBy('id')
              .limit(purgedAtOnce)}`,
          ),
        ),
      ),
  ),
)

const ratesKeptDays = 30

/** Removes shipping offers after 30 days. Returns how many. */
export async function purgeShippingRates({ database }: UnitOfWork): Promise<number> {
  return purgeOld(() => removeRates(database, { before: firstIdSince('shippingRate', daysAgo(ratesKeptDays)) }))
}

/** Carts and what hangs on them, oldest first. What an order was made of is locked, and stays. */
const removeAbandoned = statement<{ since: Date }>()((db, $) =>
  db
    .with(
      (cte) => cte('abandoned').materialized(),
      (step) =>
        step
          .selectFrom('checkouts')
          .select('id')
          .where('locked_at', 'is', null)
          .where('updated_at', '<', $.since)
          .orderBy('updated_at')
          .limit(purgedAtOnce)
          .forUpdate()
          .skipLocked(),
    )
    .with('rates', (step) =>
      step.deleteFrom('shipping_rates').where((rate) => rate('checkout_id', '=', rate.fn.any(abandoned))),
    )
    .with('items', (step) =>
      step.deleteFrom('checkout_items').where((item) => item('checkout_id', '=', item.fn.any(abandoned))),
    )
    .with('gone', (step) =>
      step
        .deleteFrom('checkouts')
        .where((cart) => cart('id', '=', cart.fn.any(abandoned)))
        .returning('id'),
    )
    .selectFrom('gone')
    .select((gone) => gone.fn.countAll<number>().as('removed')),
)

const abandoned = sql<string[]>`array(select id from abandoned)`

/** Removes carts that became no order `KEEP_CARTS_DAYS` after their last change. Returns how many. */
export async function purgeAbandonedCarts({ database, config }: UnitOfWork & { config: Config }): Promise<number> {
  return purgeOld(() => removeAbandoned(database, { since: daysAgo(config.keptDays.carts) }))
}
