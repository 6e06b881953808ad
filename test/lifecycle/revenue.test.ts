import { beforeAll, describe, expect, it } from 'vitest'
import { Migration20261129145403_revenue_sums } from '../../migrations/Migration20261129145403_revenue_sums.ts'
import { countRevenue } from '../../src/links/count-revenue.ts'
import { linkRevenue, revenueByDay, revenueByProduct, sellerRevenue } from '../../src/links/revenue.ts'
import { runningShop } from '../running-shop.ts'
import { eventually, storefront } from '../storefront.ts'

// Removes the risk that a report says another sum than the orders themselves, before their changes are counted or after.
describe('revenue', () => {
  const { system, shop } = runningShop(storefront)
  const since = new Date(Date.now() - 400 * 86_400_000)
  let merchantId: string

  beforeAll(async () => {
    merchantId = (await shop.must('GET', '/v2/merchants')).data[0].id
  })

  const sql = <Row extends object>(text: string, params: unknown[] = []) => system.database.sql<Row>(text, params)

  /** The same figures by looking at every order. */
  async function ofOrders() {
    const money = `orders o left join lateral (select coalesce(sum(captured_amount - refunded_amount), 0) as kept from charges where order_id = o.id) c on true`
    const paid = `o.state in ('accepted', 'confirmed', 'fulfilled', 'complete', 'returned')`
    const sums = `coalesce(sum(c.kept), 0)::int as total, count(*)::int as "orderCount", count(*) filter (where ${paid})::int as "paidCount"`
    const own = `o.merchant_id = $1 and not o.draft`
    const [totals, days, products] = await Promise.all([
      sql(`select o.currency, ${sums} from ${money} where ${own} group by 1 order by total desc`, [merchantId]),
      sql(
        `select to_char(o.created_at at time zone 'UTC', 'YYYY-MM-DD') as day, o.currency, ${sums} from ${money} where ${own} group by 1, 2 order by 1, 2`,
        [merchantId],
      ),
      sql(
        `select i.sku_id as "productId", max(i.product ->> 'name') as name, o.currency,
           sum(case when g.goods = 0 then 0 else round(c.kept * i.amount / g.goods) end)::int as total,
           count(distinct o.id)::int as "orderCount", count(distinct o.id) filter (where ${paid})::int as "paidCount"
         from ${money} join order_items i on i.order_id = o.id
         join lateral (select sum(amount) as goods from order_items where order_id = o.id) g on true
         where ${own} group by 1, 3`,
        [merchantId],
      ),
    ])
    return { totals, days, products }
  }

  const byProduct = (rows: readonly object[]) =>
    rows
      .map((row) => row as { productId: string | null })
      .toSorted((a, b) => `${a.productId}`.localeCompare(`${b.productId}`))

  async function expectExact() {
    const asked = await Promise.all([
      sellerRevenue(system.database.sql, merchantId, since),
      revenueByDay(system.database.sql, merchantId, since),
      revenueByProduct(system.database.sql, merchantId, since),
    ])
    const { totals, days, products } = await ofOrders()
    expect(asked[0]).toEqual(totals)
    expect(asked[1]).toEqual(days)
    expect(byProduct(asked[2])).toEqual(byProduct(products))
  }

  const quiet = () =>
    eventually(async () => {
      const [row] = await sql<{ open: number }>(
        `select count(*)::int as open from tasks where state in ('pending', 'enqueued') and run_at <= now()`,
      )
      return row?.open === 0 ? true : undefined
    }, 'all tasks done')

  /** Makes the newest lines old enough to be counted. */
  const age = () => sql(`update order_timeline set at = at - interval '1 hour' where at > now() - interval '1 hour'`)

  const mark = async () => (await sql<{ line: number }>('select line_id as line from revenue_marks'))[0]?.line ?? 0

  it('is exact at any moment: as orders are made, paid, cancelled and refunded, counted or not', async () => {
    const skus = ['sku-digital', 'sku-physical', 'sku-pod']
    for (let round = 0; round < 4; round += 1) {
      const made: string[] = []
      for (let number = 0; number < 4; number += 1) {
        const lines = skus.filter((_, index) => Math.random() < 0.5 || index === number % 3).map((skuId) => ({ skuId }))
        const order = await shop.order(lines)
        if (number === 3) {
          await shop.must('POST', `/v2/orders/${order.id}/cancel`, { reason: 'changed my mind' })
          continue
        }
        if (number === 2) continue
        const { clientSecret } = await shop.must('POST', `/v2/orders/${order.id}/payment-intent`, {
          paymentMethod: 'STRIPE',
        })
        await shop.confirm(clientSecret)
        made.push(order.id)
      }
      await eventually(async () => {
        const states = await Promise.all(made.map(async (id) => (await shop.read(id)).status))
        return states.every((state) => state === 'CONFIRMED') ? true : undefined
      }, 'all orders confirmed')
      await quiet()
      await expectExact()
      // Some orders are in the sums by now, and change after.
      await age()
      await countRevenue({ database: system.database })
      await expectExact()
      for (const orderId of made) {
        const percent = Math.ceil(Math.random() * 60)
        await shop.must('POST', '/v2/refunds', { orderId, percent, force: true })
      }
      await quiet()
      await expectExact()
    }
    await age()
    await countRevenue({ database: system.database })
    await expectExact()
    expect(await mark()).toBeGreaterThan(0)
    const [counted] = await sql<{ count: number }>('select count(*)::int as count from counted_orders')
    expect(counted?.count).toBe(16)
  })

  it('waits for lines that a running transaction may still show, and counts no order twice', async () => {
    await age()
    await countRevenue({ database: system.database })
    expect(await countRevenue({ database: system.database })).toBe(0)
    const before = await mark()
    await shop.order([{ skuId: 'sku-digital' }])
    expect(await countRevenue({ database: system.database })).toBe(0)
    expect(await mark()).toBe(before)
    await expectExact()
    await age()
    const ends = await Promise.all([1, 2, 3].map(() => countRevenue({ database: system.database })))
    expect(ends.reduce((sum, each) => sum + each, 0)).toBe(1)
    await expectExact()
  })

  it('knows what one link brought', async () => {
    const { id } = (
      await shop.must('POST', '/v2/digital/products', {
        name: 'Field guide',
        price: 12.5,
        currency: 'USD',
        content_type: 'text',
        delivery_content: 'Moss',
      })
    ).data
    const link = (await shop.must('POST', '/v2/digital/links', { product_id: id, slug: 'moss', title: 'Moss' })).data
    const begun = await shop.call(
      'POST',
      '/api/v2/public/checkout/moss/pay',
      { buyer_email: 'a@example.com' },
      { key: null },
    )
    await shop.confirm(begun.body.data.client_secret)
    await eventually(
      async () => ((await shop.read(begun.body.data.id)).status === 'CONFIRMED' ? true : undefined),
      'the order confirmed',
    )
    const asked = () => linkRevenue(system.database.sql, { merchantId, linkId: link.id, currency: 'USD' })
    expect(await asked()).toEqual({ currency: 'USD', total: 1250, orderCount: 1, paidCount: 1 })
    await age()
    await countRevenue({ database: system.database })
    expect(await asked()).toEqual({ currency: 'USD', total: 1250, orderCount: 1, paidCount: 1 })
  })

  it('begins with what there was before it was kept', async () => {
    const { orm } = system.database
    const migration = new Migration20261129145403_revenue_sums(orm.em.getDriver(), orm.config)
    for (const change of ['down', 'up'] as const) {
      migration.reset()
      await migration[change]()
      for (const text of migration.getQueries()) await sql(String(text))
    }
    const [counted] = await sql<{ count: number }>('select count(*)::int as count from counted_orders')
    expect(counted?.count).toBe(18)
    await expectExact()
    await age()
    await countRevenue({ database: system.database })
    await expectExact()
  })
})
