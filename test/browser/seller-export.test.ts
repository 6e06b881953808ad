import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop, pageText, type Shop, stranger } from './shop.ts'

// Removes the risk that a seller's books lack orders of its list, or that a spreadsheet carries out what a buyer has typed.
describe('the orders of a seller as a file', () => {
  let shop: Shop
  let sold: string
  let unpaid: string
  let linkId: string

  beforeAll(async () => {
    shop = await openShop()
    const link = await shop.link({}, { name: 'Tea, "green"' })
    linkId = link.id
    sold = await shop.sold(link.slug, 'ada@example.com')
    unpaid = (await shop.order((await shop.link({}, { price: 1200, currency: 'JPY' })).slug, 'eve@example.com')).id
    await shop.system.database.sql(`update orders set buyer_name = '=HYPERLINK("evil")' where id = $1`, [unpaid])
  })
  afterAll(() => shop?.close())

  const ask = async (query = '', who?: typeof stranger) =>
    (await shop.signedIn(who)).get(`/dashboard/orders.csv${query}`)
  const lines = async (query = '', who?: typeof stranger) =>
    (await (await ask(query, who)).text()).trimEnd().split('\r\n')
  const header = 'id,createdTime,state,email,buyerName,product,link,amount,refunded,currency,attention'

  it('have a line each, newest first, in which no text is carried out', async () => {
    const answer = await ask()
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
      200,
      'text/csv; charset=utf-8',
      'attachment; filename="orders.csv"',
    ])
    const [first, second, third, ...others] = (await answer.text()).trimEnd().split('\r\n')
    expect(first).toBe(header)
    expect(second).toMatch(
      new RegExp(
        `^${unpaid},\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z,pending\\w*,eve@example.com,"'=HYPERLINK\\(""evil""\\)",.*,1200,0,JPY,$`,
      ),
    )
    expect(third).toMatch(
      new RegExp(`^${sold},[\\dT:.Z-]+,\\w+,ada@example.com,Ada,"Tea, ""green""",guide-1,12.50,0.00,USD,$`),
    )
    expect(others).toEqual([])
  })

  it('are those that the list shows by its filters, to which the list leads', async () => {
    const ids = async (query: string) => (await lines(query)).slice(1).map((line) => line.split(',')[0])
    expect(await ids('?search=ADA')).toEqual([sold])
    expect(await ids('?status=pending')).toEqual([unpaid])
    expect(await ids(`?link=${linkId}`)).toEqual([sold])
    expect(await ids('?attention=1')).toEqual([])
    expect(await ids('?status=none&link=&search=')).toEqual([unpaid, sold])
    const list = await pageText(await (await shop.signedIn()).get('/dashboard/orders?search=ada&status=delivered'))
    expect(list).toContain('href="/dashboard/orders.csv?search=ada&amp;status=delivered"')
    expect(await pageText(await (await shop.signedIn()).get('/dashboard/orders?search=no'))).not.toContain('orders.csv')
  })

  it('are all of them, also where they are more than are read at once', async () => {
    const { sql } = shop.system.database
    await sql(
      `insert into checkouts select (jsonb_populate_record(c, jsonb_build_object('id', lpad(n::text, 32, '0')))).*
       from checkouts c join orders o on o.checkout_id = c.id and o.id = $1, generate_series(1, 2100) n`,
      [sold],
    )
    await sql(
      `insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', 'ord_01m00000000000000000' || lpad(n::text, 6, '0'),
         'checkout_id', lpad(n::text, 32, '0'), 'email', 'many@example.com'))).* from orders o, generate_series(1, 2100) n where o.id = $1`,
      [sold],
    )
    const all = (await lines('?search=many@')).slice(1).map((line) => line.split(',')[0])
    expect(all).toHaveLength(2100)
    expect(new Set(all).size).toBe(2100)
    expect(all).toEqual(all.toSorted().toReversed())
  })

  it('are nobody else’s', async () => {
    expect(await lines('', stranger)).toEqual([header])
    expect(await lines(`?search=${sold}`, stranger)).toEqual([header])
    expect((await shop.visitor().get('/dashboard/orders.csv')).status).toBe(303)
  })
})
