import { beforeAll, describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'

// Removes the risk that a buyer whose way to pay fails is lost, or pays two ways for one order.
describe('a buyer of a checkout link', () => {
  const { system, shop } = runningShop(merchantOrders, { env: { STRIPE_PUBLISHABLE_KEY: 'pk_test_sandbox' } })

  beforeAll(async () => {
    const { data } = await shop.must('POST', '/v2/digital/products', {
      name: 'Guide',
      price: 20,
      currency: 'USD',
      content_type: 'text',
      delivery_content: 'read me',
    })
    await shop.must('POST', '/v2/digital/links', { product_id: data.id, slug: 'guide', title: 'Guide' })
  })

  const begun = async (method: string): Promise<string> => {
    const answer = await shop.call(
      'POST',
      '/v2/public/checkout/guide/pay',
      { buyer_email: `${crypto.randomUUID()}@example.com`, payment_method: method },
      { key: null },
    )
    expect(answer.status).toBe(201)
    return answer.body.data.id
  }
  const page = async (path: string, form?: Record<string, string>) => {
    const answer = await fetch(`${system.url}/c/guide${path}`, {
      redirect: 'manual',
      headers: { origin: system.url },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    return { status: answer.status, text: await answer.text(), next: answer.headers.get('location') ?? '' }
  }
  const charges = async (orderId: string) =>
    (
      await system.database.sql<{ method: string; state: string }>(
        'select method, state from charges where order_id = $1 order by created_at',
        [orderId],
      )
    ).map(({ method, state }) => [method, state])
  /** What the card form of the page does. */
  const payByCard = async (orderId: string, card?: string) => {
    const answer = await fetch(`${system.url}/c/guide/order/${orderId}/pay`, {
      method: 'POST',
      headers: { accept: 'application/json', origin: system.url },
    })
    const { clientSecret } = (await answer.json()) as { clientSecret: string }
    await shop.confirm(clientSecret, card)
  }

  it('sees every way that takes the currency, with what each means', async () => {
    const { text } = await page('')
    for (const method of ['STRIPE', 'PAYPAL']) expect(text).toContain(`value="${method}"`)
    expect(text).not.toContain('value="BONUM"')
    expect(text).toContain('You pay on this site.')
    expect(text).toContain('You leave this site to pay, and come back.')
  })

  it('leaves one way for another: one order, and one payment that can be paid', async () => {
    const id = await begun('PAYPAL')
    const order = await page(`/order/${id}`)
    expect(order.text).toContain('Pay another way')
    expect(order.text).toContain('value="STRIPE"')
    expect(order.text).not.toContain('value="PAYPAL"')
    const chosen = await page(`/order/${id}/pay`, { method: 'STRIPE' })
    expect([chosen.status, chosen.next]).toEqual([303, expect.stringContaining(`/order/${id}/pay`)])
    await shop.settled(id)
    expect(await charges(id)).toEqual([
      ['PAYPAL', 'cancelled'],
      ['STRIPE', 'pending'],
    ])
    await payByCard(id)
    await shop.confirmed(id)
    expect((await page(`/order/${id}`)).text).toContain('read me')
  })

  it('goes on with the way that was begun where another is none of the link’s', async () => {
    const id = await begun('STRIPE')
    for (const method of ['BONUM', 'CASH', '']) {
      expect((await page(`/order/${id}/pay`, { method })).status).toBe(303)
      expect(await charges(id)).toEqual([['STRIPE', 'pending']])
    }
  })

  it('tries another way after the first was refused', async () => {
    const id = await begun('STRIPE')
    await payByCard(id, 'pm_card_chargeDeclined')
    await shop.until(id, ({ state }) => state === 'payment_failed', 'the refusal')
    expect((await page(`/order/${id}`)).text).toContain('Pay another way')
    const { next } = await page(`/order/${id}/pay`, { method: 'PAYPAL' })
    expect(next).toContain(system.sandbox.url)
    expect((await charges(id)).at(-1)).toEqual(['PAYPAL', 'pending'])
  })
})
