import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop, pageText, type Shop, seller, stranger } from './shop.ts'

const shipTo = {
  name: 'Ada Lovelace',
  address: { line1: '1 Main St', city: 'Springfield', postalCode: '62701', state: 'IL', country: 'US' },
}
const moved = { name: 'Ada King', line1: '2 Oak Ave', city: 'Chicago', postal_code: '60601', state: 'IL' }

// Removes the risk that a parcel goes to an address that a seller has changed, or that nobody knows who has changed what.
describe('what a seller notes about an order', () => {
  let shop: Shop
  let visitor: Awaited<ReturnType<Shop['signedIn']>>

  beforeAll(async () => {
    shop = await openShop()
    visitor = await shop.signedIn()
  })
  afterAll(() => shop?.close())

  const linkOrder = async () => (await shop.order((await shop.link()).slug)).id
  const goodsOrder = async () =>
    (await shop.api.order([{ skuId: 'sku-physical' }], { email: 'ada@example.com', shipTo })).id as string
  const post = async (id: string, what: string, form: Record<string, string>) =>
    (await visitor.submit(`/dashboard/orders/${id}/${what}`, form)).headers.get('location')?.split('?')[1]
  const pageOf = async (id: string) => pageText(await visitor.get(`/dashboard/orders/${id}`))
  const addressOf = async (id: string) =>
    (
      await shop.system.database.sql<{ line: string }>(
        `select ship_to -> 'address' ->> 'line1' as line from orders where id = $1`,
        [id],
      )
    )[0]?.line

  it('stands on its page with who has written it, and is no buyer’s business', async () => {
    const id = await linkOrder()
    expect(await post(id, 'note', { note: 'Calls <b>twice</b>.' })).toBe('done=note-saved')
    const page = await pageOf(id)
    expect(page).toContain('Calls &lt;b&gt;twice&lt;/b&gt;.')
    expect(page).toContain(`Note changed, by ${seller.email}.`)
    expect(JSON.stringify(await shop.api.read(id))).not.toContain('Calls')
    expect(await post(id, 'note', { note: '' })).toBe('done=note-saved')
    expect(await pageOf(id)).not.toContain('id="order-note"')
    expect(await post(id, 'note', { note: 'x'.repeat(5_001) })).toBe('problem=invalid_parameter')
  })

  it('is found by its tags, in the list and by the search', async () => {
    const [first, second] = [await linkOrder(), await linkOrder()]
    expect(await post(first, 'tags', { tags: ' Gift,  VIP ,gift' })).toBe('done=tags-saved')
    const listed = await pageText(await visitor.get('/dashboard/orders?tag=GIFT'))
    expect([listed.includes(first), listed.includes(second)]).toEqual([true, false])
    const found = await pageText(await visitor.get('/dashboard/search?q=vip'))
    expect([found.includes('Orders by a tag'), found.includes(first)]).toEqual([true, true])
    expect(await (await visitor.get('/dashboard/orders.csv?tag=gift')).text()).toContain(first)
    expect(await post(first, 'tags', { tags: '' })).toBe('done=tags-saved')
    expect(await pageText(await visitor.get('/dashboard/orders?tag=gift'))).not.toContain(first)
    const many = Array.from({ length: 11 }, (_, index) => `tag ${index}`).join(',')
    expect(await post(first, 'tags', { tags: many })).toBe('problem=invalid_parameter')
    expect(await post(first, 'tags', { tags: 'x'.repeat(31) })).toBe('problem=invalid_parameter')
  })

  it('is nobody else’s to change', async () => {
    const id = await goodsOrder()
    const other = await shop.signedIn(stranger)
    for (const [what, form] of [
      ['note', { note: 'mine' }],
      ['tags', { tags: 'mine' }],
      ['ship-to', moved],
    ] as const)
      expect((await other.submit(`/dashboard/orders/${id}/${what}`, form)).status).toBe(404)
  })

  it('sends an order that nothing has begun of to another address of its country', async () => {
    const id = await goodsOrder()
    expect(await pageOf(id)).toContain('neither tax nor shipping is calculated again')
    expect(await post(id, 'ship-to', moved)).toBe('done=address-changed')
    expect(await addressOf(id)).toBe('2 Oak Ave')
    expect(await pageOf(id)).toContain(`Address changed, by ${seller.email}.`)
    expect(await post(id, 'ship-to', { ...moved, line1: '' })).toBe('problem=invalid_parameter')
    expect(await addressOf(id)).toBe('2 Oak Ave')
  })

  it('leaves the address once a label may be bought, and says why', async () => {
    const id = await goodsOrder()
    await shop.api.pay(id)
    await shop.api.until(id, (order: { state: string }) => order.state === 'confirmed')
    expect(await post(id, 'ship-to', moved)).toBe('problem=ship_to_fixed')
    expect(await addressOf(id)).toBe('1 Main St')
    expect(await pageOf(id)).not.toContain('Change the shipping address')
  })

  it('never changes the address behind the back of whoever accepts the order at the same moment', async () => {
    const id = await goodsOrder()
    let answer: Promise<string | undefined> | undefined
    await shop.system.database.transaction(async ({ sql }) => {
      await sql('select 1 from orders where id = $1 for update', [id])
      answer = post(id, 'ship-to', moved)
      const deadline = Date.now() + 10_000
      for (;;) {
        const waiting = await shop.system.database.sql(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        if (waiting.length > 0) break
        if (Date.now() > deadline) throw new Error('nobody waited')
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await sql(`update orders set state = 'accepted' where id = $1`, [id])
    })
    expect(await answer).toBe('problem=ship_to_fixed')
    expect(await addressOf(id)).toBe('1 Main St')
  })
})
