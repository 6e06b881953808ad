import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { db, type Hole, statement } from '../database/statement.ts'
import { createOrderPages } from '../orders/order-page-address.ts'
import type { Config } from '../platform/config.ts'
import type { Transaction } from '../tasks/transaction.ts'
import type { FoundOrder } from './mail-order.ts'

/** So many orders stand in one mail, the newest of a seller. */
const shownOrders = 20
/** A seller's orders are sent to one address once in so many minutes, however often somebody asks. */
const againMinutes = 10

/** Where the buyer of an order finds it again; one of a link stands behind that. */
export function orderPageOf(config: Config, { id, slug }: { id: string; slug: string | null }): string {
  return slug === null ? createOrderPages(config).addressOf(id) : `${config.publicUrl}/c/${slug}/order/${id}`
}

/** What was paid for with an address, of `orders as o`, the newest first; who was forgotten has none. */
const paidWith = (email: Hole<string>) =>
  db
    .selectFrom('orders as o')
    .where(sql<boolean>`lower(o.email) = lower(${email.typed('text')})`)
    .where('o.draft', '=', false)
    .where('o.erased_at', 'is', null)
    .where('o.state', 'in', ['accepted', 'confirmed', 'fulfilled', 'complete', 'returned'])
    .orderBy('o.id', 'desc')

const readOrders = statement<{ merchantId: string; email: string }>()((_, $) =>
  paidWith($.email)
    .leftJoin('links as l', 'l.id', 'o.link_id')
    .select(['o.id', 'o.created_at as createdAt', 'o.total_amount as amount', 'o.currency', 'l.slug'])
    .where('o.merchant_id', '=', $.merchantId)
    .limit(shownOrders),
)

/** A buyer's newest paid orders at one seller, each with the address of its page. */
export async function readBuyersOrders(
  on: Sql,
  config: Config,
  buyer: { merchantId: string; email: string },
): Promise<FoundOrder[]> {
  const orders = await readOrders(on, buyer)
  return orders.map((order) => ({ ...order, url: orderPageOf(config, order) }))
}

// By the index of each merchant's buyers; whose orders were sent a moment ago is left out.
const findNewest = statement<{ email: string }>()((db, $) =>
  db
    .selectFrom('merchants as m')
    .innerJoinLateral(
      paidWith($.email).select('o.id').where('o.merchant_id', '=', sql.ref<string>('m.id')).limit(1).as('newest'),
      (on) => on.onTrue(),
    )
    .select('newest.id')
    .where((m) =>
      m.not(
        m.exists(
          m
            .selectFrom('tasks as t')
            .select('t.id')
            .whereRef('t.order_id', '=', 'newest.id')
            .where('t.job', '=', 'send-mail')
            .where('t.created_at', '>', sql<Date>`now() - make_interval(mins => ${sql.lit(againMinutes)})`)
            .where(sql<boolean>`t.payload ->> 'kind' = 'order_links'`),
        ),
      ),
    ),
)

/**
 * Calls for a mail to a buyer with the orders that were paid for with an address, one of each seller. Whoever asks learns nothing: what
 * there is stands in the mail alone, and asking again soon sends nothing more.
 */
export async function sendOrdersAgain(tx: Pick<Transaction, 'sql' | 'enqueue'>, email: string): Promise<void> {
  // Two who ask in the same moment are one.
  const turn = Math.floor(Date.now() / (againMinutes * 60_000))
  for (const { id } of await findNewest(tx, { email }))
    tx.enqueue({
      job: 'send-mail',
      payload: { orderId: id, kind: 'order_links' },
      dedupeKey: `${id}-mail-order_links-${turn}`,
    })
}
