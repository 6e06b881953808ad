import { sql } from 'kysely'
import { statement } from '../database/statement.ts'
import type { UnitOfWork } from '../tasks/transaction.ts'

const purgeRates = statement()((db) =>
  db
    .deleteFrom('shipping_rates')
    .where(
      'id',
      'in',
      db
        .selectFrom('shipping_rates')
        .select('id')
        .where('created_at', '<', sql<Date>`now() - interval '30 days'`)
        .orderBy('created_at')
        .limit(5_000),
    ),
)

/** Shipping offers are kept for 30 days. */
export async function purgeShippingRates({ database }: UnitOfWork): Promise<void> {
  await purgeRates(database, {})
}

const abandonedSince = sql<Date>`now() - interval '90 days'`

const emptyAbandoned = statement()((db) =>
  db
    .with('abandoned', (step) =>
      step
        .selectFrom('checkouts')
        .select('id')
        .where('locked_at', 'is', null)
        .where('updated_at', '<', abandonedSince)
        .orderBy('updated_at')
        .limit(2_000),
    )
    .with('rates', (step) =>
      step.deleteFrom('shipping_rates').where('checkout_id', 'in', step.selectFrom('abandoned').select('id')),
    )
    .deleteFrom('checkout_items')
    .where('checkout_id', 'in', (step) => step.selectFrom('abandoned').select('id')),
)

const deleteEmpty = statement()((db) =>
  db
    .deleteFrom('checkouts as c')
    .where('c.locked_at', 'is', null)
    .where('c.updated_at', '<', abandonedSince)
    .where((c) =>
      c.and([
        c.not(c.exists(c.selectFrom('checkout_items as i').select('i.id').whereRef('i.checkout_id', '=', 'c.id'))),
        c.not(c.exists(c.selectFrom('shipping_rates as r').select('r.id').whereRef('r.checkout_id', '=', 'c.id'))),
      ]),
    ),
)

/** Carts that became no order are kept for 90 days after their last change. */
export async function purgeAbandonedCarts({ database }: UnitOfWork): Promise<void> {
  await emptyAbandoned(database, {})
  await deleteEmpty(database, {})
}
