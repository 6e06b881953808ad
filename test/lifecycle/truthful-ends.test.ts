import { createHmac } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { eventually, shipFrom } from '../storefront.ts'
import { intentObject, sendStripe, stripeEvent, succeeded } from '../stripe-events.ts'

// Removes the risk that an order says something else than what became of its money.
describe('an order whose money takes an unusual way', () => {
  const { system, shop } = runningShop(merchantOrders)

  beforeAll(async () => {
    await shop.must('POST', '/v2/skus', {
      id: 'sku-tugrik',
      name: 'Song',
      kind: 'digital',
      price: 50_000,
      currency: 'MNT',
      delivery: { contentType: 'text', content: 'la' },
    })
  })

  const sendBonum = async (payment: object) => {
    const body = JSON.stringify({ type: 'PAYMENT', status: 'SUCCESS', message: 'Payment completed', body: payment })
    const signature = createHmac('sha256', 'bonum_sandbox').update(body).digest('hex')
    const answer = await fetch(`${system.url}/webhooks/bonum`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-checksum-v2': signature },
      body,
    })
    expect(answer.status).toBe(200)
  }
  const attention = (orderId: string) => shop.until(orderId, (seen) => Boolean(seen.attention), 'attention')

  describe('a bank transfer that is given up', () => {
    const transfer = () =>
      shop.submit(
        [{ productDetails: { name: 'Course' }, price: 40 }],
        {},
        { type: 'wireTransfer', flow: 'receiver', card: null },
      )

    it.each(['before', 'after'])(
      'is cancelled although its webhook is applied %s the answer, and what was paid of it goes back once',
      async (when) => {
        const order = await transfer()
        const reference = order.charges[0].providerReference
        await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${reference}/fund`, { amount: 1_000 })
        await shop.sandbox('POST', '/sandbox/faults', {
          provider: 'stripe',
          operation: 'payment_intents.cancel',
          kind: 'slow',
          delayMs: when === 'before' ? 700 : 1,
          after: true,
          times: 1,
        })
        const answer = await shop.call('POST', `/v2/orders/${order.id}/cancel`, { reason: 'changed my mind' })
        expect(answer.status, JSON.stringify(answer.body)).toBe(200)
        expect(await shop.read(order.id)).toMatchObject({
          state: 'cancelled',
          cancelReason: 'changed my mind',
          charges: [{ state: 'cancelled' }],
        })
        const returned = await eventually(async () => {
          const { stripe } = await shop.sandbox('GET', '/sandbox/books')
          const mine = stripe.refunds.filter(
            (refund: { metadata: { orderId?: string } }) => refund.metadata?.orderId === order.id,
          )
          return mine.length > 0 ? mine : undefined
        }, 'the money to go back')
        expect(returned.map((refund: { amount: number }) => refund.amount)).toEqual([1_000])
      },
    )

    it('at the provider ends the order, too', async () => {
      const order = await transfer()
      await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'normal' })
      const reference = order.charges[0].providerReference
      const response = await fetch(`${system.sandbox.url}/v1/payment_intents/${reference}/cancel`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_sandbox' },
      })
      expect(response.status).toBe(200)
      await eventually(async () => {
        const [task] = await system.database.sql<{ id: string }>(
          `update tasks set run_at = now() where dedupe_key = $1 returning id`,
          [`${order.id}-unpaid-1`],
        )
        return task
      }, 'the order to be given up')
      await shop.until(order.id, (seen) => seen.state === 'cancelled', 'state cancelled')
    })
  })

  describe('R291 a payment in another currency', () => {
    const dollars = async () => {
      const order = await shop.order([{ skuId: 'sku-digital' }])
      return { order, intent: await shop.intent(order.id) }
    }

    it.each(['payment_intent.succeeded', 'payment_intent.amount_capturable_updated'])(
      'is not taken for this one: %s of 2000 yen for an order of 20 dollars',
      async (type) => {
        const { order, intent } = await dollars()
        const held = type.endsWith('updated')
        const payment = await intentObject(shop, intent.clientSecret, {
          ...succeeded(held ? 0 : 2_000),
          ...(held ? { status: 'requires_capture', amount_capturable: 2_000 } : {}),
          currency: 'jpy',
          amount: 2_000,
        })
        await sendStripe(system, stripeEvent(type, payment))
        const seen = await attention(order.id)
        expect(seen).toMatchObject({
          state: 'pending',
          attention: { reason: 'payment currency differs from the charge' },
          charges: [{ state: 'pending' }],
        })
        expect((await shop.timeline(order.id)).data).toContainEqual(
          expect.objectContaining({ detail: expect.objectContaining({ currency: 'USD', reportedCurrency: 'JPY' }) }),
        )
      },
    )

    it('is not taken for this one: 50000 dollars for an invoice in tugrik', async () => {
      const order = await shop.order([{ skuId: 'sku-tugrik' }], { currency: 'MNT' })
      const { checkoutUrl } = await shop.intent(order.id, 'BONUM')
      const invoiceId = checkoutUrl.split('/').at(-1).split('?')[0]
      const [charge] = (await shop.read(order.id)).charges
      await sendBonum({ transactionId: charge.id, invoiceId, amount: 50_000, currency: 'USD' })
      expect(await attention(order.id)).toMatchObject({
        state: 'pending',
        attention: { reason: 'payment currency differs from the charge' },
      })
    })
  })

  describe('a payment page that cannot be called back', () => {
    const both = async () => {
      const order = await shop.order([{ skuId: 'sku-tugrik' }], { currency: 'MNT' })
      const bonum = await shop.intent(order.id, 'BONUM')
      const invoice = bonum.checkoutUrl.split('/').at(-1).split('?')[0]
      const stripe = await shop.intent(order.id)
      return { order, invoice, stripe }
    }

    it('is paid after the card was: the order stands, and a person is told to pay back', async () => {
      const { order, invoice, stripe } = await both()
      await shop.confirm(stripe.clientSecret)
      await shop.confirmed(order.id)
      await shop.sandbox('POST', `/sandbox/bonum/invoices/${invoice}/pay`)
      const seen = await attention(order.id)
      expect(seen.attention.reason).toBe('refund-charge: refund_by_hand')
      expect(
        seen.charges.map((charge: { state: string; capturedAmount: number }) => [charge.state, charge.capturedAmount]),
      ).toEqual([
        ['cancelled', 50_000],
        ['complete', 50_000],
      ])
    })

    it('is paid before the card is: the card pays the order, and a person is told to pay back', async () => {
      const { order, invoice, stripe } = await both()
      await shop.sandbox('POST', `/sandbox/bonum/invoices/${invoice}/pay`)
      await attention(order.id)
      await shop.confirm(stripe.clientSecret)
      const seen = await shop.confirmed(order.id)
      expect(seen.attention?.reason).toBe('refund-charge: refund_by_hand')
    })

    it('tells of each of two invoices of one payment', async () => {
      const { order, invoice } = await both()
      await shop.sandbox('POST', `/sandbox/bonum/invoices/${invoice}/pay`)
      await attention(order.id)
      const [charge] = (await shop.read(order.id)).charges
      await sendBonum({ transactionId: charge.id, invoiceId: 'inv_another', amount: 50_000, currency: 'MNT' })
      const seen = await shop.until(
        order.id,
        (read) => read.attention?.reason === 'a payment arrived that the order does not know',
        'attention',
      )
      expect(seen.attention).toBeTruthy()
    })
  })

  describe('a hold that lapses before the order is cancelled', () => {
    beforeAll(async () => {
      await system.database.sql('update merchants set ship_from = null')
    })

    const lapsed = async (fulfilled: number) => {
      const order = await shop.submit([{ productDetails: { name: 'Mug', physical: true }, quantity: 3, price: 10 }])
      const [item] = order.items
      if (fulfilled > 0) {
        await shop.fulfil(order.id, [{ itemId: item.id, quantity: fulfilled }])
        await shop.settled(order.id)
      }
      await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${order.charges[0].providerReference}/expire`, {})
      await attention(order.id)
      return order
    }

    it('leaves nothing: the order is cancelled', async () => {
      const order = await lapsed(0)
      await shop.must('POST', `/v2/orders/${order.id}/cancel`, { reason: 'lapsed' })
      const seen = await shop.settled(order.id)
      expect(seen).toMatchObject({ state: 'cancelled', status: 'CANCELLED', capturedAmount: 0 })
    })

    it('leaves nothing of an order that the engine could not ship either: it is cancelled', async () => {
      await system.database.sql('update merchants set ship_from = $1::jsonb', [JSON.stringify(shipFrom)])
      const order = await shop.order([{ skuId: 'sku-physical' }])
      await system.database.sql('update merchants set ship_from = null')
      const { clientSecret } = await shop.intent(order.id)
      const amount = Math.round(order.totalAmount * 100)
      const held = { status: 'requires_capture', amount_capturable: amount, latest_charge: 'ch_held' }
      const event = 'payment_intent.amount_capturable_updated'
      await sendStripe(system, stripeEvent(event, await intentObject(shop, clientSecret, held)))
      expect((await attention(order.id)).state).toBe('accepted')
      const ended = { status: 'canceled', latest_charge: 'ch_held' }
      await sendStripe(system, stripeEvent('payment_intent.canceled', await intentObject(shop, clientSecret, ended)))
      const seen = await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
      expect(seen).toMatchObject({ cancelReason: expect.stringMatching(/at the provider$/), capturedAmount: 0 })
    })

    it('leaves goods that nobody paid: the order is not confirmed, and a person is told', async () => {
      const order = await lapsed(1)
      const answer = await shop.call('POST', `/v2/orders/${order.id}/cancel`, { reason: 'lapsed' })
      const seen = await shop.settled(order.id)
      expect([answer.status, seen.state, seen.status, seen.capturedAmount, seen.attention?.reason]).toEqual([
        200,
        'accepted',
        'PENDING',
        0,
        'goods were fulfilled and nothing was paid',
      ])
    })
  })
})
