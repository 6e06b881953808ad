import { beforeAll, describe, expect, it } from 'vitest'
import { distributeCapture } from '../../src/distribution/distribute-capture.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import type { Answer } from '../storefront.ts'
import { sendStripe, stripeEvent } from '../stripe-events.ts'

const mug = { productDetails: { name: 'Mug', physical: true, weight: 1, weightUnit: 'lb' } }
const code = (answer: Answer) => [answer.status, answer.body.errors?.[0]?.code]

// Removes the risk that fulfilled goods are not paid, cancelled ones are, or either happens twice.
describe('fulfilling an order', () => {
  const { system, shop } = runningShop(merchantOrders)

  beforeAll(async () => {
    await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 10_000_000 })
  })

  const payOut = (account: string | null) =>
    system.database.sql('update merchants set stripe_account_id = $1', [account])
  const three = (more: object = {}) => [{ ...mug, quantity: 3, price: 10, ...more }]

  it('R85 R86 R149 I9 captures a card that is captured once when every piece is decided, and releases the rest', async () => {
    await payOut('acct_millstore')
    const order = await shop.submit(three())
    expect([order.state, order.charges[0].state]).toEqual(['accepted', 'capturable'])
    const [item] = order.items
    const first = await shop.fulfil(order.id, [{ itemId: item.id, quantity: 1, cancelQuantity: 1 }], {
      trackingCompany: 'USPS',
      trackingNumber: '9400',
      metadata: { shelf: 'A7' },
    })
    expect(first.status).toBe(201)
    expect(first.body).toMatchObject({
      orderId: order.id,
      items: [{ itemId: item.id, quantity: 1, cancelQuantity: 1 }],
      trackingNumber: '9400',
      metadata: { shelf: 'A7' },
    })
    const half = await shop.settled(order.id)
    expect([half.state, half.items[0].state, half.items[0].fulfilledQuantity]).toEqual(['accepted', 'created', 1])
    expect(half.charges[0]).toMatchObject({
      state: 'capturable',
      captures: [{ amount: 10, state: 'pending', fulfillmentId: first.body.id }],
      cancels: [{ amount: 10, state: 'pending' }],
    })
    expect((await shop.stripe(order.id)).captures).toEqual([])

    await shop.fulfil(order.id, [{ itemId: item.id, quantity: 1 }])
    const done = await shop.until(order.id, (seen) => seen.state === 'complete', 'state complete')
    expect(done).toMatchObject({ capturedAmount: 20, cancelledAmount: 10, items: [{ state: 'fulfilled' }] })
    expect(done.charges[0]).toMatchObject({
      state: 'complete',
      captures: [{ state: 'complete' }, { state: 'complete' }],
      cancels: [{ state: 'complete' }],
    })
    await shop.settled(order.id)
    const { captures, transfers } = await shop.stripe(order.id)
    expect([captures, transfers.length]).toEqual([[2_000], 1])
    const { charges, balanced } = await shop.audit(order.id)
    expect(charges).toMatchObject([
      {
        amount: 3_000,
        captured: 2_000,
        cancelled: 1_000,
        planned: 3_000,
        executed: 2_000,
        released: 1_000,
        balance: 0,
      },
    ])
    expect(charges[0]).toMatchObject({ taken: 2_000, given: 1_000 })
    expect(balanced).toBe(true)
    const told = await shop.heard(
      order.id,
      'fulfillment.created',
      'order.item.fulfilled',
      'order.charge.capture.complete',
      'order.charge.complete',
      'order.fulfilled',
      'order.complete',
    )
    expect(told).not.toContain('order.cancelled')
  })

  it('R79 R80 R82 R85 captures at every fulfilment where the provider takes several captures', async () => {
    await payOut(null)
    const order = await shop.submit([...three(), { ...mug, quantity: 1, price: 5 }])
    const [mugs, cup] = order.items
    await shop.fulfil(order.id, [{ itemId: mugs.id, quantity: 1 }])
    await shop.settled(order.id)
    await shop.fulfil(order.id, [{ itemId: cup.id, quantity: 1 }])
    const partly = await shop.settled(order.id)
    expect(partly).toMatchObject({ state: 'accepted', capturedAmount: 15, charges: [{ state: 'capturable' }] })
    expect((await shop.stripe(order.id)).captures).toEqual([1_000, 500])

    await shop.fulfil(order.id, [{ itemId: mugs.id, cancelQuantity: 2 }])
    const done = await shop.until(order.id, (seen) => seen.state === 'complete', 'state complete')
    expect(done).toMatchObject({ capturedAmount: 15, cancelledAmount: 20 })
    await shop.settled(order.id)
    expect((await shop.audit(order.id)).charges).toMatchObject([
      { captured: 1_500, cancelled: 2_000, executed: 1_500, released: 2_000, balance: 0, taken: 1_500, given: 2_000 },
    ])
    const types = await shop.heard(order.id, 'order.complete')
    expect(types.filter((type) => type === 'order.item.fulfilled')).toHaveLength(2)
  })

  it('R83 R86 R149 R150 R151 R152 cancels the order only when every line and every charge is cancelled', async () => {
    await payOut('acct_millstore')
    const order = await shop.submit([...three(), { ...mug, quantity: 1, price: 5 }])
    const [mugs, cup] = order.items
    await shop.fulfil(order.id, [{ itemId: mugs.id, cancelQuantity: 3 }])
    const partly = await shop.settled(order.id)
    expect([partly.state, partly.items[0].state]).toEqual(['accepted', 'cancelled'])
    expect(await shop.heard(order.id, 'order.item.cancelled')).not.toContain('order.cancelled')

    await shop.fulfil(order.id, [{ itemId: cup.id, cancelQuantity: 1 }])
    const done = await shop.until(order.id, (seen) => seen.state === 'cancelled', 'state cancelled')
    expect(done).toMatchObject({ capturedAmount: 0, cancelledAmount: 35, charges: [{ state: 'cancelled' }] })
    expect(done.charges[0].cancels.map((cancel: { state: string }) => cancel.state)).toEqual(['complete', 'complete'])
    const { captures, intents } = await shop.stripe(order.id)
    expect([captures, intents[0]?.status]).toEqual([[], 'canceled'])
    await shop.heard(order.id, 'order.cancelled')
  })

  it('R78 refuses what cannot be fulfilled, with the reason', async () => {
    await payOut(null)
    const order = await shop.submit(three())
    const [item] = order.items
    const one = [{ itemId: item.id, quantity: 1 }]
    expect(code(await shop.fulfil(order.id, [{ itemId: item.id }]))).toEqual([400, 'invalid_quantity'])
    expect(code(await shop.fulfil(order.id, [{ itemId: item.id, quantity: 4 }]))).toEqual([400, 'invalid_quantity'])
    expect(code(await shop.fulfil(order.id, [{ itemId: item.id, quantity: 2, cancelQuantity: 2 }]))).toEqual([
      400,
      'invalid_quantity',
    ])
    expect(code(await shop.fulfil(order.id, [{ itemId: 'item_none', quantity: 1 }]))).toEqual([404, 'not_found'])
    expect(code(await shop.fulfil('ord_none', one))).toEqual([404, 'not_found'])

    await system.database.sql(
      `insert into disputes (id, order_id, charge_id, provider, provider_reference, amount, currency, state, state_transitions)
       select 'dsp_test', order_id, id, provider, 'dp_test', amount, currency, 'needs_response', '{}' from charges where order_id = $1`,
      [order.id],
    )
    expect(code(await shop.fulfil(order.id, one))).toEqual([409, 'order_not_submitted'])
    await system.database.sql(`update disputes set state = 'won' where order_id = $1`, [order.id])
    expect((await shop.fulfil(order.id, [{ itemId: item.id, quantity: 3 }])).status).toBe(201)
    const again = await shop.fulfil(order.id, one)
    expect(code(again)).toEqual([409, 'order_fulfilled'])
    expect(again.body.errors[0].message).toBe(`Resource '${order.id}' is fulfilled.`)

    const cart = await shop.order([{ skuId: 'sku-digital' }])
    expect(code(await shop.fulfil(cart.id, [{ itemId: cart.items[0].id, quantity: 1 }]))).toEqual([
      409,
      'order_not_accepted',
    ])
    const review = await shop.submit(three(), {}, { card: 'pm_card_riskLevelElevated' })
    expect(review.state).toBe('in_review')
    expect(code(await shop.fulfil(review.id, [{ itemId: review.items[0].id, quantity: 1 }]))).toEqual([
      409,
      'order_not_accepted',
    ])
  })

  it('two requests at once never fulfil a piece twice', async () => {
    await payOut(null)
    const order = await shop.submit(three())
    const wish = [{ itemId: order.items[0].id, quantity: 2 }]
    const answers = await Promise.all(Array.from({ length: 4 }, () => shop.fulfil(order.id, wish)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 400, 400, 400])
    expect((await shop.settled(order.id)).capturedAmount).toBe(20)
  })

  it('reads and lists fulfillments by order, SKU and tracking number, and a charge', async () => {
    const order = await shop.submit([{ skuId: 'sku-physical', quantity: 2 }])
    const [item] = order.items
    const made = []
    for (const trackingNumber of ['T-1', 'T-2']) {
      made.push((await shop.fulfil(order.id, [{ itemId: item.id, quantity: 1 }], { trackingNumber })).body)
    }
    expect(await shop.must('GET', `/v2/fulfillments/${made[0].id}`)).toEqual(made[0])
    const list = async (query: string) =>
      (await shop.must('GET', `/v2/fulfillments?${query}`)).data.map((entry: { id: string }) => entry.id)
    expect(await list(`orderId=${order.id}`)).toEqual([made[1].id, made[0].id])
    expect(await list(`orderId=${order.id}&trackingNumber=T-1`)).toEqual([made[0].id])
    expect(await list(`orderId=${order.id}&skuId=sku-physical`)).toHaveLength(2)
    expect(await list(`orderId=${order.id}&skuId=sku-pod`)).toEqual([])
    const first = await shop.must('GET', `/v2/fulfillments?orderId=${order.id}&limit=1`)
    expect([first.hasMore, first.data[0].id]).toEqual([true, made[1].id])
    await shop.settled(order.id)
    const charge = await shop.must('GET', `/v2/charges/${order.charges[0].id}`)
    expect(charge).toMatchObject({ id: order.charges[0].id, orderId: order.id, state: 'complete' })
    expect(charge.captures).toHaveLength(2)
    expect((await shop.call('GET', '/v2/charges/chg_none')).status).toBe(404)
  })

  it('an order without a price moves without a charge', async () => {
    const order = await shop.submit([{ ...mug, quantity: 2, price: 0 }])
    expect([order.state, order.charges]).toEqual(['accepted', []])
    expect((await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 2 }])).status).toBe(201)
    expect((await shop.read(order.id)).state).toBe('complete')
    const other = await shop.submit([{ ...mug, quantity: 2, price: 0 }])
    await shop.fulfil(other.id, [{ itemId: other.items[0].id, cancelQuantity: 2 }])
    expect((await shop.read(other.id)).state).toBe('cancelled')
  })

  describe('money that was taken with the order', () => {
    it('R85 R86 a fulfilled piece is captured already, a cancelled one is refunded', async () => {
      await payOut('acct_millstore')
      const order = await shop.submit(
        [{ ...mug, quantity: 3, price: 1_001 }],
        { currency: 'JPY' },
        { type: 'konbini', flow: 'receiver', card: null },
      )
      expect(order.state).toBe('pending_payment')
      await shop.sandbox(
        'POST',
        `/sandbox/stripe/payment_intents/${order.charges[0].providerReference}/pay-voucher`,
        {},
      )
      await shop.until(order.id, (seen) => seen.state === 'accepted', 'state accepted')
      const answer = await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 2, cancelQuantity: 1 }])
      expect(answer.status).toBe(201)
      const done = await shop.read(order.id)
      expect(done).toMatchObject({ state: 'complete', capturedAmount: 3_003 })
      expect(done.charges[0].captures).toMatchObject([{ amount: 2_002, state: 'complete' }])
      const refunds = (await shop.must('GET', `/v2/refunds?orderId=${order.id}`)).data
      expect(refunds).toMatchObject([{ amount: 1_001, items: [{ quantity: 1 }] }])
      await shop.until(order.id, (seen) => seen.charges[0].refunds[0].state === 'pending_information')
    })

    it('gives the shipping back with cancelled pieces that cost nothing', async () => {
      const order = await shop.submit(
        [
          { ...mug, quantity: 1, price: 0 },
          { ...mug, quantity: 1, price: 0 },
        ],
        { currency: 'JPY', shippingChoice: { amount: 500, description: 'Parcel', serviceLevel: 'SG' } },
        { type: 'konbini', flow: 'receiver', card: null },
      )
      const reference = order.charges[0].providerReference
      await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${reference}/pay-voucher`, {})
      await shop.until(order.id, (seen) => seen.state === 'accepted', 'state accepted')
      for (const { id } of order.items)
        expect((await shop.fulfil(order.id, [{ itemId: id, cancelQuantity: 1 }])).status).toBe(201)
      const refunds = (await shop.must('GET', `/v2/refunds?orderId=${order.id}`)).data
      expect(refunds.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0)).toBe(500)
    })

    it.each([
      ['as far as it did not go back before', 2_700, [2_700, 803]],
      ['not at all where all of it went back before', 3_503, [3_503]],
      ['with its shipping', 0, [3_503]],
    ])('gives the money of cancelled pieces back %s', async (_, amount, expected) => {
      const order = await shop.submit(
        [{ ...mug, quantity: 3, price: 1_001 }],
        { currency: 'JPY', shippingChoice: { amount: 500, description: 'Parcel', serviceLevel: 'SG' } },
        { type: 'konbini', flow: 'receiver', card: null },
      )
      const reference = order.charges[0].providerReference
      await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${reference}/pay-voucher`, {})
      await shop.until(order.id, (seen) => seen.state === 'accepted', 'state accepted')
      if (amount > 0) await shop.must('POST', '/v2/refunds', { orderId: order.id, currency: 'JPY', amount })
      const answer = await shop.fulfil(order.id, [{ itemId: order.items[0].id, cancelQuantity: 3 }])
      expect(answer.status).toBe(201)
      const refunds = (await shop.must('GET', `/v2/refunds?orderId=${order.id}`)).data
      const amounts = refunds.map((refund: { amount: number }) => refund.amount)
      expect(amounts.toSorted((one: number, other: number) => other - one)).toEqual(expected)
      for (const { items } of refunds) for (const item of items) expect(item).not.toHaveProperty('creditAmount')
      expect((await shop.audit(order.id)).balanced).toBe(true)
    })
  })

  describe('a hold that lapses', () => {
    const hold = async (order: Answer['body']) => order.charges[0].providerReference as string

    it('I9 fails what was to be captured, and calls a person', async () => {
      await payOut('acct_millstore')
      const order = await shop.submit(three())
      await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1 }])
      await shop.settled(order.id)
      await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${await hold(order)}/expire`, {})
      const lapsed = await shop.until(order.id, (seen) => seen.attention !== undefined, 'attention')
      expect(lapsed.attention.reason).toBe('the authorization has lapsed')
      expect(lapsed).toMatchObject({ state: 'accepted', charges: [{ state: 'cancelled' }] })
      expect(lapsed.charges[0].captures).toMatchObject([{ state: 'failed', failureCode: 'authorization_expired' }])
      expect(code(await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1 }]))).toEqual([
        409,
        'payment_authorization_failed',
      ])
    })

    it('I9 a partly captured one keeps what was captured', async () => {
      await payOut(null)
      const order = await shop.submit(three())
      await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1 }])
      await shop.settled(order.id)
      await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${await hold(order)}/expire`, {})
      const lapsed = await shop.until(order.id, (seen) => seen.attention !== undefined, 'attention')
      expect(lapsed).toMatchObject({ capturedAmount: 10, cancelledAmount: 20, charges: [{ state: 'complete' }] })
      await shop.settled(order.id)
      expect((await shop.audit(order.id)).charges).toMatchObject([{ executed: 1_000, released: 2_000, balance: 0 }])
    })

    const nearlyLapsed = (orderId: string) =>
      system.database.sql(`update charges set authorized_until = now() + interval '2 hours' where order_id = $1`, [
        orderId,
      ])

    it('I9 captures what is fulfilled in time, and holds the rest on the saved card again', async () => {
      await payOut('acct_millstore')
      const order = await shop.submit(three(), {}, { saved: true })
      await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1 }])
      await shop.settled(order.id)
      await nearlyLapsed(order.id)
      const renewed = await shop.until(
        order.id,
        (seen) => seen.charges.length === 2 && seen.charges[1].state === 'capturable',
        'a second charge',
      )
      expect(renewed.charges).toMatchObject([
        { state: 'complete', amount: 30, capturedAmount: 10, cancelledAmount: 20 },
        { amount: 20, type: 'merchant_initiated' },
      ])
      await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1, cancelQuantity: 1 }])
      const done = await shop.until(order.id, (seen) => seen.state === 'complete', 'state complete')
      expect([done.capturedAmount, done.cancelledAmount]).toEqual([20, 10])
      await shop.settled(order.id)
      const { charges, balanced } = await shop.audit(order.id)
      expect(charges).toMatchObject([
        { captured: 1_000, cancelled: 2_000, executed: 1_000, released: 2_000, balance: 0, taken: 1_000, given: 2_000 },
        { captured: 1_000, cancelled: 1_000, planned: 2_000, executed: 1_000, released: 1_000, balance: 0 },
      ])
      expect(balanced).toBe(true)
      expect((await shop.stripe(order.id)).captures).toEqual([1_000, 1_000])
    })

    it('I9 says so when the rest cannot be held again', async () => {
      const order = await shop.submit(three())
      await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1 }])
      await shop.settled(order.id)
      await nearlyLapsed(order.id)
      await shop.until(order.id, (seen) => seen.attention !== undefined, 'attention')
      await shop.heard(order.id, 'order.charge.reauth.failed')
      expect(code(await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1 }]))).toEqual([
        409,
        'payment_authorization_failed',
      ])
      expect((await shop.read(order.id)).capturedAmount).toBe(10)
    })

    it('I9 raises the alarm for a hold of which nothing is decided', async () => {
      const order = await shop.submit(three())
      await nearlyLapsed(order.id)
      const waiting = await shop.until(order.id, (seen) => seen.attention !== undefined, 'attention')
      expect(waiting.attention.reason).toBe('the authorization is about to lapse')
      expect(waiting.charges[0].state).toBe('capturable')
    })
  })

  describe('I3 when the provider or a process fails', () => {
    it.each([
      ['payment_intents.capture', 'drop_after', 'acct_millstore', 1],
      ['payment_intents.capture', 'drop_before', 'acct_millstore', 1],
      ['payment_intents.capture', 'drop_after', null, 2],
      ['payment_intents.cancel', 'drop_after', 'acct_millstore', 0],
      ['transfers.create', 'drop_after', 'acct_millstore', 1],
    ])('%s %s (paid out to %s): done once', async (operation, kind, account, captures) => {
      await payOut(account)
      const order = await shop.submit(three())
      await shop.sandbox('POST', '/sandbox/faults', { provider: 'stripe', operation, kind, times: 3 })
      const itemId = order.items[0].id
      if (captures === 0) await shop.fulfil(order.id, [{ itemId, cancelQuantity: 3 }])
      else {
        await shop.fulfil(order.id, [{ itemId, quantity: 1 }])
        await shop.settled(order.id)
        await shop.fulfil(order.id, [{ itemId, quantity: 2 }])
      }
      const end = captures === 0 ? 'cancelled' : 'complete'
      const done = await shop.until(order.id, (seen) => seen.state === end, `state ${end}`, 25_000)
      await shop.settled(order.id)
      const books = await shop.stripe(order.id)
      expect(books.captures).toHaveLength(captures)
      expect(books.captures.reduce((a: number, b: number) => a + b, 0)).toBe(captures === 0 ? 0 : 3_000)
      expect(done.capturedAmount + done.cancelledAmount).toBe(30)
      expect(books.transfers).toHaveLength(account === null || captures === 0 ? 0 : 1)
      await shop.sandbox('DELETE', '/sandbox/faults')
    })

    it('pays nothing out of a payment that the bank holds', async () => {
      await payOut('acct_millstore')
      const order = await shop.submit(three())
      const [charge] = order.charges
      await system.database.sql(
        `insert into disputes (id, order_id, charge_id, provider, provider_reference, amount, currency, state, state_transitions)
         values ('dsp_held', $1, $2, 'stripe', 'dp_held', 3000, 'usd', 'needs_response', '{}')`,
        [order.id, charge.id],
      )
      const target = { orderId: order.id, chargeId: charge.id }
      await expect(distributeCapture(system.parts, target, 'tsk_none')).rejects.toThrow('payment_disputed')
      expect((await shop.stripe(order.id)).transfers).toEqual([])
    })

    it('I5 late and repeated reports of captures change nothing', async () => {
      await payOut(null)
      const order = await shop.submit(three())
      await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1 }])
      await shop.settled(order.id)
      const reference = order.charges[0].providerReference
      const { stripe } = await shop.books(order.id)
      const held = stripe.paymentIntents.find((intent: { id: string }) => intent.id === reference).object
      await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 2 }])
      const done = await shop.until(order.id, (seen) => seen.state === 'complete', 'state complete')
      for (const over of [
        { amount_capturable: 2_000, amount_received: 1_000, status: 'requires_capture' },
        { amount_capturable: 3_000, amount_received: 0, status: 'requires_capture' },
        { amount_capturable: 0, amount_received: 3_000, status: 'succeeded' },
      ]) {
        const body = stripeEvent('payment_intent.amount_capturable_updated', { ...held, ...over })
        expect((await sendStripe(system, body)).status).toBe(200)
      }
      const after = await shop.settled(order.id)
      expect(after).toMatchObject({ state: 'complete', capturedAmount: 30, cancelledAmount: 0 })
      expect(after.attention).toBeUndefined()
      expect(done.capturedAmount).toBe(30)
      expect((await shop.audit(order.id)).charges).toMatchObject([{ captured: 3_000, executed: 3_000, balance: 0 }])
    })
  })

  describe('cancelling an order', () => {
    const cancel = (orderId: string) => shop.call('POST', `/v2/orders/${orderId}/cancel`, { reason: 'out of stock' })

    it('R149 R150 releases money that is only held', async () => {
      await payOut('acct_millstore')
      const order = await shop.submit(three())
      const answer = await cancel(order.id)
      expect([answer.status, answer.body.state, answer.body.cancelReason]).toEqual([200, 'cancelled', 'out of stock'])
      expect(answer.body).toMatchObject({ capturedAmount: 0, cancelledAmount: 30, items: [{ state: 'cancelled' }] })
      expect((await shop.stripe(order.id)).intents[0]?.status).toBe('canceled')
      expect((await cancel(order.id)).status).toBe(200)
    })

    it('captures what was fulfilled and releases the rest', async () => {
      const order = await shop.submit(three())
      await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 2 }])
      expect((await cancel(order.id)).status).toBe(200)
      const done = await shop.until(order.id, (seen) => seen.state === 'complete', 'state complete')
      expect(done).toMatchObject({ capturedAmount: 20, cancelledAmount: 10 })
      expect(code(await cancel(order.id))).toEqual([409, 'order_not_cancellable'])
    })

    it('R150 releases the money of an order under review', async () => {
      const review = await shop.submit(three(), {}, { card: 'pm_card_riskLevelElevated' })
      expect(review.state).toBe('in_review')
      expect((await cancel(review.id)).body).toMatchObject({ state: 'cancelled', charges: [{ state: 'cancelled' }] })
      expect((await shop.stripe(review.id)).intents[0]?.status).toBe('canceled')
    })

    it('gives captured money back of what was not fulfilled', async () => {
      const order = await shop.submit(
        [{ ...mug, quantity: 2, price: 30 }],
        {
          currency: 'EUR',
          shipTo: { name: 'Ada', address: { line1: 'Rue 1', city: 'Brussels', postalCode: '1000', country: 'BE' } },
        },
        { type: 'bancontact', flow: 'redirect', card: null },
      )
      await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${order.charges[0].providerReference}/buyer`, {
        action: 'complete',
      })
      await shop.until(order.id, (seen) => seen.state === 'accepted', 'state accepted')
      expect((await cancel(order.id)).status).toBe(200)
      const done = await shop.until(order.id, (seen) => seen.state === 'cancelled', 'state cancelled')
      expect(done.refundedAmount).toBe(done.totalAmount)
    })
  })
})
