import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { eventually } from '../storefront.ts'
import { openShop, pageText, type Shop, stranger } from './shop.ts'

const button = 'x'.repeat(20)

// Removes the risk that a seller does the same to many orders and does not learn which of them it was not done to, or does it twice.
describe('orders in bulk', () => {
  let shop: Shop
  let visitor: Awaited<ReturnType<Shop['signedIn']>>
  let orders: ReturnType<typeof merchantOrders>

  beforeAll(async () => {
    shop = await openShop()
    visitor = await shop.signedIn()
    orders = merchantOrders(shop.system)
  })
  afterAll(() => shop?.close())

  const bulk = (ids: readonly string[], act: string, more: [string, string][] = [], who = visitor) => {
    const form = new FormData()
    for (const id of ids) form.append('order', id)
    for (const [name, value] of [['act', act], ['once', button], ...more] as [string, string][])
      form.append(name, value)
    return who.send('/dashboard/orders/bulk', form)
  }
  const sold = async () => shop.sold((await shop.link()).slug)
  const tagsOf = async (id: string) =>
    (
      await shop.system.database.sql<{ tag: string }>('select tag from order_tags where order_id = $1 order by tag', [
        id,
      ])
    ).map(({ tag }) => tag)

  it('are tagged, each beside the tags that it has, and what is somebody else’s is not there', async () => {
    const [first, second] = [await sold(), await sold()]
    await visitor.submit(`/dashboard/orders/${first}/tags`, { tags: 'gift' })
    const page = await pageText(await bulk([first, second, 'ord_nobodys'], 'tag', [['tag', 'VIP']]))
    expect([await tagsOf(first), await tagsOf(second)]).toEqual([['gift', 'vip'], ['vip']])
    expect(page).toContain('2 of 3 done')
    expect(await pageText(await bulk([first], 'tag', [['tag', 'vip']]))).toContain('It had this tag already.')
    const other = await shop.signedIn(stranger)
    expect(await pageText(await bulk([first], 'tag', [['tag', 'mine']], other))).toContain('0 of 1 done')
    expect(await tagsOf(first)).toEqual(['gift', 'vip'])
    const full = Array.from({ length: 10 }, (_, index) => `tag ${index}`).join(',')
    await visitor.submit(`/dashboard/orders/${second}/tags`, { tags: full })
    expect(await pageText(await bulk([second], 'tag', [['tag', 'more']]))).toContain('at most 10 tags')
  })

  it('that the seller sends are marked as sent once, at the same time or again, and others say why not', async () => {
    const download = await sold()
    const goods = await orders.submit([{ skuId: 'sku-physical', quantity: 2 }])
    await orders.until(goods.id, ({ state }) => state === 'accepted', 'state accepted')
    const pages = await Promise.all([bulk([goods.id, download], 'fulfil'), bulk([goods.id, download], 'fulfil')])
    const texts = await Promise.all(pages.map(pageText))
    expect(texts.map((text) => /(\d) of 2 done/.exec(text)?.[1]).toSorted()).toEqual(['0', '1'])
    expect(texts[0]).toContain('Nothing of this order is yours to mark as sent.')
    const { data } = await orders.must('GET', `/v2/fulfillments?orderId=${goods.id}`)
    expect(data).toHaveLength(1)
  })

  it('have their downloads mailed again once, however often the form is sent', async () => {
    const id = await sold()
    const mails = async () =>
      (
        await shop.system.database.sql(
          `select 1 from tasks where order_id = $1 and job = 'send-mail' and payload ->> 'kind' = 'delivery'`,
          [id],
        )
      ).length
    const before = await eventually(async () => (await mails()) || undefined, 'the first mail')
    await bulk([id], 'resend')
    await bulk([id], 'resend')
    expect(await mails()).toBe(before + 1)
  })

  it('are given out as CSV: those that are ticked, or all on the page', async () => {
    const [first, second] = [await sold(), await sold()]
    const ticked = await (await bulk([first], 'csv')).text()
    expect([ticked.includes(first), ticked.includes(second)]).toEqual([true, false])
    const all = await (
      await bulk([], 'csv', [
        ['all', '1'],
        ['shown', first],
        ['shown', second],
      ])
    ).text()
    expect([all.includes(first), all.includes(second)]).toEqual([true, true])
  })

  it('are at least one and at most a hundred, and what is asked for is known', async () => {
    const problem = async (...asked: Parameters<typeof bulk>) =>
      (await bulk(...asked)).headers.get('location')?.split('problem=')[1]
    const many = Array.from({ length: 101 }, (_, index) => `ord_${index}`)
    expect(await problem([], 'tag', [['tag', 'x']])).toBe('orders_not_ticked')
    expect(await problem(many, 'csv')).toBe('orders_not_ticked')
    expect(await problem(['ord_1'], 'sell')).toBe('invalid_parameter')
    expect(await problem(['ord_1'], 'tag')).toBe('missing_parameter')
    expect(await pageText(await visitor.get('/dashboard/orders'))).toContain('All on this page')
  })
})
