import { beforeAll, describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { type Answer, storefront } from '../storefront.ts'

// Removes the risk that somebody who knows a buyer's e-mail address is given the order that the buyer pays.
describe('R292 an order of a link', () => {
  const { system, shop } = runningShop(storefront, { env: { STRIPE_PUBLISHABLE_KEY: 'pk_test_sandbox' } })
  let slug: string

  beforeAll(async () => {
    const { id } = (
      await shop.must('POST', '/v2/digital/products', {
        name: 'Field guide',
        price: 12.5,
        currency: 'USD',
        content_type: 'text',
        delivery_content: 'The secret of mushrooms',
      })
    ).data
    slug = (await shop.must('POST', '/v2/digital/links', { product_id: id, slug: 'guide', title: 'Field guide' })).data
      .slug
  })

  const pay = (body: object, headers: Record<string, string> = {}): Promise<Answer> =>
    shop.call('POST', `/api/v2/public/checkout/${slug}/pay`, body, { key: null, headers })
  const victim = { buyer_email: 'victim@example.com' }
  const cookieOf = (headers: Headers) => headers.get('set-cookie')?.split(';')[0] ?? ''

  it('is given to nobody who only knows the e-mail address of its buyer', async () => {
    const own = await pay(victim)
    const thief = await pay(victim)
    expect(thief.status).toBe(201)
    expect(thief.body.data.id).not.toBe(own.body.data.id)
    expect(thief.body.data.client_secret).not.toBe(own.body.data.client_secret)
    const forged = await pay({ ...victim, order_token: `${own.body.data.order_token.split('.')[0]}.AAAA` })
    expect(forged.body.data.id).not.toBe(own.body.data.id)
    const guessed = await pay({ ...victim, order_token: own.body.data.id })
    expect(guessed.body.data.id).not.toBe(own.body.data.id)
  })

  it('is given again to whoever holds its token, also ten times at once', async () => {
    const { order_token, id, client_secret } = (await pay(victim)).body.data
    const answers = await Promise.all(Array.from({ length: 10 }, () => pay({ ...victim, order_token })))
    expect(new Set(answers.map(({ body }) => body.data.id))).toEqual(new Set([id]))
    expect(new Set(answers.map(({ body }) => body.data.client_secret))).toEqual(new Set([client_secret]))
  })

  it('is given again to the browser that made it, and not to the next buyer at that browser', async () => {
    const first = await pay(victim)
    expect(first.headers.get('set-cookie')).toMatch(
      /^ordermill_order=[^;]+; Max-Age=\d+; Path=\/api\/v2\/public\/checkout\/guide; HttpOnly; SameSite=Strict$/,
    )
    const cookie = cookieOf(first.headers)
    expect((await pay(victim, { cookie })).body.data.id).toBe(first.body.data.id)
    expect((await pay({ buyer_email: 'next@example.com' }, { cookie })).body.data.id).not.toBe(first.body.data.id)
  })

  it('is one order however often a buyer clicks on the page, and another one in another browser', async () => {
    const open = async () => cookieOf((await fetch(`${system.url}/c/${slug}`)).headers)
    const click = async (cookie: string) => {
      const answer = await fetch(`${system.url}/c/${slug}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ email: 'victim@example.com', name: '', method: 'STRIPE' }),
      })
      expect(answer.status).toBe(303)
      return /ord_\w+/.exec(decodeURIComponent(answer.headers.get('location') ?? ''))?.[0]
    }
    const [mine, other] = [await open(), await open()]
    expect(mine).not.toBe(other)
    const clicks = await Promise.all([click(mine), click(mine), click(mine)])
    expect(new Set(clicks).size).toBe(1)
    expect([clicks[0], await click(other), await click('')].filter((id) => id === clicks[0])).toHaveLength(1)
  })

  it('is told to no other site by a referrer', async () => {
    const { id } = (await pay(victim)).body.data
    const policy = async (path: string) => (await fetch(`${system.url}${path}`)).headers.get('referrer-policy')
    expect(await policy(`/c/${slug}/order/${id}`)).toBe('no-referrer')
    expect(await policy(`/c/${slug}/order/ord_unknown`)).toBe('no-referrer')
    expect(await policy(`/v2/public/checkout/${slug}/order/${id}`)).toBe('no-referrer')
    expect(await policy(`/v2/digital/orders/${id}/resource`)).toBe('no-referrer')
  })
})
