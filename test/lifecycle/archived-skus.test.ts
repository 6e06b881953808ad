import { describe, expect, it } from 'vitest'
import { anotherKey } from '../another-merchant.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, storefront } from '../storefront.ts'
import { publishableKey } from '../system.ts'

const code = (answer: Answer) => [answer.status, answer.body.errors?.[0]?.code ?? answer.body.error?.code]

// Removes the risk that something off sale is sold, or that what was taken off by mistake is lost with its links and its stock.
describe('what was taken off sale', () => {
  const { system, shop } = runningShop(storefront)
  const bowl = { name: 'Bowl', kind: 'digital', price: 20, currency: 'USD', inventory: 4 }
  const buy = (skuId: string) =>
    shop.call('POST', '/v2/carts', { currency: 'USD', items: [{ skuId, quantity: 1 }] }, { key: publishableKey })

  it('is not sold by its id, in the catalogue or by a link, and is sold again once it is restored', async () => {
    const { id } = await shop.must('POST', '/v2/skus', { ...bowl, id: 'bowl' })
    const link = { product_id: id, slug: 'bowl', title: 'Bowl' }
    await shop.must('POST', '/v2/digital/links', link)
    const sold = async () => [
      (await buy(id)).status,
      (await shop.call('GET', `/v2/skus/${id}`, undefined, { key: publishableKey })).status,
      (await shop.call('GET', '/v2/public/checkout/bowl')).status,
    ]
    expect(await sold()).toEqual([201, 200, 200])
    await shop.must('DELETE', `/v2/skus/${id}`)
    expect(await sold()).toEqual([400, 404, 404])
    const off = (await shop.must('GET', '/v2/skus?archived=true')).data
    expect(off).toMatchObject([{ id, inventory: 4, archivedTime: expect.any(String) }])

    const restored = await shop.must('POST', `/v2/skus/${id}/restore`)
    expect(restored).toEqual(await shop.must('GET', `/v2/skus/${id}`))
    expect(restored).toMatchObject({ name: 'Bowl', price: 20, inventory: 4 })
    expect(restored.archivedTime).toBeUndefined()
    expect(await sold()).toEqual([201, 200, 200])
    expect((await shop.must('GET', '/v2/skus?archived=true')).data).toEqual([])
  })

  it('is not ordered from a cart that held it before, which names it and can be ordered without it, or once it is back', async () => {
    for (const id of ['jug', 'jar', 'lid']) await shop.must('POST', '/v2/skus', { ...bowl, id })
    const items = ['jug', 'jar', 'lid'].map((skuId) => ({ skuId, quantity: 1 }))
    const filled = () => shop.must('POST', '/v2/carts', { currency: 'USD', email: 'eve@example.com', items })
    const [cart, other] = [await filled(), await filled()]
    const order = (cartId: string) => shop.call('POST', '/v2/orders', { cartId })
    await shop.must('DELETE', '/v2/skus/jug')
    await shop.must('DELETE', '/v2/skus/lid')
    const refused = await order(cart.id)
    expect([refused.status, refused.body.errors]).toEqual([
      409,
      [
        { code: 'not_for_sale', message: 'jug is not sold any more. Take it out of the cart.', parameter: 'items.0' },
        { code: 'not_for_sale', message: 'lid is not sold any more. Take it out of the cart.', parameter: 'items.2' },
      ],
    ])
    for (const { id, skuId } of cart.items)
      if (skuId !== 'jar') await shop.must('DELETE', `/v2/carts/${cart.id}/items/${id}`)
    expect((await order(cart.id)).body).toMatchObject({ totalAmount: 20 })
    for (const id of ['jug', 'lid']) await shop.must('POST', `/v2/skus/${id}/restore`)
    const whole = await order(other.id)
    expect(whole.body).toMatchObject({ totalAmount: 60 })
    await shop.must('DELETE', '/v2/skus/jug')
    expect([(await order(other.id)).body.id, (await shop.read(whole.body.id)).state]).toEqual([
      whole.body.id,
      'pending',
    ])
  })

  it('is restored as often as anybody asks, and by nobody else', async () => {
    await shop.must('POST', '/v2/skus', { ...bowl, id: 'cup' })
    const before = await shop.must('GET', '/v2/skus/cup')
    expect(await shop.must('POST', '/v2/skus/cup/restore')).toEqual(before)
    await shop.must('DELETE', '/v2/skus/cup')
    const key = await anotherKey(system)
    expect(code(await shop.call('POST', '/v2/skus/cup/restore', undefined, { key }))).toEqual([404, 'not_found'])
    expect(code(await shop.call('POST', '/v2/skus/none/restore'))).toEqual([404, 'not_found'])
    const both = await Promise.all([1, 2].map(() => shop.call('POST', '/v2/skus/cup/restore')))
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    expect((await buy('cup')).status).toBe(201)
  })

  it('is nothing that a browser finds', async () => {
    await shop.must('POST', '/v2/skus', { ...bowl, id: 'plate' })
    await shop.must('DELETE', '/v2/skus/plate')
    const { data } = await shop.must('GET', '/v2/skus?archived=true', undefined, { key: publishableKey })
    expect(data.map(({ id }: { id: string }) => id)).not.toContain('plate')
    expect(code(await shop.call('GET', '/v2/skus?archived=perhaps'))).toEqual([400, 'invalid_parameter'])
  })
})
