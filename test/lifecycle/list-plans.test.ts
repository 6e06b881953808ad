import type { EntityManager } from '@mikro-orm/postgresql'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { listStatements } from '../../src/audit/read-statements.ts'
import { listCheckouts } from '../../src/checkouts/checkout.ts'
import { listCoupons } from '../../src/coupons/coupons.ts'
import { listCustomers } from '../../src/customers/customers.ts'
import { listTaxIdentifiers } from '../../src/customers/tax-identifiers.ts'
import type { Sql } from '../../src/database/database.ts'
import { listSettlements } from '../../src/distribution/read-distribution.ts'
import { listErasures } from '../../src/erasure/read-erasures.ts'
import { listFulfillments } from '../../src/fulfillment/read-fulfillments.ts'
import { listReturns } from '../../src/fulfillment/read-returns.ts'
import { listOrphans } from '../../src/inbox/replay-events.ts'
import { listEntries } from '../../src/ledger/list-entries.ts'
import { countRevenue } from '../../src/links/count-revenue.ts'
import { type DigitalOrderFilter, digitalStatuses, listDigitalOrders } from '../../src/links/digital-orders.ts'
import { listLinks } from '../../src/links/links.ts'
import { listProducts } from '../../src/links/products.ts'
import { linkRevenue, revenueByDay, revenueByProduct, sellerRevenue } from '../../src/links/revenue.ts'
import { listMerchants } from '../../src/merchants/merchants.ts'
import { listRecipients } from '../../src/merchants/recipients.ts'
import { listMails } from '../../src/notifications/read-mails.ts'
import { readBacklog } from '../../src/operators/backlog.ts'
import { readLastDay } from '../../src/operators/last-day.ts'
import { listOrders, type OrderFilter } from '../../src/order-view/read-order.ts'
import { listDeliveries } from '../../src/outgoing/deliveries.ts'
import { listEndpoints } from '../../src/outgoing/endpoints.ts'
import { listEvents } from '../../src/outgoing/events.ts'
import { listBalanceEntries } from '../../src/payouts/list-balance-entries.ts'
import { listPayouts } from '../../src/payouts/list-payouts.ts'
import { readBalances } from '../../src/payouts/read-balances.ts'
import { listRefunds } from '../../src/refunds/read-refunds.ts'
import { listTasks } from '../../src/tasks/tasks.ts'
import { openPlanner, watched } from '../query-plans.ts'
import { runningShop } from '../running-shop.ts'
import { storefront } from '../storefront.ts'

const uuid = '0190b2b6-0000-7000-8000-000000000000'
const created = { since: new Date('2026-05-01T00:00:00Z'), before: new Date('2026-06-01T00:00:00Z') }
const orderFilters: OrderFilter[] = [
  {},
  { created },
  { created: { ...created, before: null } },
  { text: 'ada' },
  { text: 'ada', state: 'confirmed', created },
  { state: 'confirmed' },
  { state: 'in_review' },
  { email: 'ada@example.com' },
  { checkoutId: uuid },
  { upstreamId: 'u' },
  { ids: ['ord_a', 'ord_b'] },
  { upstreamIds: ['u', 'v'] },
  { customerId: 'cus_a' },
  { currency: 'USD' },
  { fraudState: 'passed' },
  { skuId: 'sku-digital' },
  { state: 'blocked', currency: 'USD' },
  { skuId: 'sku-digital', fraudState: 'blocked', currency: 'EUR' },
  { email: 'ada@example.com', state: 'confirmed', skuId: 'sku-digital' },
]
const digitalFilters: DigitalOrderFilter[] = [
  {},
  ...digitalStatuses.map((status) => ({ status })),
  { search: 'ada' },
  { status: 'in_review' },
  { attention: true },
  { linkId: 'lnk_a' },
  { created },
  { created, search: 'ada' },
  { linkId: 'lnk_a', status: 'failed', search: 'ada', attention: true },
]
const pages = [
  { limit: 10 },
  { limit: 10, startingAfter: 'ord_01m7zt522yf6er37s9nkksnsnt' },
  { limit: 10, endingBefore: 'ord_01m7zt522yf6er37s9nkksnsnt' },
]

