import { sql } from 'kysely'
import { daysAgo, purgedAtOnce, purgeOld } from '../database/purge-old.ts'
import { removed, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { firstIdSince, firstUuidSince } from '../platform/ids.ts'
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

/** Carts and what hangs on them, oldest first. An order has copied all of its cart, and so needs it no more. */
const removeOldCarts = statement<{ before: string; since: Date }>()((db, $) =>
  db
    .with(
      (cte) => cte('old').materialized(),
      (step) =>
        step
          .selectFrom('checkouts')
          .select('id')
          .where('id', '<', $.before)
          .where('updated_at', '<', $.since)
          .orderBy('id')
          .limit(purgedAtOnce)
          .forUpdate()
          .skipLocked(),
    )
    .with('rates', (step) =>
      step.deleteFrom('shipping_rates').where((rate) => rate('checkout_id', '=', rate.fn.any(old))),
    )
    .with('items', (step) =>
      step.deleteFrom('checkout_items').where((item) => item('checkout_id', '=', item.fn.any(old))),
    )
    .with('gone', (step) =>
      step
        .deleteFrom('checkouts')
        .where((cart) => cart('id', '=', cart.fn.any(old)))
        .returning('id'),
    )
    .selectFrom('gone')
    .select((gone) => gone.fn.countAll<number>().as('removed')),
)

const old = sql<string[]>`array(select id from old)`

/** Removes carts `KEEP_CARTS_DAYS` after their last change, whether or not they became an order. Returns how many. */
export async function purgeCarts({ database, config }: UnitOfWork & { config: Config }): Promise<number> {
  const since = daysAgo(config.keptDays.carts)
  return purgeOld(() => removeOldCarts(database, { before: firstUuidSince(since), since }))
}
