import { type Expression, expressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely'
import { begins } from '../database/begins.ts'
import type { Page } from '../database/page.ts'
import type { Tables } from '../database/tables.ts'
import type { OrderState } from './order.state-machine.ts'

/** So many orders are read at most to learn whether few orders meet a condition: two milliseconds. */
const probed = 1_000

const o = expressionBuilder<{ o: Tables['orders'] }, 'o'>()

/** A query of order ids, as one column `id`. */
export type Ids = RawBuilder<{ id: string }>

/** What orders are looked for by. Each kind has an index that is read for it. */
export type OrderCondition = {
  /** Holds for an order `o` that is meant. */
  is: Expression<SqlBool>
  /** The ids that meet it and perhaps others, at most `limit` of a page. */
  probe: (look: Look) => Ids
  /** Whether a probe gives what is meant and nothing else, in the order of the page: alone it is the page then. */
  exact: boolean
}

type Look = { merchantId: string; page: Page; limit: number }

const isBackwards = ({ endingBefore }: Page) => endingBefore !== undefined

/** What ids stand after the edge of a page, and its order. */
export function pageOf(id: RawBuilder<string>, page: Page): { after: RawBuilder<SqlBool>; order: RawBuilder<unknown> } {
  const edge = page.endingBefore ?? page.startingAfter
  const backwards = isBackwards(page)
  return {
    after: edge === undefined ? sql`true` : backwards ? sql`${id} > ${edge}` : sql`${id} < ${edge}`,
    order: backwards ? sql`${id} asc` : sql`${id} desc`,
  }
}

const orderId = sql<string>`${sql.ref('o.id')}`

/** Ids of a merchant's orders that meet something, by an index that has them in order. Written out, because plans are made without values. */
const orderedIds = ({ merchantId, page, limit }: Look, is: Expression<SqlBool>): Ids => {
  const { after, order } = pageOf(orderId, page)
  return sql<{ id: string }>`(select o.id from orders o
    where o.merchant_id = ${merchantId} and not o.draft and ${is} and ${after} order by ${order} limit ${limit})`
}

/** A condition on columns that an index has after the merchant and before the id. */
export const byIndex = (is: Expression<SqlBool>): OrderCondition => ({
  is,
  probe: (look) => orderedIds(look, is),
  exact: true,
})

/** Any of some states. Each is read by itself, so that they come in order. */
export const inStates = (states: readonly OrderState[]): OrderCondition => ({
  is: o(
    'o.state',
    'in',
    states.map((state) => sql.lit(state)),
  ),
  probe: (look) => {
    const each = states.map((state) => orderedIds(look, sql<SqlBool>`o.state = ${sql.lit(state)}`))
    const { order } = pageOf(sql<string>`id`, look.page)
    return sql<{
      id: string
    }>`(select id from (${sql.join(each, sql` union all `)}) each_state order by ${order} limit ${look.limit})`
  },
  exact: true,
})

/** Orders of an SKU, which belongs to one marketplace and may be sold by several of its sellers. */
export const ofSku = (skuId: string): OrderCondition => ({
  is: sql<SqlBool>`exists (select from order_items i where i.order_id = o.id and i.sku_id = ${skuId})`,
  probe: ({ page, limit }) => {
    const { after, order } = pageOf(sql<string>`i.order_id`, page)
    return sql<{ id: string }>`(select i.order_id as id from order_items i
      where i.sku_id = ${skuId} and ${after} group by i.order_id order by ${order} limit ${limit})`
  },
  exact: false,
})

/** Orders that their seller has given a tag. */
export const ofTag = (tag: string): OrderCondition => ({
  is: sql<SqlBool>`exists (select from order_tags t where t.order_id = o.id and t.tag = ${tag})`,
  probe: ({ merchantId, page, limit }) => {
    const { after, order } = pageOf(sql<string>`t.order_id`, page)
    return sql<{ id: string }>`(select t.order_id as id from order_tags t
      where t.merchant_id = ${merchantId} and t.tag = ${tag} and ${after} order by ${order} limit ${limit})`
  },
  exact: true,
})

/** Orders whose buyer's address or name begins like a text, and the order whose id it is. */
export function ofBuyer(text: string): OrderCondition {
  const email = begins(sql`o.email`, text)
  const name = begins(sql`o.buyer_name`, text)
  // In the order of the index, so that no more than some are read of what many begin like.
  const some = ({ merchantId, limit }: Look, column: RawBuilder<string | null>, is: RawBuilder<SqlBool>) =>
    sql`(select o.id from orders o where o.merchant_id = ${merchantId} and not o.draft and ${is}
      order by lower(${column}) using ~<~ limit ${limit})`
  return {
    // Without the ranges: where many begin so, orders are looked through from the newest, and not all those of the ranges.
    is: sql<SqlBool>`(starts_with(lower(o.email), lower(${text}::text))
      or coalesce(starts_with(lower(o.buyer_name), lower(${text}::text)), false) or o.id = ${text})`,
    probe: (look) =>
      sql<{
        id: string
      }>`(${some(look, sql`o.email`, email)} union ${some(look, sql`o.buyer_name`, sql`o.buyer_name is not null and ${name}`)}
        union all select ${text}::text limit ${look.limit + 1})`,
    exact: false,
  }
}

/**
 * The ids of one page of a merchant's orders and of one more, as an array: drafts are nobody's. One condition is one index. Of several
 * the first that few orders meet decides which are looked at; where many meet each, they are looked through from the edge of the page.
 */
export function foundOrders(
  merchantId: string,
  page: Page,
  conditions: readonly OrderCondition[],
): RawBuilder<string[]> {
  const limit = page.limit + 1
  const all = conditions.map(({ is }) => is)
  const every = all.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`(${sql.join(all, sql` and `)})`
  const [only, ...others] = conditions
  if (only?.exact && others.length === 0) return sql`array(${only.probe({ merchantId, page, limit })})`
  const probes = conditions.map(({ probe }) => probe({ merchantId, page, limit: probed + 1 }))
  if (probes.length === 0) return sql`array(${orderedIds({ merchantId, page, limit }, every)})`
  const { after, order } = pageOf(orderId, page)
  const name = (index: number) => sql.raw(`probe_${index}`)
  const isFew = (index: number) => sql`(select count(*) from ${name(index)}) <= ${sql.lit(probed)}`
  const chosen = probes.map((_, index) => {
    const before = probes.slice(0, index).map((_, earlier) => sql`not ${isFew(earlier)}`)
    return sql`select id from ${name(index)} where ${sql.join([...before, isFew(index)], sql` and `)}`
  })
  const many = sql.join(
    probes.map((_, index) => sql`not ${isFew(index)}`),
    sql` and `,
  )
  return sql`array(with ${sql.join(probes.map((probe, index) => sql`${name(index)} as materialized ${probe}`))}
    (select o.id from orders o where o.id = any(array(${sql.join(chosen, sql` union all `)}))
      and o.merchant_id = ${merchantId} and not o.draft and ${every} and ${after} order by ${order} limit ${limit})
    union all ${orderedIds({ merchantId, page, limit }, sql<SqlBool>`${many} and ${every}`)})`
}

/** Sorts a page of orders that {@link foundOrders} has found. */
export const isFound = (found: RawBuilder<string[]>): RawBuilder<SqlBool> => sql`o.id = any(${found})`

/** The API's word for an address is the address itself; the index has it in small letters. */
export const ofEmail = (email: string): OrderCondition =>
  byIndex(sql<SqlBool>`(lower(o.email) = lower(${email}::text) and o.email = ${email})`)
