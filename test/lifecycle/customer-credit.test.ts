import { beforeAll, describe, expect, it } from 'vitest'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'
import { sendStripe, stripeEvent } from '../stripe-events.ts'
import { publishableKey } from '../system.ts'
import { random } from './lifecycle-actor.ts'
import { lifecycleBooks } from './lifecycle-books.ts'

const course = (price: number, more: Json = {}) => ({
  productDetails: { name: 'Course', physical: false },
  price,
  ...more,
})
const inOregon = {
  name: 'Ada Buyer',
  address: { line1: 'Main St 1', city: 'Salem', state: 'OR', postalCode: '97301', country: 'US' },
}
const inBerlin = {
  name: 'Ada Buyer',
  address: { line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' },
}

// Removes the risk that a credit, which is nobody's money, is charged, shared out, taxed or paid back as if it were.
describe('a credit of the buyer beside a card', () => {
  const { system, shop } = runningShop(merchantOrders)

  beforeAll(async () => {
    await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 100_000 })
  })

  const code = ({ status, body }: Answer) => [status, body.errors?.[0]?.code, body.errors?.[0]?.parameter]
  const checkout = (items: Json[], more: Json = {}) =>
    shop.must('POST', '/checkouts', {
      currency: 'USD',
      email: `${crypto.randomUUID()}@example.com`,
      billTo: inOregon,
      items,
      ...more,
    })
  const credit = (amount: number, more: Json = {}) =>
    shop.must('POST', '/sources', { type: 'customerCredit', amount, currency: 'USD', customerCredit: {}, ...more })
  const attach = (checkoutId: string, sourceId: string) =>
    shop.call('POST', `/checkouts/${checkoutId}/sources/${sourceId}`)
  const sourceState = async (id: string) => (await shop.must('GET', `/sources/${id}`)).state

  /** Without a connected account nothing is transferred, and one hold can be captured in parts. */
  const sellsFor = (account: string | null) =>
    system.database.sql('update merchants set stripe_account_id = $1', [account])

  /** An order of which a credit pays so much. */
  const ordered = async (items: Json[], amount: number, more: Json = {}, card = 'pm_card_visa') => {
    const basket = await checkout(items, { ...more, sourceId: await shop.source({ card }) })
    const source = await credit(amount, { currency: basket.currency, upstreamId: 'line-7' })
    await shop.must('POST', `/checkouts/${basket.id}/sources/${source.id}`)
    const answer = await shop.call('POST', '/v2/orders', { checkoutId: basket.id })
    return { answer, order: answer.body, source, basket }
  }
  const fulfil = async (order: Json & { id: string }, items: Json[]) => {
    const answer = await shop.fulfil(order.id, items)
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    return shop.settled(order.id)
  }
  const refund = async (orderId: string, body: Json = {}) => {
    const { id } = await shop.must('POST', '/v2/refunds', { orderId, ...body })
    await shop.settled(orderId)
    return shop.must('GET', `/v2/refunds/${id}`)
  }
  const shares = async (orderId: string) => {
    const rows = await system.database.sql<{ kind: string; amount: number; reversed: number }>(
      `select kind, amount, reversed_amount as reversed from splits where order_id = $1 order by position`,
      [orderId],
    )
    return Object.fromEntries(rows.map(({ kind, amount, reversed }) => [kind, [amount, reversed]]))
  }
  const booksAgree = async (orderId: string) => {
    const { charges, balanced } = await shop.audit(orderId)
    expect(balanced).toBe(true)
    for (const charge of charges) {
      expect(charge.planned).toBe(charge.amount)
      expect(charge.executed - charge.reversed).toBe(charge.captured - charge.refunded)
      expect(charge.captured > 0 ? charge.balance : 0).toBe(0)
    }
    const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
    const { captures, refunds } = await shop.stripe(orderId)
    expect(sum(charges.map(({ captured }) => captured))).toBe(sum(captures))
    expect(sum(charges.map(({ refunded }) => refunded))).toBe(sum(refunds))
  }

  it('shows what each source pays, and asks the card for the rest alone', async () => {
    const basket = await checkout([course(50, { quantity: 2 })])
    const source = await shop.must('POST', '/sources', {
      type: 'customerCredit',
      paymentSessionId: basket.payment.session.id,
      amount: 30,
      upstreamId: '76-87-1298',
      customerCredit: {},
    })
    expect(source).toMatchObject({
      type: 'customerCredit',
      state: 'chargeable',
      reusable: false,
      currency: 'USD',
      amount: 30,
      upstreamId: '76-87-1298',
      customerCredit: {},
    })
    await shop.must('POST', `/checkouts/${basket.id}/sources/${source.id}`)
    const half = await shop.must('GET', `/checkouts/${basket.id}`)
    expect(half.payment.session).toMatchObject({
      state: 'requires_source',
      amountContributed: 30,
      amountRemainingToBeContributed: 70,
    })
    await shop.must('POST', `/checkouts/${basket.id}/sources/${await shop.source({})}`)
    const whole = await shop.must('GET', `/checkouts/${basket.id}`)
    expect(whole.payment.session).toMatchObject({ state: 'requires_confirmation', amountRemainingToBeContributed: 0 })
    const methods = await shop.must('GET', `/v2/payment-methods?sessionId=${basket.id}`)
    expect(methods.types.map(({ type }: { type: string }) => type)).toEqual(['creditCard'])
    const paidBy = (sources: { type: string; amount: number }[]) => sources.map(({ type, amount }) => [type, amount])
    const both = [
      ['creditCard', 70],
      ['customerCredit', 30],
    ]
    expect(paidBy(whole.payment.sources)).toEqual(both)

    const order = await shop.must('POST', '/v2/orders', { checkoutId: basket.id })
    expect(order).toMatchObject({ state: 'accepted', totalAmount: 100, creditAmount: 30, capturedAmount: 0 })
    expect(order.payment.charges.map(({ amount }: { amount: number }) => amount)).toEqual([70])
    expect(order.payment.session).toMatchObject({ state: 'complete', amountContributed: 100 })
    expect(paidBy(order.payment.sources)).toEqual(both)
    expect((await shop.stripe(order.id)).intents).toMatchObject([{ amount: 7_000 }])
    // 1 % of the price and 3 % of what the card pays; the credit is its merchant's to bear.
    expect(await shares(order.id)).toEqual({ platform: [100, 0], provider_fee: [210, 0], merchant: [6_690, 0] })
    expect(await sourceState(source.id)).toBe('chargeable')
  })

  it('takes both piece by piece, and gives both back in the proportion they paid', async () => {
    await sellsFor(null)
    const { order, source } = await ordered([course(50, { quantity: 2 })], 30)
    await sellsFor('acct_millstore')
    const itemId = order.items[0].id
    const first = await fulfil(order, [{ itemId, quantity: 1 }])
    expect(first).toMatchObject({ capturedAmount: 50, availableToRefundAmount: 50 })
    expect(await sourceState(source.id)).toBe('consumed')
    expect((await shop.stripe(order.id)).captures).toEqual([3_500])

    const given = await refund(order.id, { items: [{ itemId, quantity: 1 }] })
    expect(given).toMatchObject({
      state: 'succeeded',
      amount: 50,
      creditAmount: 15,
      refundedAmount: 50,
      items: [{ itemId, amount: 50, creditAmount: 15 }],
    })
    expect((await shop.stripe(order.id)).refunds).toEqual([3_500])
    await fulfil(order, [{ itemId, quantity: 1 }])
    const halfBack = await shop.settled(order.id)
    expect(halfBack).toMatchObject({
      state: 'complete',
      capturedAmount: 100,
      cancelledAmount: 0,
      refundedAmount: 50,
      availableToRefundAmount: 50,
    })
    expect(await shares(order.id)).toEqual({ platform: [100, 50], provider_fee: [210, 105], merchant: [6_690, 3_345] })
    await booksAgree(order.id)

    expect(await refund(order.id)).toMatchObject({ amount: 50, creditAmount: 15, state: 'succeeded' })
    const closed = await shop.settled(order.id)
    expect(closed).toMatchObject({ state: 'returned', refundedAmount: 100, availableToRefundAmount: 0 })
    expect((await shop.call('POST', '/v2/refunds', { orderId: order.id })).status).toBe(409)
    await booksAgree(order.id)
  })

  it('collects the tax in money and gives it back in money, and invoices the whole price', async () => {
    const { order } = await ordered([course(100, { quantity: 2 })], 50, { currency: 'EUR', billTo: inBerlin })
    // 19 % of 200.00; what is no tax is paid by 50.00 of credit and 150.00 of money.
    expect(order).toMatchObject({ totalAmount: 238, totalTax: 38, creditAmount: 50 })
    expect(await shares(order.id)).toMatchObject({ tax: [3_800, 0], provider_fee: [564, 0], platform: [200, 0] })
    const itemId = order.items[0].id
    await fulfil(order, [{ itemId, quantity: 2 }])
    expect((await shop.stripe(order.id)).captures).toEqual([18_800])

    const tax = await refund(order.id, { type: 'tax' })
    expect(tax).toMatchObject({ amount: 38, refundedAmount: 38 })
    expect(tax.creditAmount).toBeUndefined()
    expect(await shares(order.id)).toMatchObject({ tax: [3_800, 3_800], platform: [200, 0] })
    const goods = await refund(order.id, { items: [{ itemId, amount: 100 }] })
    expect(goods).toMatchObject({ amount: 100, creditAmount: 25 })
    expect((await shop.stripe(order.id)).refunds.toSorted((a: number, b: number) => a - b)).toEqual([3_800, 7_500])
    await booksAgree(order.id)

    const papers = await eventually(async () => {
      const rows = await system.database.sql<{ kind: string; total: number; tax: number; credit: number }>(
        `select kind, (data -> 'totals' ->> 'total')::int as total, (data -> 'totals' ->> 'tax')::int as tax,
             (data ->> 'credit')::int as credit from order_documents where order_id = $1 order by id`,
        [order.id],
      )
      return rows.length === 3 ? rows : undefined
    }, `the papers of ${order.id}`)
    expect(papers).toEqual([
      { kind: 'invoice', total: 23_800, tax: 3_800, credit: 5_000 },
      { kind: 'credit_memo', total: 3_800, tax: 3_800, credit: 0 },
      { kind: 'credit_memo', total: 10_000, tax: 0, credit: 2_500 },
    ])
  })

  it('releases the credit of an order that is cancelled, and of a card that is declined', async () => {
    const { order, source } = await ordered([course(50)], 20)
    await shop.must('POST', `/v2/orders/${order.id}/cancel`, { reason: 'changed mind' })
    expect(await shop.settled(order.id)).toMatchObject({
      state: 'cancelled',
      capturedAmount: 0,
      cancelledAmount: 50,
      refundedAmount: 0,
    })
    expect(await sourceState(source.id)).toBe('cancelled')
    await booksAgree(order.id)

    const declined = await ordered([course(50)], 20, {}, 'pm_card_chargeDeclined')
    expect(code(declined.answer)).toEqual([409, 'failed-request', undefined])
    expect(await sourceState(declined.source.id)).toBe('cancelled')
  })

  it('never uses the credit of pieces that are cancelled', async () => {
    const { order } = await ordered([course(33.33, { quantity: 3 })], 20)
    const itemId = order.items[0].id
    const done = await fulfil(order, [{ itemId, quantity: 2, cancelQuantity: 1 }])
    expect(done.state).toBe('complete')
    expect(done.capturedAmount + done.cancelledAmount).toBeCloseTo(99.99, 5)
    expect(await refund(order.id)).toMatchObject({ amount: done.capturedAmount, creditAmount: 13.33 })
    expect((await shop.settled(order.id)).state).toBe('returned')
    await booksAgree(order.id)
  })

  it('counts what is given back in the dashboard as money alone, and returns the credit afterwards', async () => {
    const { order } = await ordered([course(100)], 40)
    const { charges } = await fulfil(order, [{ itemId: order.items[0].id, quantity: 1 }])
    const there = { payment_intent: charges[0].providerReference }
    await shop.sandbox('POST', '/sandbox/stripe/dashboard/refunds', there)
    const after = await eventually(async () => {
      const seen = await shop.settled(order.id)
      return seen.refundedAmount === 60 ? seen : undefined
    }, 'the refund of the dashboard')
    // The money went back, the credit did not.
    expect(after).toMatchObject({ state: 'complete', availableToRefundAmount: 40 })
    const rest = await refund(order.id)
    expect(rest).toMatchObject({ amount: 40, creditAmount: 40, refundedAmount: 40, state: 'succeeded', charges: [] })
    expect(await shop.settled(order.id)).toMatchObject({ state: 'returned', refundedAmount: 100 })
    expect((await shop.stripe(order.id)).refunds).toEqual([6_000])
    await booksAgree(order.id)
  })

  it('takes the credit back with a refund that a bank sends back, and can give both again', async () => {
    const { order } = await ordered([course(100)], 40)
    const { charges } = await fulfil(order, [{ itemId: order.items[0].id, quantity: 1 }])
    const first = await refund(order.id)
    expect(first).toMatchObject({ amount: 100, refundedAmount: 100, creditAmount: 40 })
    await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${charges[0].providerReference}/refund-fail`, {})
    await eventually(async () => {
      const seen = await shop.must('GET', `/v2/refunds/${first.id}`)
      return seen.state === 'failed' ? seen : undefined
    }, 'the refund to fail')
    expect(await shop.must('GET', `/v2/refunds/${first.id}`)).toMatchObject({ refundedAmount: 0 })
    expect(await shop.settled(order.id)).toMatchObject({ refundedAmount: 0, availableToRefundAmount: 100 })
    expect(await refund(order.id)).toMatchObject({ amount: 100, creditAmount: 40, state: 'succeeded' })
    expect(await shop.settled(order.id)).toMatchObject({ state: 'returned', refundedAmount: 100 })
  })

  describe('that pays the whole order', () => {
    const free = (commissionBps: number | null) =>
      system.database.sql(`update merchants set commission_bps = $1, commission_fixed = 0`, [commissionBps])

    it('is refused while a commission or tax is to be paid of it, before anything is stored', async () => {
      const basket = await checkout([course(50)])
      const source = await credit(50)
      await shop.must('POST', `/checkouts/${basket.id}/sources/${source.id}`)
      expect(code(await shop.call('POST', '/orders', { checkoutId: basket.id }))).toEqual([
        409,
        'merchant_share_negative',
        undefined,
      ])
      expect((await shop.must('GET', `/orders?checkoutId=${basket.id}`)).data).toEqual([])
      expect(await sourceState(source.id)).toBe('chargeable')
    })

    it('goes the way of orders that cost nothing, and back', async () => {
      await free(0)
      const basket = await checkout([course(50, { quantity: 2 })])
      const source = await credit(100)
      await shop.must('POST', `/checkouts/${basket.id}/sources/${source.id}`)
      const order = await shop.must('POST', '/v2/orders', { checkoutId: basket.id })
      expect(order).toMatchObject({ state: 'accepted', totalAmount: 100, creditAmount: 100, charges: [] })
      expect(order.payment.session).toMatchObject({ state: 'complete', amountContributed: 100 })
      const itemId = order.items[0].id
      const half = await fulfil(order, [{ itemId, quantity: 1 }])
      expect(half).toMatchObject({ capturedAmount: 50, availableToRefundAmount: 50 })
      expect(await sourceState(source.id)).toBe('consumed')
      const whole = await fulfil(order, [{ itemId, cancelQuantity: 1 }])
      expect(whole).toMatchObject({ state: 'complete', capturedAmount: 50, cancelledAmount: 50 })
      expect(await refund(order.id, { amount: 20 })).toMatchObject({ amount: 20, creditAmount: 20, state: 'succeeded' })
      expect(await shop.settled(order.id)).toMatchObject({ state: 'complete', refundedAmount: 20 })
      expect(await refund(order.id)).toMatchObject({ amount: 30, creditAmount: 30, state: 'succeeded' })
      expect(await shop.settled(order.id)).toMatchObject({ state: 'returned', refundedAmount: 50 })
      const [invoice] = await eventually(async () => {
        const rows = await system.database.sql<{ total: number; credit: number }>(
          `select (data -> 'totals' ->> 'total')::int as total, (data ->> 'credit')::int as credit
           from order_documents where order_id = $1 and kind = 'invoice'`,
          [order.id],
        )
        return rows.length > 0 ? rows : undefined
      }, `the invoice of ${order.id}`)
      expect(invoice).toEqual({ total: 5_000, credit: 5_000 })
      await free(null)
    })

    it('stays with its buyer where the order costs nothing', async () => {
      const basket = await checkout([course(50)])
      const source = await credit(20)
      await shop.must('POST', `/checkouts/${basket.id}/sources/${source.id}`)
      await shop.must('POST', `/checkouts/${basket.id}`, { discount: { percentOff: 100 } })
      const order = await shop.must('POST', '/v2/orders', { checkoutId: basket.id })
      expect(order).toMatchObject({ state: 'accepted', totalAmount: 0 })
      expect(order.creditAmount).toBeUndefined()
      expect(await sourceState(source.id)).toBe('chargeable')
    })
  })

  describe('is refused', () => {
    const refused = (body: Json, options?: { key: string }) =>
      shop.call('POST', '/v2/sources', { type: 'customerCredit', ...body }, options)

    it.each<[string, Json, unknown[]]>([
      ['without an amount', { currency: 'USD' }, [400, 'missing_parameter', 'amount']],
      ['without a currency', { amount: 5 }, [400, 'missing_parameter', 'currency']],
      ['of nothing', { amount: 0, currency: 'USD' }, [400, 'invalid_amount', 'amount']],
      ['of less than nothing', { amount: -5, currency: 'USD' }, [400, 'invalid_parameter', 'amount']],
      ['of half a cent', { amount: 0.005, currency: 'USD' }, [400, 'invalid_amount', 'amount']],
      ['in words', { amount: 'five', currency: 'USD' }, [400, 'invalid_parameter', 'amount']],
      [
        'with a card',
        { amount: 5, currency: 'USD', paymentMethod: 'pm_1' },
        [400, 'invalid_parameter', 'paymentMethod'],
      ],
      ['of a customer', { amount: 5, currency: 'USD', customerId: 'c1' }, [400, 'invalid_parameter', 'customerId']],
      [
        'for a session that is none',
        { amount: 5, paymentSessionId: '2b6e0f0e-0000-4000-8000-000000000000' },
        [404, 'not_found', 'paymentSessionId'],
      ],
      ['for no session at all', { amount: 5, paymentSessionId: 'sess_1' }, [404, 'not_found', 'paymentSessionId']],
      [
        'with a long number',
        { amount: 5, currency: 'USD', upstreamId: 'x'.repeat(256) },
        [400, 'invalid_parameter', 'upstreamId'],
      ],
    ])('%s', async (_, body, expected) => {
      expect(code(await refused(body))).toEqual(expected)
    })

    it('to a browser', async () => {
      const answer = await refused({ amount: 5, currency: 'USD' }, { key: publishableKey })
      expect(code(answer)).toEqual([400, 'not_allowed_with_publishable_key', 'type'])
    })

    it('beside another one, above what it pays for, in another currency and on another checkout', async () => {
      const basket = await checkout([course(50)])
      const large = await credit(50.01)
      expect(code(await attach(basket.id, large.id))).toEqual([409, 'session_source_amount_too_large', undefined])
      const foreign = await credit(5, { currency: 'EUR' })
      expect(code(await attach(basket.id, foreign.id))).toEqual([400, 'invalid_parameter', 'sourceId'])
      const first = await credit(5, { currency: undefined, paymentSessionId: basket.id })
      const other = await checkout([course(50)])
      expect(code(await attach(other.id, first.id))).toEqual([409, 'source_status_invalid_for_session', 'sourceId'])
      await shop.must('POST', `/checkouts/${basket.id}/sources/${first.id}`)
      await shop.must('POST', `/checkouts/${basket.id}/sources/${first.id}`)
      const second = await credit(5)
      expect(code(await attach(basket.id, second.id))).toEqual([400, 'invalid_parameter', 'sourceId'])
      expect((await shop.call('DELETE', `/checkouts/${basket.id}/sources/${first.id}`)).status).toBe(204)
      expect((await attach(basket.id, second.id)).status).toBe(200)
      expect(await sourceState(first.id)).toBe('cancelled')
    })

    it('for good with a customer', async () => {
      const customer = await shop.must('POST', '/customers', { email: 'ada@example.com' })
      const source = await credit(5)
      const answer = await shop.call('POST', `/customers/${customer.id}/sources/${source.id}`)
      expect(code(answer)).toEqual([409, 'nonreusable_source', 'sourceId'])
    })

    it.each(['wireTransfer', 'bancontact'])('beside %s, whichever came first', async (type) => {
      const euros = { currency: 'EUR', billTo: inBerlin }
      const pushed = async () => (await shop.must('POST', '/sources', { type, owner: { email: 'a@example.com' } })).id
      const before = await checkout([course(50)], { ...euros, sourceId: await pushed() })
      const source = await credit(5, { currency: 'EUR' })
      expect(code(await attach(before.id, source.id))).toEqual([400, 'invalid_parameter', 'sourceId'])
      const after = await checkout([course(50)], euros)
      await shop.must('POST', `/checkouts/${after.id}/sources/${source.id}`)
      expect(code(await attach(after.id, await pushed()))).toEqual([400, 'invalid_parameter', 'sourceId'])
    })

    it('without a card for the rest, and where the price has fallen below it', async () => {
      const basket = await checkout([course(50)])
      const source = await credit(20)
      await shop.must('POST', `/checkouts/${basket.id}/sources/${source.id}`)
      expect(code(await shop.call('POST', '/orders', { checkoutId: basket.id }))[0]).toBe(400)
      expect(code(await shop.call('POST', '/v2/orders', { checkoutId: basket.id }))).toEqual([
        400,
        'order_submit_failed',
        undefined,
      ])
      await shop.must('POST', `/checkouts/${basket.id}`, { discount: { percentOff: 80 } })
      await shop.must('POST', `/checkouts/${basket.id}/sources/${await shop.source({})}`)
      expect(code(await shop.call('POST', '/v2/orders', { checkoutId: basket.id }))).toEqual([
        409,
        'session_source_amount_too_large',
        undefined,
      ])
    })

    it('by goods of other sellers, and pays its own merchant’s alone', async () => {
      const other = await shop.must('POST', '/v2/merchants', { name: 'Second seller', stripeAccountId: 'acct_second' })
      const sku = { id: 'their-font', merchantId: other.id, name: 'Font', kind: 'digital', price: 50, currency: 'USD' }
      await shop.must('POST', '/v2/skus', { ...sku, delivery: { contentType: 'text', content: 'glyphs' } })
      const theirs = { skuId: 'their-font', quantity: 1 }
      expect(code((await ordered([theirs], 5)).answer)).toEqual([409, 'merchant_share_negative', undefined])
      const { order } = await ordered([theirs, course(50)], 30)
      const splits = await system.database.sql<{ amount: number }>(
        `select amount from splits where order_id = $1 and kind = 'merchant' order by position`,
        [order.id],
      )
      // 1 % of 50.00 each, and of 2.10 for the card what each has of the 70.00 that it pays.
      expect(splits.map(({ amount }) => amount)).toEqual([4_800, 1_890])
    })

    it('where its merchant would owe the shares of others', async () => {
      const basket = await checkout([course(50)], { sourceId: await shop.source({}) })
      const source = await credit(49.99)
      await shop.must('POST', `/checkouts/${basket.id}/sources/${source.id}`)
      expect(code(await shop.call('POST', '/v2/orders', { checkoutId: basket.id }))).toEqual([
        409,
        'merchant_share_negative',
        undefined,
      ])
    })
  })

  it.each([null, 'acct_millstore'])(
    'adds up in random lives, cent by cent, with what Stripe has (%s)',
    async (account) => {
      const books = lifecycleBooks(system, shop)
      await sellsFor(account)
      const lives = Array.from({ length: 12 }, async (_, seed) => {
        const { pick, below } = random(seed)
        const items = Array.from({ length: 1 + below(3) }, () =>
          course(pick([9.99, 33.33, 100, 4.5]), { quantity: 1 + below(4) }),
        )
        const euros = below(2) === 0 ? { currency: 'EUR', billTo: inBerlin } : {}
        const basket = await checkout(items, { ...euros, sourceId: await shop.source({ saved: true }) })
        const most = Math.floor(basket.subtotal * 85)
        const source = await credit((1 + below(most)) / 100, { currency: basket.currency })
        await shop.must('POST', `/checkouts/${basket.id}/sources/${source.id}`)
        const answer = await shop.call('POST', '/v2/orders', { checkoutId: basket.id })
        if (answer.status !== 201) return expect(code(answer)).toEqual([409, 'merchant_share_negative', undefined])
        const order = answer.body
        for (const { id: itemId, quantity } of order.items) {
          const kept = below(quantity + 1)
          for (let piece = 0; piece < kept; piece += 1) await shop.fulfil(order.id, [{ itemId, quantity: 1 }])
          if (kept < quantity) await shop.fulfil(order.id, [{ itemId, cancelQuantity: quantity - kept }])
        }
        const done = await shop.settled(order.id)
        expect(done.capturedAmount + done.cancelledAmount).toBeCloseTo(order.totalAmount, 5)
        for (const item of done.items) {
          if (item.availableToRefundAmount < 0.02) continue
          const amount = Math.round(item.availableToRefundAmount * (1 + below(99))) / 100
          if (amount > 0) await refund(order.id, { items: [{ itemId: item.id, amount }] })
        }
        if (done.capturedAmount > 0) {
          await shop.call('POST', '/v2/refunds', { orderId: order.id })
          const end = await shop.settled(order.id)
          expect(end).toMatchObject({ state: 'returned', availableToRefundAmount: 0 })
          expect(end.refundedAmount).toBeCloseTo(done.capturedAmount, 5)
          const [left] = await system.database.sql<{ credit: number; money: number }>(
            `select (select sum(credit_amount) from refunds where order_id = $1 and state = 'succeeded') as credit,
             (select sum(captured_amount - refunded_amount) from charges where order_id = $1) as money`,
            [order.id],
          )
          expect(left?.money).toBe(0)
          expect(left?.credit ?? 0).toBeLessThanOrEqual(Math.round(order.creditAmount * 100))
        }
        await booksAgree(order.id)
      })
      await Promise.all(lives)
      await books.quiet()
      expect((await books.complaints()).filter((line) => !line.includes('booked to the account'))).toEqual([])
      expect(await books.disagreements()).toEqual([])
    },
  )

  it('loses money alone by a dispute, and can still return the credit', async () => {
    const { order } = await ordered([course(100)], 40)
    const { charges } = await fulfil(order, [{ itemId: order.items[0].id, quantity: 1 }])
    const bankSays = async (event: string, status: string) => {
      const body = stripeEvent(`charge.dispute.${event}`, {
        id: `dp_${order.id}`,
        object: 'dispute',
        amount: 6_000,
        currency: 'usd',
        status,
        reason: 'fraudulent',
        payment_intent: charges[0].providerReference,
        metadata: {},
      })
      expect((await sendStripe(system, body)).status).toBe(200)
    }
    await bankSays('created', 'needs_response')
    await eventually(async () => {
      const answer = await shop.call('POST', '/v2/refunds', { orderId: order.id, amount: 1_000 })
      return answer.body.errors[0].code === 'order_disputed' ? answer : undefined
    }, 'the dispute')
    await bankSays('closed', 'lost')
    await eventually(
      async () => ((await shop.read(order.id)).disputeState === 'lost' ? true : undefined),
      'the dispute to be lost',
    )
    expect(await shop.settled(order.id)).toMatchObject({ availableToRefundAmount: 40 })
    expect(await refund(order.id)).toMatchObject({ amount: 40, creditAmount: 40, state: 'succeeded', charges: [] })
    expect((await shop.stripe(order.id)).refunds).toEqual([])
    expect(await shop.settled(order.id)).toMatchObject({ availableToRefundAmount: 0 })
  })
})
