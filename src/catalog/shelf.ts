import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from 'kysely'
import type { Sql } from '../database/database.ts'
import { statement } from '../database/statement.ts'
import { ProductEntity } from './product.entity.ts'
import { type ProductWithVariants, withVariants } from './products.ts'
import { type Sku, SkuEntity } from './sku.entity.ts'

type Page = { merchantId: string; archived: boolean; limit: number; offset: number }

const readPage = statement<Page>()((_, $) => {
  const isMeant = sql`merchant_id = ${$.merchantId} and (deleted_at is not null) = ${$.archived.typed('boolean')}`
  return sql<{ id: string; inVariants: boolean }>`
    select id, in_variants as "inVariants" from (
      select id, created_at, false as in_variants from skus where product_id is null and ${isMeant}
      union all select id, created_at, true from products where ${isMeant}) goods
    order by created_at desc, id desc limit ${$.limit.typed('integer')} offset ${$.offset.typed('integer')}`
})

/** What is sold as one thing, or in variants. */
export type Goods = { sku: Sku; found?: undefined } | { sku?: undefined; found: ProductWithVariants }

/** What a merchant sells, newest first, a product with its variants once; or what was taken off sale. */
export async function listShelf(
  on: { sql: Sql; em: EntityManager },
  page: Page,
): Promise<{ hasMore: boolean; goods: Goods[] }> {
  const { em } = on
  const rows = await readPage(on.sql, { ...page, limit: page.limit + 1 })
  const meant = rows.slice(0, page.limit)
  const idsOf = (inVariants: boolean) => meant.filter((row) => row.inVariants === inVariants).map(({ id }) => id)
  const [skus, products] = [
    await em.find(SkuEntity, { merchantId: page.merchantId, id: { $in: idsOf(false) } }),
    await withVariants(em, await em.find(ProductEntity, { id: { $in: idsOf(true) } })),
  ]
  const skuOf = new Map(skus.map((sku) => [sku.id, sku]))
  const productOf = new Map(products.map((found) => [found.product.id, found]))
  const goods = meant.flatMap(({ id, inVariants }): Goods[] => {
    const [sku, found] = [skuOf.get(id), productOf.get(id)]
    if (inVariants) return found ? [{ found }] : []
    return sku ? [{ sku }] : []
  })
  return { hasMore: rows.length > page.limit, goods }
}
