import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { decodeMetadata } from '../../src/providers/split-metadata.ts'
import { runningShop } from '../running-shop.ts'
import { eventually, storefront } from '../storefront.ts'
import { intentObject, sendStripe, stripeEvent } from '../stripe-events.ts'

// Removes the risk that a buyer is asked for money that is not split, not attributable, or asked for twice.
describe('payment intent', () => {
  const { system, shop } = runningShop(storefront)

  beforeAll(async () => {
    await shop.must('POST', '/v2/skus', {
      id: 'sku-mnt',
      name: 'Map',
      kind: 'digital',
      price: 5000,
      currency: 'MNT',
      delivery: { contentType: 'text', content: 'map' },
    })
  })

  /** Bonum takes nothing but Mongolian tögrög. */
  const tugrikOrder = () => shop.order([{ skuId: 'sku-mnt' }], { currency: 'MNT' })

  const ask = (orderId: string, paymentMethod: unknown = 'STRIPE') =>
    shop.call('POST', `/v2/orders/${orderId}/payment-intent`, { paymentMethod })

  it('R13 R17 R21 answers with the client secret of an intent over the order total', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    const answer = await ask(order.id)
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ orderId: order.id, provider: 'stripe' })
    expect(answer.body.clientSecret).toMatch(/^pi_\w+_secret_/)
    expect(Date.parse(answer.body.expiresTime)).toBeGreaterThan(Date.now())
    const { stripe } = await shop.books(order.id)
    expect(stripe.paymentIntents).toHaveLength(1)
    expect(stripe.paymentIntents[0]).toMatchObject({ amount: 2_000, currency: 'usd', transfer_group: order.id })
  })

  it('R18 R19 R20 gives the provider metadata that rebuilds order and splits', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }], { attribution: { referrerId: 'friend' } })
    const { body } = await ask(order.id)
    const { stripe } = await shop.books(order.id)
    const rebuilt = decodeMetadata(stripe.paymentIntents[0].metadata)
    expect(rebuilt).toMatchObject({ orderId: order.id, chargeId: body.chargeId })
    expect(rebuilt?.splits.map((split) => [split.kind, split.recipient, split.amount / 100])).toEqual(
      body.distribution.map((split: { kind: string; recipient: string; amount: number }) => [
        split.kind,
        split.recipient,
        split.amount,
      ]),
    )
  })

  it('R16 R23 R29 I6 fixes splits that add up to the amount before the provider is asked', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }, { skuId: 'sku-physical' }])
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'payment_intents.create',
      kind: 'status',
      status: 500,
      times: 4,
    })
    const failed = await ask(order.id)
    expect([failed.status, failed.body.errors[0].code]).toEqual([503, 'provider_unavailable'])
    await shop.sandbox('DELETE', '/sandbox/faults')
    const planned = (await shop.must('GET', `/v2/orders/${order.id}/distribution`)).data
    expect(planned.map((split: { state: string }) => split.state)).toEqual(planned.map(() => 'planned'))
    const cents = planned.reduce((sum: number, split: { amount: number }) => sum + Math.round(split.amount * 100), 0)
    expect(cents).toBe(Math.round(order.totalAmount * 100))

    const again = await ask(order.id)
    expect(again.status).toBe(201)
    expect(
      (await shop.must('GET', `/v2/orders/${order.id}/distribution`)).data.map((split: { id: string }) => split.id),
    ).toEqual(planned.map((split: { id: string }) => split.id))
    expect((await shop.call('POST', '/v2/orders/distribution', {})).status).toBe(404)
  })

  it('R24 R25 R26 R27 R28 pays platform, provider, affiliate, referrer and every merchant of the cart', async () => {
    const seller = await shop.must('POST', '/v2/merchants', {
      name: 'Second seller',
      commissionBps: 500,
      stripeAccountId: 'acct_second',
    })
    await shop.must('POST', '/v2/skus', {
      id: 'sku-second',
      merchantId: seller.id,
      name: 'Font',
      kind: 'digital',
      price: 50,
      currency: 'USD',
      affiliateBps: 1_000,
      delivery: { contentType: 'link', content: 'https://example.com/font' },
    })
    const order = await shop.order([{ skuId: 'sku-digital' }, { skuId: 'sku-second' }], {
      attribution: { affiliateId: 'blog', referrerId: 'friend' },
    })
    const { distribution } = (await ask(order.id)).body
    const of = (kind: string, recipient?: string) =>
      distribution
        .filter(
          (split: { kind: string; recipient: string }) =>
            split.kind === kind && (!recipient || split.recipient === recipient),
        )
        .reduce((sum: number, split: { amount: number }) => sum + Math.round(split.amount * 100), 0) / 100
    // 20.00 at 1 % and 50.00 at 5 %; Stripe 3 % of 70.00; affiliate 10 % of 50.00; referrer 3 % of what is left of each part.
    expect(of('platform')).toBe(2.7)
    expect(of('provider_fee')).toBe(2.1)
    expect(of('affiliate')).toBe(5)
    expect(of('referrer')).toBe(0.58 + 1.38)
    expect(of('merchant', `merchant:${seller.id}`)).toBe(50 - 2.5 - 1.5 - 5 - 1.38)
    expect(
      distribution.reduce((sum: number, split: { amount: number }) => sum + Math.round(split.amount * 100), 0),
    ).toBe(7_000)

    const plain = await shop.order([{ skuId: 'sku-second' }])
    const kinds = (await ask(plain.id)).body.distribution.map((split: { kind: string }) => split.kind)
    expect(kinds).toEqual(['platform', 'provider_fee', 'merchant'])
  })

  it('keeps the attribution rates of the moment the cart was attributed', async () => {
    await shop.must('POST', '/v2/skus', {
      id: 'sku-rate',
      name: 'x',
      kind: 'digital',
      price: 100,
      currency: 'USD',
      affiliateBps: 1_000,
    })
    const cart = await shop.cart([{ skuId: 'sku-rate' }], { attribution: { affiliateId: 'blog' } })
    await shop.must('POST', '/v2/skus/sku-rate', {
      name: 'x',
      kind: 'digital',
      price: 100,
      currency: 'USD',
      affiliateBps: 9_000,
    })
    const order = await shop.must('POST', '/v2/orders', { cartId: cart.id })
    const { distribution } = (await ask(order.id)).body
    expect(distribution.find((split: { kind: string }) => split.kind === 'affiliate').amount).toBe(10)
  })

  it('refuses a payment that would cost a merchant more than it brings', async () => {
    await shop.must('POST', '/v2/skus', {
      id: 'sku-cheap-print',
      name: 'Loss',
      kind: 'pod',
      price: 1,
      currency: 'USD',
      printful: { variantId: 4012, files: [{ url: 'https://example.com/a.png' }] },
    })
    const order = await shop.order([{ skuId: 'sku-cheap-print' }])
    const answer = await ask(order.id)
    expect([answer.status, answer.body.errors[0].code]).toEqual([409, 'merchant_share_negative'])
    expect((await shop.books(order.id)).stripe.paymentIntents).toEqual([])
  })

  it('R14 takes the five payment methods and refuses others', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    for (const method of ['CASH', '', 7, null, undefined])
      expect((await ask(order.id, method ?? null)).status).toBe(400)
    expect((await ask(order.id, 'STRIPE')).status).toBe(201)
    expect((await ask(order.id, 'BONUM')).body.errors[0].message).toBe('BONUM takes MNT only.')
    expect((await ask((await tugrikOrder()).id, 'BONUM')).status).toBe(201)
    expect((await ask((await tugrikOrder()).id, 'TELR')).body.errors[0].code).toBe('payment_method_unavailable')
    expect((await ask(order.id, 'TELR')).status).toBe(201)
  })

  it('R15 refuses an order that can no longer be paid', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    const paid = await ask(order.id)
    expect([paid.status, paid.body.errors[0].code]).toEqual([409, 'order_not_payable'])
    const cancelled = await shop.order([{ skuId: 'sku-digital' }])
    await shop.must('POST', `/v2/orders/${cancelled.id}/cancel`, {})
    expect((await ask(cancelled.id)).status).toBe(409)
    expect((await ask('ord_unknown')).status).toBe(404)
  })

  it('returns a live intent again, also to ten requests at once', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(order.id)))
    const later = await ask(order.id)
    expect(new Set([...answers, later].map((answer) => answer.body.clientSecret)).size).toBe(1)
    expect((await shop.books(order.id)).stripe.paymentIntents).toHaveLength(1)
  })

  it('cancels a live intent of another method first', async () => {
    const order = await tugrikOrder()
    await ask(order.id, 'STRIPE')
    expect((await ask(order.id, 'BONUM')).status).toBe(201)
    expect((await shop.books(order.id)).stripe.paymentIntents[0].status).toBe('canceled')
    const charges = (await shop.read(order.id)).charges
    expect(charges.map((charge: { provider: string; state: string }) => [charge.provider, charge.state])).toEqual([
      ['stripe', 'cancelled'],
      ['bonum', 'pending'],
    ])
  })

  it('I3 makes one intent although the provider took the request and lost the answer', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'payment_intents.create',
      kind: 'drop_after',
      times: 6,
    })
    expect((await ask(order.id)).status).toBe(503)
    await shop.sandbox('DELETE', '/sandbox/faults')
    expect((await ask(order.id)).status).toBe(201)
    expect((await shop.books(order.id)).stripe.paymentIntents).toHaveLength(1)
  })

  it('gives the secret out although a webhook told of the intent before its lost answer did', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'payment_intents.create',
      kind: 'drop_after',
      times: 6,
    })
    expect((await ask(order.id)).status).toBe(503)
    await shop.sandbox('DELETE', '/sandbox/faults')
    const [made] = (await shop.books(order.id)).stripe.paymentIntents
    await system.database.sql('update charges set provider_reference = $2 where order_id = $1', [order.id, made.id])
    const again = await ask(order.id)
    expect(again.body.clientSecret).toMatch(new RegExp(`^${made.id}_secret_`))
    expect((await shop.books(order.id)).stripe.paymentIntents).toHaveLength(1)
  })

  it('asks under a new key when the provider keeps answering the old one with an error', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'payment_intents.create',
      kind: 'status',
      status: 500,
      after: true,
    })
    expect((await ask(order.id)).status).toBe(503)
    expect((await ask(order.id)).status).toBe(503)
    await system.database.sql(`update charges set created_at = now() - interval '2 minutes' where order_id = $1`, [
      order.id,
    ])
    const { clientSecret } = (await ask(order.id)).body
    await shop.confirm(clientSecret)
    const confirmed = await shop.confirmed(order.id)
    expect(confirmed.charges.map((charge: { state: string }) => charge.state)).toEqual(['cancelled', 'complete'])
  })

  describe('when a webhook tells of a payment in the moment in which its charge is given up', () => {
    afterEach(() => shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'normal' }))

    /** An order whose provider made a payment and keeps answering an error for it, and nobody has told of it yet. */
    const orderWithUnknownPayment = async () => {
      await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' })
      const order = await shop.order([{ skuId: 'sku-digital' }])
      const fault = {
        provider: 'stripe',
        operation: 'payment_intents.create',
        kind: 'status',
        status: 500,
        after: true,
      }
      await shop.sandbox('POST', '/sandbox/faults', fault)
      expect((await ask(order.id)).status).toBe(503)
      await system.database.sql(`update charges set created_at = now() - interval '2 minutes' where order_id = $1`, [
        order.id,
      ])
      const [intent] = (await shop.books(order.id)).stripe.paymentIntents
      return { order, intent }
    }
    /** Changes the order's charge, lets `meanwhile` run into that, and commits. */
    const whileChanging = async <T>(change: string, params: string[], meanwhile: () => Promise<T>): Promise<T> => {
      let answer: Promise<T> | undefined
      await system.database.transaction(async ({ sql }) => {
        await sql(`update charges set ${change} where order_id = $1`, params)
        answer ??= meanwhile()
        await eventually(async () => {
          const [blocked] = await system.database.sql(
            `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          )
          return blocked
        }, 'the other to wait for the charge')
      })
      return (await answer) as T
    }
    const isClosed = (orderId: string, reference: string) =>
      eventually(async () => {
        const { paymentIntents } = (await shop.books(orderId)).stripe
        return paymentIntents.find(({ id }: { id: string }) => id === reference)?.status === 'canceled' || undefined
      }, 'the payment that nobody was given to be closed')

    it('closes it when the webhook is first', async () => {
      const { order, intent } = await orderWithUnknownPayment()
      const again = await whileChanging('provider_reference = $2', [order.id, intent.id], () => ask(order.id))
      expect(again.status).toBe(201)
      expect(again.body.clientSecret).not.toContain(intent.id)
      await isClosed(order.id, intent.id)
    })

    it('closes it when the webhook is second', async () => {
      const { order, intent } = await orderWithUnknownPayment()
      const body = stripeEvent('payment_intent.created', await intentObject(shop, `${intent.id}_secret_`))
      expect((await whileChanging(`state = 'cancelled'`, [order.id], () => sendStripe(system, body))).status).toBe(200)
      await isClosed(order.id, intent.id)
    })
  })

  it('needs no payment for an order without a price', async () => {
    await shop.must('POST', '/v2/skus', {
      id: 'sku-free',
      name: 'Sample',
      kind: 'digital',
      price: 0,
      currency: 'USD',
      delivery: { contentType: 'text', content: 'free' },
    })
    const order = await shop.order([{ skuId: 'sku-free' }])
    const confirmed = await shop.confirmed(order.id)
    expect(confirmed.charges).toEqual([])
    expect(confirmed.items[0].delivery.content).toBe('free')
    expect((await ask(order.id)).body.errors[0].code).toBe('order_not_payable')
  })

  it('lets a declined buyer try another card on the same intent', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    const { clientSecret } = await shop.intent(order.id)
    expect((await shop.confirm(clientSecret, 'pm_card_chargeDeclined')).status).toBe(402)
    const failed = await shop.until(order.id, (seen) => seen.state === 'payment_failed')
    expect(failed.status).toBe('FAILED')
    expect(failed.charges[0].failureMessage).toBeTruthy()
    const buyerView = await shop.call('GET', `/v2/orders/${order.id}`, undefined, { key: 'pk_test_system' })
    expect(buyerView.body.charges[0].failureCode).toBeUndefined()
    await shop.confirm(clientSecret, 'pm_card_visa')
    await shop.confirmed(order.id)
  })

  it('shows pending_payment while the buyer authenticates', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    const { clientSecret } = await shop.intent(order.id)
    await shop.confirm(clientSecret, 'pm_card_threeDSecure2Required')
    await shop.until(order.id, (seen) => seen.state === 'pending_payment')
    await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${clientSecret.split('_secret_')[0]}/buyer`, {
      action: 'complete',
    })
    await shop.confirmed(order.id)
  })

  describe('settlement off the platform', () => {
    it('R22 R30 R42 records the splits of a hosted provider and transfers nothing', async () => {
      const order = await tugrikOrder()
      const { checkoutUrl, clientSecret } = await shop.intent(order.id, 'BONUM')
      expect(checkoutUrl).toMatch(/^http/)
      expect(clientSecret).toBeUndefined()
      const invoice = checkoutUrl.split('/').at(-1).split('?')[0]
      await shop.sandbox('POST', `/sandbox/bonum/invoices/${invoice}/pay`, {})
      await shop.confirmed(order.id)
      const splits = (await shop.must('GET', `/v2/orders/${order.id}/distribution`)).data
      expect(splits.every((split: { state: string }) => split.state === 'recorded')).toBe(true)
      expect((await shop.books(order.id)).stripe.transfers).toEqual([])
    })

    it('R31 marks recorded shares as settled once, with the reference of the settlement', async () => {
      const recorded = (await shop.must('GET', '/v2/settlements')).data
      expect(recorded.length).toBeGreaterThan(0)
      const splitIds = recorded.map((split: { id: string }) => split.id)
      const settle = (reference: string) => shop.call('POST', '/v2/settlements/payout', { splitIds, reference })
      expect((await settle('BANK-77')).body).toEqual({ settled: splitIds.length })
      expect((await settle('BANK-77')).body).toEqual({ settled: 0 })
      const twice = await settle('BANK-78')
      expect([twice.status, twice.body.errors[0].code]).toEqual([409, 'settlement_not_recorded'])
      expect((await shop.must('GET', '/v2/settlements')).data).toEqual([])
      expect((await shop.must('GET', '/v2/settlements?state=settled')).data[0].settlementReference).toBe('BANK-77')
    })
  })

  it('I7 keeps no money of a hosted payment that was cancelled and paid all the same', async () => {
    const order = await tugrikOrder()
    const { checkoutUrl } = await shop.intent(order.id, 'BONUM')
    await shop.must('POST', `/v2/orders/${order.id}/cancel`, {})
    await shop.sandbox('POST', `/sandbox/bonum/invoices/${checkoutUrl.split('/').at(-1).split('?')[0]}/pay`, {})
    // Bonum cannot refund by API, so a person is called; Stripe's case is refunded by itself, in the replay matrix.
    const late = await shop.until(order.id, (seen) => seen.attention !== undefined, 'attention')
    expect(late).toMatchObject({ state: 'cancelled', capturedAmount: 5000 })
    expect(late.attention.reason).toContain('refund_by_hand')
    expect((await shop.timeline(order.id)).data).toContainEqual(
      expect.objectContaining({ cause: 'order.payment.late' }),
    )
  })

  it('expires an order that nobody pays, its intent first', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    const { clientSecret } = await shop.intent(order.id)
    await system.database.sql(`update orders set expires_at = now() - interval '1 second' where id = $1`, [order.id])
    const expired = await shop.until(order.id, (seen) => seen.state === 'cancelled')
    expect(expired.cancelReason).toBe('payment window closed')
    expect((await shop.books(order.id)).stripe.paymentIntents[0].status).toBe('canceled')
    expect((await shop.confirm(clientSecret)).status).toBe(400)
  })

  it('asks the provider when no webhook comes', async () => {
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' })
    await shop.pay(order.id)
    await system.database.sql('update charges set next_check_at = now() where order_id = $1', [order.id])
    await shop.confirmed(order.id)
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'normal' })
    await eventually(async () => {
      const [row] = await system.database.sql<{ open: number }>(
        'select count(*) as open from inbox_events where handled_at is null',
        [],
      )
      return row?.open === 0 ? true : undefined
    }, 'the late webhooks to be applied')
    expect((await shop.books(order.id)).stripe.transfers).toHaveLength(1)
  })
})
