import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { providerNames } from '../providers/registry.ts'

const mostFound = 50

const findAll = statement<{ text: string; providers: string[] }>()((db, $) => {
  const text = $.text.typed('text')
  return db
    .with('found', (db) =>
      db
        .selectFrom('orders as o')
        .select('o.id')
        .where('o.id', '=', text)
        .union((u) => u.selectFrom('charges as c').select('c.order_id as id').where('c.id', '=', text))
        .union((u) =>
          u
            .selectFrom('charges as c')
            .select('c.order_id as id')
            .where('c.provider_reference', '=', text)
            .where(sql<boolean>`c.provider = any(${$.providers.typed('text[]')})`),
        )
        // The indexes of these begin with the merchant, of whom there are few.
        .union((u) =>
          u
            .selectFrom('merchants as m')
            .innerJoinLateral(
              (m) =>
                m
                  .selectFrom('orders as o')
                  .select('o.id')
                  .whereRef('o.merchant_id', '=', 'm.id')
                  .where(sql<boolean>`lower(o.email) = lower(${text})`)
                  .where('o.draft', '=', false)
                  .orderBy('o.id', 'desc')
                  .limit(mostFound)
                  .as('o'),
              (on) => on.onTrue(),
            )
            .select('o.id'),
        )
        .union((u) =>
          u
            .selectFrom('merchants as m')
            .innerJoinLateral(
              (m) =>
                m
                  .selectFrom('orders as o')
                  .select('o.id')
                  .whereRef('o.merchant_id', '=', 'm.id')
                  .where('o.upstream_id', '=', text)
                  .where('o.draft', '=', false)
                  .limit(mostFound)
                  .as('o'),
              (on) => on.onTrue(),
            )
            .select('o.id'),
        ),
    )
    .selectFrom('found as f')
    .innerJoin('orders as o', 'o.id', 'f.id')
    .innerJoin('merchants as m', 'm.id', 'o.merchant_id')
    .select(['o.id', 'o.merchant_id as merchantId', 'm.name as merchantName', 'o.email', 'o.state', 'o.currency'])
    .select(['o.total_amount as totalAmount', 'o.attention', 'o.created_at as createdAt'])
    .where('o.draft', '=', false)
    .orderBy('o.id', 'desc')
    .limit(mostFound)
})

export type FoundOrder = Awaited<ReturnType<typeof findAll>>[number]

/** Orders of any merchant by their id, their buyer's whole address, their merchant's number or a payment's id at its provider; newest first. */
export const findOrders = (on: Sql, text: string): Promise<FoundOrder[]> =>
  findAll(on, { text, providers: [...providerNames] })

const readWaiting = statement()((db) =>
  db
    .selectFrom('orders as o')
    .innerJoin('merchants as m', 'm.id', 'o.merchant_id')
    .select(['o.id', 'o.merchant_id as merchantId', 'm.name as merchantName', 'o.email', 'o.state', 'o.currency'])
    .select(['o.total_amount as totalAmount', 'o.attention', 'o.created_at as createdAt'])
    .where('o.attention', 'is not', null)
    .where('o.draft', '=', false)
    .orderBy('o.id')
    .limit(mostFound),
)

/** Orders of any merchant that wait for a person, those that have waited longest first. */
export const ordersWithAttention = (on: Sql): Promise<FoundOrder[]> => readWaiting(on, {})

/** The merchant of an order, for whoever may see every merchant's. */
export async function merchantOfOrder(on: Sql, orderId: string): Promise<string | undefined> {
  const [order] = await readMerchant(on, { orderId })
  return order?.merchantId
}

const readMerchant = statement<{ orderId: string }>()((db, $) =>
  db.selectFrom('orders').select('merchant_id as merchantId').where('id', '=', $.orderId),
)