// Removes the risk that a list or a page reads a whole table once it is large, or a wrong page by reading less.
describe('a list', () => {
  const { system, shop } = runningShop(storefront, { workers: false })
  let planner: Awaited<ReturnType<typeof openPlanner>>
  let merchantId: string

  beforeAll(async () => {
    planner = await openPlanner(system.config.databaseUrl)
    merchantId = (await shop.must('GET', '/v2/merchants')).data[0].id
  })
  afterAll(() => planner.close())

  async function whole(read: (sql: Sql) => Promise<unknown>): Promise<string[]> {
    const asked = new Set<string>()
    await read(watched(system.database.sql, asked))
    expect(asked.size).toBe(1)
    const found: string[] = []
    for (const text of asked) found.push(...(await planner.readsWhole(text)))
    return found
  }

  const since = new Date(0)
  const lists: Record<string, (sql: Sql) => Promise<unknown>> = {
    ...Object.fromEntries(
      [orderFilters, digitalFilters].flatMap((filters, kind) =>
        filters.flatMap((filter) =>
          pages.map((page) => [
            `${kind === 0 ? 'orders' : 'orders of a seller'} ${JSON.stringify(filter)} ${Object.keys(page).at(-1)}`,
            (sql: Sql) =>
              kind === 0
                ? listOrders(sql, merchantId, filter as OrderFilter, page)
                : listDigitalOrders(sql, merchantId, filter as DigitalOrderFilter, page),
          ]),
        ),
      ),
    ),
    events: (sql) => listEvents(sql, merchantId, {}, { limit: 10 }),
    'events of some types': (sql) => listEvents(sql, merchantId, { types: ['order.refunded'] }, { limit: 10 }),
    'events of an order': (sql) => listEvents(sql, merchantId, { orderId: 'ord_a' }, { limit: 10 }),
    refunds: (sql) => listRefunds(sql, merchantId, {}, { limit: 10 }),
    'refunds in a state': (sql) => listRefunds(sql, merchantId, { state: 'failed' }, { limit: 10 }),
    'refunds of a time': (sql) => listRefunds(sql, merchantId, { created }, { limit: 10 }),
    'refunds of a time in a state': (sql) => listRefunds(sql, merchantId, { created, state: 'failed' }, { limit: 10 }),
    'returns of a time': (sql) => listReturns(sql, merchantId, { created }, { limit: 10 }),
    'fulfillments of a time': (sql) => listFulfillments(sql, merchantId, { created }, { limit: 10 }),
    'customers of a time': (sql) => listCustomers(sql, merchantId, { created }, { limit: 10 }),
    'customers by text': (sql) => listCustomers(sql, merchantId, { text: 'ada' }, { limit: 10 }),
    'checkouts of a time': (sql) => listCheckouts(sql, merchantId, { created }, { limit: 10 }),
    'payouts of a time': (sql) => listPayouts(sql, merchantId, { created }, { limit: 10 }),
    'events of a time': (sql) => listEvents(sql, merchantId, { created }, { limit: 10 }),
    'events of an order in a time': (sql) => listEvents(sql, merchantId, { orderId: 'ord_a', created }, { limit: 10 }),
    returns: (sql) => listReturns(sql, merchantId, {}, { limit: 10 }),
    fulfillments: (sql) => listFulfillments(sql, merchantId, {}, { limit: 10 }),
    'fulfillments by number': (sql) => listFulfillments(sql, merchantId, { trackingNumber: '1' }, { limit: 10 }),
    customers: (sql) => listCustomers(sql, merchantId, {}, { limit: 10 }),
    'customers by address': (sql) => listCustomers(sql, merchantId, { email: 'ada@example.com' }, { limit: 10 }),
    checkouts: (sql) => listCheckouts(sql, merchantId, {}, { limit: 10 }),
    'checkouts by address': (sql) => listCheckouts(sql, merchantId, { email: 'ada@example.com' }, { limit: 10 }),
    settlements: (sql) => listSettlements(sql, merchantId, { state: 'recorded', limit: 10 }),
    balances: (sql) => readBalances(sql, { merchantId }, { holdDays: 7 }),
    'settlements of a time': (sql) => listSettlements(sql, merchantId, { state: 'settled', created, limit: 10 }),
    'tax identifiers of a time': (sql) => listTaxIdentifiers(sql, { merchantId, created, limit: 10 }),
    'statements of a time': (sql) => listStatements(sql, { limit: 10 }, { entered: created }),
    'erasures of a time': (sql) => listErasures(sql, merchantId, { state: 'done', requested: created }, { limit: 10 }),
    'endpoints of a time': (sql) => listEndpoints(sql, merchantId, { limit: 10 }, { enabled: true, created }),
    'deliveries of a time': (sql) => listDeliveries(sql, merchantId, 'whe_a', { created, limit: 10 }),
    'balances of a recipient': (sql) => readBalances(sql, { merchantId, recipientId: 'blog' }, { holdDays: 0 }),
    payouts: (sql) => listPayouts(sql, merchantId, {}, { limit: 10 }),
    'entries of a balance': (sql) => listBalanceEntries(sql, { merchantId }, {}, { limit: 10 }),
    'entries of a balance in a time': (sql) =>
      listBalanceEntries(sql, { merchantId }, { currency: 'USD', since, until: since }, { limit: 10 }),
    'entries of an account': (sql) => listEntries(sql, { account: 'cost:bad_debt' }, { limit: 10 }),
    'entries about an order': (sql) => listEntries(sql, { orderId: 'ord_a' }, { limit: 10 }),
    'failed tasks': (sql) => listTasks(sql, { state: 'failed', limit: 10 }),
    'pending tasks': (sql) => listTasks(sql, { state: 'pending', limit: 10 }),
    orphans: (sql) => listOrphans(sql, { limit: 10 }),
    backlog: (sql) => readBacklog(sql),
    'the last day': (sql) => readLastDay(sql),
    'mails before one': (sql) => listMails(sql, { limit: 10, before: 'mail_a' }),
    'revenue of a seller': (sql) => sellerRevenue(sql, merchantId, since),
    'revenue by day': (sql) => revenueByDay(sql, merchantId, since),
    'revenue by product': (sql) => revenueByProduct(sql, merchantId, since),
    'revenue of a link': (sql) => linkRevenue(sql, { merchantId, linkId: 'lnk_a', currency: 'USD' }),
  }

  it.each(Object.keys(lists))('is one statement that reads by indexes: %s', async (name) => {
    expect(await whole(lists[name] as (sql: Sql) => Promise<unknown>)).toEqual([])
  })

  const text = 'ada'
  const page = { limit: 10, startingAfter: 'cpn_01m7zt522yf6er37s9nkksnsnt' }
  const found: Record<string, (em: EntityManager) => Promise<unknown>> = {
    coupons: (em) => listCoupons(em, merchantId, page),
    'coupons of a time': (em) => listCoupons(em, merchantId, page, { created, active: true }),
    'coupons by text': (em) => listCoupons(em, merchantId, page, { text }),
    recipients: (em) => listRecipients(em, merchantId, page),
    'recipients by text': (em) => listRecipients(em, merchantId, page, { text, created }),
    sellers: (em) => listMerchants(em, merchantId, page, { text, created }),
    links: (em) => listLinks(em, merchantId, page, { text, created, isActive: true }),
    'products of links': (em) => listProducts(em, merchantId, { limit: 10, offset: 0 }, { text, created }),
  }

  it.each(Object.keys(found))('is one find that reads by indexes: %s', async (name) => {
    const asked = vi.spyOn(pg.Client.prototype, 'query')
    try {
      await found[name]?.(system.database.em())
      const texts = asked.mock.calls.flatMap(([query]: unknown[]) => {
        const said = typeof query === 'string' ? query : (query as { text?: string }).text
        return said && /^select/i.test(said) ? [said] : []
      })
      expect(texts.length).toBe(1)
      expect(await planner.readsWhole(String(texts[0]))).toEqual([])
    } finally {
      asked.mockRestore()
    }
  })

  it('finds by several conditions what meets all of them, forwards and backwards, whether few or many meet one', async () => {
    const { sql } = system.database
    const [first] = await sql<{ id: string }>('select id from orders limit 1').then(async (rows) =>
      rows.length > 0 ? rows : [{ id: String((await shop.order([{ skuId: 'sku-digital' }])).id) }],
    )
    // More orders than are looked at to learn whether few meet a condition: every second confirmed, every 700th in euros and of one buyer.
    const copied = `n, 'ord_01m7zt522y' || lpad(n::text, 16, '0') as id`
    await sql(
      `insert into checkouts select (jsonb_populate_record(c, jsonb_build_object('id', lpad(n::text, 32, '0')))).*
       from checkouts c join orders o on o.checkout_id = c.id and o.id = $1, generate_series(1, 2500) n`,
      [first?.id],
    )
    await sql(
      `insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', c.id, 'checkout_id', lpad(n::text, 32, '0'),
         'state', case when n % 2 = 0 then 'confirmed' else 'cancelled' end, 'currency', case when n % 700 = 0 then 'EUR' else 'USD' end,
         'email', case when n % 700 = 0 then 'Eve@example.com' else 'ada@example.com' end))).*
       from orders o, (select ${copied} from generate_series(1, 2500) n) c where o.id = $1`,
      [first?.id],
    )
    await sql(
      `insert into order_items select (jsonb_populate_record(i, jsonb_build_object('id', 'item' || n, 'order_id', c.id,
         'sku_id', case when n % 3 = 0 then 'sku-rare' else i.sku_id end))).*
       from order_items i, (select ${copied} from generate_series(1, 2500) n) c where i.order_id = $1`,
      [first?.id],
    )
    const id = (n: number) => `ord_01m7zt522y${String(n).padStart(16, '0')}`
    const ids = async (filter: OrderFilter, page: object = {}) => {
      const { hasMore, orders } = await listOrders(sql, merchantId, filter, { limit: 2, ...page })
      return [hasMore, ...orders.map((order) => order.id)]
    }
    expect(await ids({ state: 'cancelled', currency: 'USD' }, { startingAfter: id(2000) })).toEqual([
      true,
      id(1999),
      id(1997),
    ])
    expect(await ids({ state: 'cancelled', currency: 'EUR' })).toEqual([false])
    expect(await ids({ state: 'confirmed', currency: 'EUR' })).toEqual([true, id(2100), id(1400)])
    expect(await ids({ state: 'confirmed', currency: 'EUR', skuId: 'sku-rare' })).toEqual([false, id(2100)])
    expect(await ids({ state: 'confirmed', skuId: 'sku-rare' }, { endingBefore: id(12) })).toEqual([
      true,
      id(24),
      id(18),
    ])
    expect(await ids({ skuId: 'sku-rare' }, { endingBefore: id(12) })).toEqual([true, id(18), id(15)])
    expect(await ids({ email: 'Eve@example.com' })).toEqual([true, id(2100), id(1400)])
    expect(await ids({ email: 'eve@example.com' })).toEqual([false])
    const search = async (text: string, more: DigitalOrderFilter = {}) => {
      const found = await listDigitalOrders(
        sql,
        merchantId,
        { search: text, ...more },
        { limit: 2, startingAfter: id(2400) },
      )
      return found.orders.map((order) => order.id)
    }
    expect(await search('eve@')).toEqual([id(2100), id(1400)])
    expect(await search('ADA')).toEqual([id(2399), id(2398)])
    expect(await search('ada', { status: 'failed' })).toEqual([id(2399), id(2397)])
    expect(await search('example.com')).toEqual([])
    expect(await search(id(7))).toEqual([id(7)])
    // A paid order that no worker has counted yet is looked at as it is.
    const paid = async () =>
      (await listDigitalOrders(sql, merchantId, { status: 'paid' }, { limit: 2, startingAfter: id(2400) })).orders
    expect((await paid()).map((order) => order.id)).toEqual([])
    await sql(
      `insert into order_timeline (order_id, at, kind, subject, subject_id, cause)
       select id, now() - interval '1 hour', 'move', 'order', id, 'test' from orders where id like 'ord_01m7zt522y0%'`,
    )
    expect((await paid()).map((order) => order.id)).toEqual([id(2398), id(2396)])
    await countRevenue({ database: system.database })
    expect((await paid()).map((order) => order.id)).toEqual([id(2398), id(2396)])
  })
})
