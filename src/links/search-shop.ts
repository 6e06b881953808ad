import { type RawBuilder, sql } from 'kysely'
import type { SkuKind } from '../catalog/sku.entity.ts'
import { begins } from '../database/begins.ts'
import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import type { OrderState } from '../orders/order.state-machine.ts'
import { providerNames } from '../providers/registry.ts'

/** What of an order was meant: its own id or its merchant's number, a tag, its buyer, a parcel's number, or a payment's id here or at its provider. */
export const orderMatches = ['order', 'tag', 'buyer', 'tracking', 'payment'] as const
export type OrderMatch = (typeof orderMatches)[number]

/** `totalAmount` in minor units. */
export type MatchedOrder = {
  by: OrderMatch
  id: string
  email: string
  buyerName: string | null
  state: OrderState
  totalAmount: number
  currency: string
  createdAt: Date
}

/** `price` in minor units. */
export type MatchedProduct = { id: string; name: string; kind: SkuKind; price: number; currency: string }

const mostOfEach = 20

const matching = (by: OrderMatch, ids: RawBuilder<unknown>) =>
  sql`select ${sql.lit(by)} as by, id from (${ids}) ${sql.ref(`by_${by}`)}`

/** In the order of the index, so that no more are read of what many begin like. */
const buyersThatBegin = (
  merchantId: RawBuilder<unknown>,
  text: RawBuilder<string>,
  column: 'o.email' | 'o.buyer_name',
) => {
  const is = begins(sql`${sql.ref(column)}`, text)
  const known = column === 'o.buyer_name' ? sql`o.buyer_name is not null and ${is}` : is
  return sql`(select o.id from orders o where o.merchant_id = ${merchantId} and not o.draft and ${known}
    order by lower(${sql.ref(column)}) using ~<~ limit ${sql.lit(mostOfEach)})`
}

const findOrders = statement<{ merchantId: string; text: string; providers: string[] }>()((_, $) => {
  const { merchantId } = $
  const text = $.text.typed('text')
  const of = $.providers.typed('text[]')
  const found = [
    matching(
      'order',
      sql`select ${text} as id union all (select o.id from orders o
        where o.merchant_id = ${merchantId} and o.upstream_id = ${text} and not o.draft limit ${sql.lit(mostOfEach)})`,
    ),
    matching(
      'tag',
      sql`(select order_id as id from order_tags where merchant_id = ${merchantId} and tag = lower(${text})
        order by order_id desc limit ${sql.lit(mostOfEach)})`,
    ),
    matching(
      'buyer',
      sql`${buyersThatBegin(merchantId, text, 'o.email')} union ${buyersThatBegin(merchantId, text, 'o.buyer_name')}`,
    ),
    matching(
      'tracking',
      sql`(select order_id as id from fulfillments where merchant_id = ${merchantId} and tracking_number = ${text} limit ${sql.lit(mostOfEach)})
        union select order_id from shipments where tracking_number = ${text}`,
    ),
    matching(
      'payment',
      sql`select order_id as id from charges where id = ${text}
        union select order_id from charges where provider_charge_id = ${text}
        union select order_id from charges where provider_reference = ${text} and provider = any(${of})`,
    ),
  ]
  return sql<MatchedOrder>`with found as (${sql.join(found, sql` union all `)}),
    ranked as (
      select f.by, o.id, o.email, o.buyer_name, o.state, o.total_amount, o.currency, o.created_at,
        row_number() over (partition by f.by order by o.id desc) as rank
      from (select distinct by, id from found offset 0) f cross join lateral (select * from orders where id = f.id offset 0) o
      where o.merchant_id = ${merchantId} and not o.draft)
    select by, id, email, buyer_name as "buyerName", state, total_amount as "totalAmount", currency, created_at as "createdAt"
    from ranked where rank <= ${sql.lit(mostOfEach)} order by id desc`
})

const findProducts = statement<{ merchantId: string; text: string }>()((_, $) => {
  const text = $.text.typed('text')
  return sql<MatchedProduct>`
    select id, name, kind, price, currency from skus where merchant_id = ${$.merchantId} and id = ${text} and deleted_at is null
    union (select id, name, kind, price, currency from skus where merchant_id = ${$.merchantId} and deleted_at is null
      and ${begins(sql`name`, text)} order by lower(name) using ~<~ limit ${sql.lit(mostOfEach)})
    order by name, id`
})

/**
 * A merchant's own orders, newest first, and products of which a text says the begin of a name or an email address, whatever the case,
 * or a whole id or number: of each kind at most twenty, in two statements.
 */
export async function searchShop(
  on: Sql,
  merchantId: string,
  text: string,
): Promise<{ orders: MatchedOrder[]; products: MatchedProduct[] }> {
  const [orders, products] = await Promise.all([
    findOrders(on, { merchantId, text, providers: [...providerNames] }),
    findProducts(on, { merchantId, text }),
  ])
  return { orders, products }
}
