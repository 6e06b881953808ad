import { describe, expect, it } from 'vitest'
import { sweepUndecidedRefunds } from '../../src/confirmation/sweeps.ts'
import { requestRefund } from '../../src/refunds/request-refund.ts'
import { inTransaction } from '../../src/tasks/transaction.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'

const mug = { productDetails: { name: 'Mug', physical: true, weight: 1, weightUnit: 'lb' } }
const code = (answer: Answer) => [answer.status, answer.body.errors?.[0]?.code, answer.body.errors?.[0]?.parameter]

// Removes the risk that a buyer gets back too much, twice or nothing, or that shares stay with those who have no right to them.
describe('refunding an order', () => {
  const { system, shop } = runningShop(merchantOrders)

  const refund = (body: Json) => shop.call('POST', '/v2/refunds', { currency: 'USD', ...body })

  /** Two mugs at 10 and a cup at 15 with 5 for shipping, all fulfilled and captured. */
  const captured = async (more: Json = {}) => {
    const order = await shop.submit(
      [
        { ...mug, quantity: 2, price: 10 },
        { ...mug, quantity: 1, price: 15 },
      ],
      { shippingChoice: { amount: 5, description: 'Parcel', serviceLevel: 'SG' }, ...more },
    )
    await shop.fulfil(
      order.id,
      order.items.map((item: { id: string; quantity: number }) => ({ itemId: item.id, quantity: item.quantity })),
    )
    await shop.until(order.id, (seen) => seen.state === 'complete', 'state complete')
    return shop.settled(order.id)
  }

  /** A voucher's money on its way back, which waits for the buyer to name a bank account. */
  const refundOfVoucher = async () => {
    const order = await shop.submit(
      [{ ...mug, quantity: 1, price: 3_000 }],
      { currency: 'JPY' },
      { type: 'konbini', flow: 'receiver', card: null },
    )
    const reference = order.charges[0].providerReference
    await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${reference}/pay-voucher`, {})
    await shop.until(order.id, (seen) => seen.state === 'accepted', 'state accepted')
    const { body } = await refund({ orderId: order.id, currency: 'JPY' })
    const state = async () => (await shop.must('GET', `/v2/refunds/${body.id}`)).state
    await eventually(async () => ((await state()) === 'pending_information' ? true : undefined), 'pending_information')
    return { order, state }
  }

  it('I11 is asked for by the merchant of the order, whoever passes the question on', async () => {
    const order = await captured()
    const asked = inTransaction(system.parts, (tx) =>
      requestRefund(tx, { orderId: order.id, merchantId: 'mer_nobodys' }),
    )
    await expect(asked).rejects.toMatchObject({ code: 'not_found', parameter: 'orderId' })
    expect((await shop.read(order.id)).refundedAmount).toBe(0)
  })

  it('gives a part back at once, and takes the same part of every share', async () => {
    const order = await captured()
    const answer = await refund({ orderId: order.id, amount: 10, reason: 'scratched', metadata: { ticket: 7 } })
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ orderId: order.id, amount: 10, state: 'pending', reason: 'scratched' })
    const after = await shop.until(order.id, (seen) => seen.refundedAmount === 10, 'the refund')
    await shop.settled(order.id)
    expect(after).toMatchObject({ state: 'complete', availableToRefundAmount: 30 })
    expect(after.charges[0].refunds).toMatchObject([{ amount: 10, state: 'complete', refundId: answer.body.id }])
    expect(await shop.must('GET', `/v2/refunds/${answer.body.id}`)).toMatchObject({
      state: 'succeeded',
      refundedAmount: 10,
      charges: [{ id: order.charges[0].id, captured: true, refunded: true, refunds: [{ amount: 10 }] }],
    })
    const { charges, balanced } = await shop.audit(order.id)
    expect(charges).toMatchObject([{ refunded: 1_000, executed: 4_000, reversed: 1_000, balance: 0 }])
    expect(balanced).toBe(true)
    const { refunds, transfers, reversals } = await shop.stripe(order.id)
    expect([refunds, reversals.length]).toEqual([[1_000], 1])
    expect(reversals[0]).toBeLessThan(transfers[0])
    await shop.heard(order.id, 'refund.pending', 'refund.complete', 'order.charge.refund.complete')
  })

  it('gives everything that is left back when no amount is named, and returns the order', async () => {
    const order = await captured()
    expect((await refund({ orderId: order.id, percent: 25 })).body).toMatchObject({ amount: 10, percent: 25 })
    const rest = await shop.must('POST', '/v2/refunds', { orderId: order.id })
    expect(rest.amount).toBe(30)
    const returned = await shop.until(order.id, (seen) => seen.state === 'returned', 'state returned')
    expect(returned).toMatchObject({ status: 'REFUNDED', refundedAmount: 40, availableToRefundAmount: 0 })
    expect(returned.items.every((item: { state: string }) => item.state === 'returned')).toBe(true)
    await shop.settled(order.id)
    expect((await shop.audit(order.id)).charges).toMatchObject([{ refunded: 4_000, reversed: 4_000, balance: 0 }])
    const splits = (await shop.must('GET', `/v2/orders/${order.id}/distribution`)).data
    expect(new Set(splits.map((split: { state: string }) => split.state))).toEqual(new Set(['reversed']))
    await shop.heard(order.id, 'order.refunded')
    expect(code(await refund({ orderId: order.id }))).toEqual([409, 'order_not_refundable', undefined])
  })

  it('gives lines back by quantity, amount, percent and component', async () => {
    const order = await captured()
    const [mugs, cup] = order.items
    const shares = async (items: Json[]) => {
      const { body } = await refund({ orderId: order.id, items })
      return body.items?.map((item: { amount: number }) => item.amount) ?? body
    }
    const cost = 10 + mugs.shipping.amount / 2
    expect(await shares([{ itemId: mugs.id, quantity: 1 }])).toEqual([cost])
    expect(
      await shares([
        { itemId: mugs.id, type: 'shipping', amount: 0.5 },
        { itemId: cup.id, percent: 10 },
      ]),
    ).toEqual([0.5, Math.round((15 + cup.shipping.amount) * 10) / 100])
    expect(await shares([{ itemId: cup.id, type: 'shipping' }])).toEqual([cup.shipping.amount])
    const after = await shop.settled(order.id)
    expect(after.items[0].availableToRefundAmount).toBe(cost - 0.5)
    expect((await shop.audit(order.id)).charges).toMatchObject([{ balance: 0 }])
  })

  it('gives the shipping of lines back once, however it is asked for', async () => {
    const order = await captured()
    const [mugs, cup] = order.items
    const all = mugs.shipping.amount + cup.shipping.amount
    expect(all).toBeGreaterThan(0)
    const { body } = await refund({ orderId: order.id, shipping: true })
    expect([body.amount, body.items.map(({ type }: { type: string }) => type)]).toEqual([all, ['shipping', 'shipping']])
    await shop.settled(order.id)
    const line = { itemId: mugs.id, type: 'shipping' }
    for (const wish of [
      { shipping: true },
      { type: 'shipping' },
      ...[line, { ...line, percent: 100 }, { ...line, quantity: 2, percent: 100 }].map((item) => ({ items: [item] })),
    ])
      expect(code(await refund({ orderId: order.id, ...wish })), JSON.stringify(wish)).toEqual([
        400,
        'invalid_parameter',
        'amountRequested',
      ])
  })

  it('refuses what cannot be given back, with the parameter', async () => {
    const order = await captured()
    const { id: orderId } = order
    const itemId = order.items[1].id
    expect(code(await refund({ orderId, currency: 'EUR', amount: 1 }))).toEqual([400, 'invalid_parameter', 'currency'])
    expect(code(await refund({ orderId, amount: 40.01 }))).toEqual([400, 'invalid_parameter', 'amountRequested'])
    expect(code(await refund({ orderId, amount: 1.001 }))).toEqual([400, 'invalid_amount', 'amount'])
    expect(code(await refund({ orderId, percent: 100.5 }))[0]).toBe(400)
    expect(code(await refund({ orderId, amount: 1, percent: 1 }))[0]).toBe(400)
    expect(code(await refund({ orderId, items: [{ itemId, amount: 99 }] }))).toEqual([
      400,
      'invalid_parameter',
      'amountRequested',
    ])
    expect(code(await refund({ orderId, type: 'tax', percent: 50 }))).toEqual([
      400,
      'invalid_parameter',
      'percentRequested',
    ])
    expect(code(await refund({ orderId: 'ord_none' }))).toEqual([404, 'not_found', 'orderId'])
    expect(code(await refund({ orderId, reason: 'x'.repeat(65) }))[0]).toBe(400)

    const held = await shop.submit([{ ...mug, price: 10 }])
    expect(code(await refund({ orderId: held.id }))).toEqual([409, 'order_not_refundable', undefined])
    expect(code(await refund({ orderId: held.id, amount: 1 }))).toEqual([400, 'invalid_parameter', 'amountRequested'])
  })

  it('holds refunds back while the payment is disputed, and shows the dispute', async () => {
    const order = await captured()
    const dispute = await shop.sandbox('POST', '/sandbox/stripe/disputes', {
      payment_intent: order.charges[0].providerReference,
    })
    await shop.until(order.id, (seen) => seen.disputeState !== undefined, 'the dispute')
    expect(code(await refund({ orderId: order.id, amount: 1 }))).toEqual([400, 'order_disputed', undefined])
    expect(
      code(
        await shop.call('POST', '/v2/returns', {
          orderId: order.id,
          items: [{ itemId: order.items[0].id, quantity: 1 }],
        }),
      ),
    ).toEqual([409, 'order_not_submitted', undefined])
    await shop.sandbox('POST', `/sandbox/stripe/disputes/${dispute.id}/close`, { status: 'won' })
    await shop.until(order.id, (seen) => seen.disputeState === 'won', 'the end of the dispute')
    expect((await refund({ orderId: order.id, amount: 1 })).status).toBe(201)
  })

  it('promises nothing twice: refunds at once never add up to more than was captured', async () => {
    const order = await captured()
    const answers = await Promise.all(Array.from({ length: 5 }, () => refund({ orderId: order.id, amount: 15 })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 400, 400, 400])
    expect((await shop.settled(order.id)).refundedAmount).toBe(30)
    expect((await shop.stripe(order.id)).refunds).toEqual([1_500, 1_500])
  })

  it.each([
    ['refunds.create', 'drop_after'],
    ['refunds.create', 'drop_before'],
    ['transfer_reversals.create', 'drop_after'],
  ])('I3 %s %s: given back once', async (operation, kind) => {
    const order = await captured()
    await shop.sandbox('POST', '/sandbox/faults', { provider: 'stripe', operation, kind, times: 3 })
    await refund({ orderId: order.id, amount: 20 })
    await shop.until(order.id, (seen) => seen.refundedAmount === 20, 'the refund')
    await shop.settled(order.id)
    const { refunds, reversals } = await shop.stripe(order.id)
    expect([refunds, reversals.length]).toEqual([[2_000], 1])
    expect((await shop.audit(order.id)).charges).toMatchObject([{ refunded: 2_000, reversed: 2_000, balance: 0 }])
    await shop.sandbox('DELETE', '/sandbox/faults')
  })

  it('a refused refund fails, frees what it took, and needs a person', async () => {
    const order = await captured()
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'refunds.create',
      kind: 'status',
      status: 400,
      times: 1,
    })
    const { body } = await refund({ orderId: order.id, amount: 20 })
    const after = await shop.until(order.id, (seen) => seen.attention !== undefined, 'attention')
    expect(after).toMatchObject({ state: 'complete', refundedAmount: 0, availableToRefundAmount: 40 })
    expect(await shop.must('GET', `/v2/refunds/${body.id}`)).toMatchObject({ state: 'failed', refundedAmount: 0 })
    await shop.heard(order.id, 'refund.failed', 'order.charge.refund.failed', 'order.attention')
    expect((await shop.audit(order.id)).charges).toMatchObject([{ refunded: 0, reversed: 0 }])
  })

  it('a refund that fails after it succeeded is booked back', async () => {
    const order = await captured()
    const { body } = await refund({ orderId: order.id, amount: 20 })
    await shop.until(order.id, (seen) => seen.refundedAmount === 20, 'the refund')
    await shop.settled(order.id)
    await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${order.charges[0].providerReference}/refund-fail`, {})
    const after = await shop.until(order.id, (seen) => seen.refundedAmount === 0, 'the money to be back')
    expect(after).toMatchObject({ availableToRefundAmount: 40, charges: [{ refunds: [{ state: 'failed' }] }] })
    expect(after.attention.reason).toBe('refund failed at the provider')
    expect(await shop.must('GET', `/v2/refunds/${body.id}`)).toMatchObject({ state: 'failed', refundedAmount: 0 })
    const { charges, balanced } = await shop.audit(order.id)
    expect([charges[0]?.balance, charges[0]?.reversed, balanced]).toEqual([0, 0, true])
    await shop.heard(order.id, 'refund.failed', 'order.charge.refund.failed')
  })

  it('a refund that needs the buyer goes on when the buyer has answered', async () => {
    const { order, state } = await refundOfVoucher()
    expect((await shop.read(order.id)).refundedAmount).toBe(0)
    const [sent] = (await shop.books(order.id)).stripe.refunds
    await shop.sandbox('POST', `/sandbox/stripe/refunds/${sent.id}/finish`, {})
    const done = await shop.until(order.id, (seen) => seen.state === 'cancelled', 'state cancelled')
    expect([await state(), done.refundedAmount]).toEqual(['succeeded', order.totalAmount])
    await shop.settled(order.id)
    expect((await shop.audit(order.id)).charges).toMatchObject([{ refunded: 3_000, balance: 0 }])
    await shop.heard(order.id, 'refund.pending_information', 'refund.complete', 'order.cancelled')
  })

  it('K4 a refund whose webhook never comes is asked about', async () => {
    const { order, state } = await refundOfVoucher()
    await shop.settled(order.id)
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' })
    try {
      const [sent] = (await shop.books(order.id)).stripe.refunds
      const age = (minutes: number) =>
        system.database.sql(
          `update charge_entries set created_at = now() - make_interval(mins => $2) where order_id = $1 and kind = 'refund'`,
          [order.id, minutes],
        )
      const checks = async () =>
        (
          await system.database.sql(
            `select id from tasks where order_id = $1 and job = 'check-refund' and state = 'done'`,
            [order.id],
          )
        ).length
      // Still undecided there: asked once, and again only when it is twice as old.
      await age(11)
      await eventually(async () => ((await checks()) === 1 ? true : undefined), 'the first question')
      await sweepUndecidedRefunds(system.parts)
      await shop.settled(order.id)
      expect([await checks(), await state()]).toEqual([1, 'pending_information'])
      await shop.sandbox('POST', `/sandbox/stripe/refunds/${sent.id}/finish`, {})
      await age(21)
      const done = await shop.until(order.id, (seen) => seen.state === 'cancelled', 'state cancelled')
      expect([await state(), done.refundedAmount]).toEqual(['succeeded', order.totalAmount])
      await shop.settled(order.id)
      expect((await shop.audit(order.id)).charges).toMatchObject([{ refunded: 3_000, balance: 0 }])
    } finally {
      await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'normal' })
    }
  })

  it('lists refunds of an order, and changes metadata only', async () => {
    const order = await captured()
    const made = []
    for (const amount of [1, 2, 3]) made.push((await refund({ orderId: order.id, amount })).body.id)
    const list = (query: string) => shop.must('GET', `/v2/refunds?orderId=${order.id}&${query}`)
    expect((await list('')).data.map(({ id }: { id: string }) => id)).toEqual(made.toReversed())
    const page = await list(`limit=1&startingAfter=${made[2]}`)
    expect([page.hasMore, page.data[0].id]).toEqual([true, made[1]])
    const changed = await shop.must('POST', `/v2/refunds/${made[0]}`, { amount: 9, metadata: { note: 'called' } })
    expect(changed).toMatchObject({ amount: 1, metadata: { note: 'called' } })
    expect((await shop.call('GET', '/v2/refunds/re_none')).status).toBe(404)
  })
})
