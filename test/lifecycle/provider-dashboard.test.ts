import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stripeEventTypes } from '../../src/providers/stripe/stripe-events.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'
import { random } from './lifecycle-actor.ts'

const mug = { productDetails: { name: 'Mug', physical: true } }

// Removes the risk that what somebody does in the provider's own dashboard never reaches the books, or reaches them twice.
describe('R288 what is done in the dashboard of the provider', () => {
  const { system, shop } = runningShop(merchantOrders, { env: { REFUND_BEARER: 'platform' } })

  beforeAll(async () => {
    await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 100_000 })
    const second = await shop.must('POST', '/v2/merchants', { name: 'Second seller', stripeAccountId: 'acct_second' })
    await shop.must('POST', '/v2/skus', {
      id: 'font',
      merchantId: second.id,
      name: 'Font',
      kind: 'digital',
      price: 12.5,
      currency: 'USD',
      delivery: { contentType: 'text', content: 'glyphs' },
    })
    // What the runbook says to enable has to be enough.
    await webhooks({ mode: 'normal' })
  })
  afterEach(async () => {
    await shop.sandbox('DELETE', '/sandbox/faults')
    await webhooks({ mode: 'normal' })
  })

  const webhooks = (settings: Json) =>
    shop.sandbox('POST', '/sandbox/webhooks', {
      provider: 'stripe',
      copies: 1,
      delayMs: 0,
      enabledEvents: stripeEventTypes,
      ...settings,
    })
  const dashboard = (path: string, body: Json = {}) => shop.sandbox('POST', `/sandbox/stripe/dashboard/${path}`, body)
  const intentOf = (order: Answer['body']): string => order.charges[0].providerReference
  const refundThere = (order: Answer['body'], amount?: number) =>
    dashboard('refunds', { payment_intent: intentOf(order), ...(amount === undefined ? {} : { amount }) })
  const refundsOf = async (orderId: string) => (await shop.must('GET', `/v2/refunds?orderId=${orderId}`)).data

  const paid = async (skus = ['sku-digital']) => {
    const order = await shop.order(
      skus.map((skuId) => ({ skuId })),
      { email: `${crypto.randomUUID()}@example.com` },
    )
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    return shop.settled(order.id)
  }

  /** Every webhook was applied, and nothing is left to be done; none arrived while that was looked at. */
  const quiet = async (orderId: string) => {
    await eventually(
      async () => {
        const before = await shop.sandbox('GET', '/sandbox/webhooks')
        const [row] = await system.database.sql<{ open: number }>(
          `select (select count(*) from inbox_events where handled_at is null)
           + (select count(*) from tasks where order_id = $1 and state <> 'done') as open`,
          [orderId],
        )
        const { pending, delivered } = await shop.sandbox('GET', '/sandbox/webhooks')
        return row?.open === 0 && !before.pending && !pending && before.delivered === delivered ? true : undefined
      },
      async () =>
        `every webhook and task to be done; open: ${JSON.stringify(
          await system.database.sql(
            `select job, state, last_error as error from tasks where order_id = $1 and state <> 'done'
           union all select type, 'unhandled', body ->> 'id' from inbox_events where handled_at is null`,
            [orderId],
          ),
        )}`,
    )
    return shop.read(orderId)
  }

  /** What our books say of an order's money, once they agree with Stripe's. */
  const agreed = async (orderId: string) => {
    const order = await quiet(orderId)
    const { refunds, transfers, transferReversals, captures } = (await shop.books(orderId)).stripe
    const sum = (rows: { amount: number; status?: string }[]) =>
      rows.filter(({ status }) => status !== 'failed').reduce((total, { amount }) => total + amount, 0)
    const { charges, balanced } = await shop.audit(orderId)
    const [ours] = await system.database.sql<{ account: number; provider: number }>(
      `select coalesce(sum(amount) filter (where account like 'account:%'), 0) as account,
         coalesce(sum(amount) filter (where account = 'provider:stripe'), 0) as provider
       from ledger_entries where order_id = $1 and correlation_key not in (select id from splits where order_id = $1)
         and correlation_key not like 'spl\\_%'`,
      [orderId],
    )
    const money = charges.reduce((total, charge) => total + charge.captured, 0)
    const back = charges.reduce((total, charge) => total + charge.refunded, 0)
    expect([money, back, balanced]).toEqual([sum(captures), sum(refunds), true])
    expect(ours?.account).toBe(sum(transfers) - sum(transferReversals))
    expect((ours?.provider ?? 0) + money - back).toBe(0)
    for (const charge of charges)
      expect(charge.executed - charge.reversed + charge.balance).toBe(charge.captured - charge.refunded)
    return { order, account: ours?.account, refunded: back, charges }
  }

  describe('a refund', () => {
    it('of everything is booked once, however often it is told, and returns the order', async () => {
      await webhooks({ mode: 'shuffle', delayMs: 40, copies: 3, seed: 9 })
      const order = await paid()
      const { id } = await refundThere(order)
      await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
      await shop.sandbox('POST', '/sandbox/webhooks/resend', { provider: 'stripe', type: 'refund.created' })
      const { order: after, account, refunded, charges } = await agreed(order.id)
      expect([account, refunded, charges[0]?.balance]).toEqual([0, 2_000, 0])
      expect(after).toMatchObject({ status: 'REFUNDED', refundedAmount: 20, availableToRefundAmount: 0 })
      expect(after.items[0].delivery).toBeUndefined()
      expect(await refundsOf(order.id)).toMatchObject([
        { origin: 'provider', state: 'succeeded', amount: 20, items: [{ itemId: order.items[0].id, amount: 20 }] },
      ])
      const [operation] = await system.database.sql('select id from operations where provider_reference = $1', [id])
      expect(operation).toBeDefined()
      await shop.heard(order.id, 'refund.complete', 'order.refunded')
    })

    it('of a part leaves the rest to ours, to the cent', async () => {
      const order = await paid()
      await refundThere(order, 733)
      await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 7.33, 'the refund')
      // 1 % and 3 % are not the seller's: 7.33 less 0.07 and 0.22.
      expect(await agreed(order.id)).toMatchObject({ account: 1_920 - 704, refunded: 733 })
      expect((await shop.call('POST', '/v2/refunds', { orderId: order.id, amount: 12.68 })).status).toBe(400)
      expect(await shop.must('POST', '/v2/refunds', { orderId: order.id })).toMatchObject({ amount: 12.67 })
      await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
      expect(await agreed(order.id)).toMatchObject({ account: 0, refunded: 2_000 })
      expect((await refundsOf(order.id)).map(({ origin }: Json) => origin)).toEqual(['ordermill', 'provider'])
    })

    it('that takes what one of ours was about to take fails ours, and the rest can be given', async () => {
      const order = await paid()
      await shop.sandbox('POST', '/sandbox/faults', {
        provider: 'stripe',
        operation: 'refunds.create',
        kind: 'drop_before',
        times: 1,
      })
      await shop.must('POST', '/v2/refunds', { orderId: order.id, amount: 15 })
      await refundThere(order, 1_000)
      await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 10, 'the refund made there')
      await quiet(order.id)
      const states = (await refundsOf(order.id)).map(({ state, origin }: Json) => [origin, state])
      expect(states).toEqual(
        expect.arrayContaining([
          ['ordermill', 'failed'],
          ['provider', 'succeeded'],
        ]),
      )
      await shop.must('POST', '/v2/refunds', { orderId: order.id, amount: 10 })
      await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
      expect(await agreed(order.id)).toMatchObject({ account: 0, refunded: 2_000 })
    })

    it.each(['before the answer', 'after it'])(
      'of all that one of ours was about to take leaves nobody anything to decide, told of %s',
      async (told) => {
        const order = await paid()
        await shop.sandbox('POST', '/sandbox/faults', {
          provider: 'stripe',
          operation: 'refunds.create',
          kind: 'drop_before',
          times: 2,
        })
        if (told === 'after it') await webhooks({ mode: 'paused' })
        await shop.must('POST', '/v2/refunds', { orderId: order.id })
        await refundThere(order)
        if (told === 'after it')
          await eventually(
            async () => (await refundsOf(order.id)).find(({ state }: Json) => state === 'failed'),
            'ours to be refused',
          )
        await webhooks({ mode: 'normal' })
        await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
        const { order: after, account, refunded } = await agreed(order.id)
        expect([after.attention, account, refunded]).toEqual([undefined, 0, 2_000])
      },
    )

    it.each([
      ['slow', { delayMs: 1_200, after: true }],
      ['drop_after', {}],
    ])(
      'of ours is never taken for one of theirs, though its webhooks come before the answer (%s)',
      async (kind, more) => {
        await webhooks({ mode: 'shuffle', delayMs: 20, copies: 2, seed: 3 })
        const order = await paid()
        await shop.sandbox('POST', '/sandbox/faults', {
          provider: 'stripe',
          operation: 'refunds.create',
          kind,
          times: 1,
          ...more,
        })
        await shop.must('POST', '/v2/refunds', { orderId: order.id, amount: 8 })
        await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 8, 'the refund')
        expect(await agreed(order.id)).toMatchObject({ refunded: 800 })
        expect(await refundsOf(order.id)).toMatchObject([{ origin: 'ordermill', amount: 8, state: 'succeeded' }])
      },
    )

    it('whose webhooks never come is found when somebody asks', async () => {
      const order = await paid()
      await webhooks({ mode: 'paused' })
      await refundThere(order, 500)
      await refundThere(order, 300)
      const asked = await shop.must('POST', `/v2/orders/${order.id}/refresh`)
      expect(asked.refundedAmount).toBe(8)
      expect((await refundsOf(order.id)).map(({ amount }: Json) => amount)).toEqual([3, 5])
      await shop.must('POST', `/v2/orders/${order.id}/refresh`)
      await webhooks({ mode: 'normal' })
      expect(await agreed(order.id)).toMatchObject({ refunded: 800 })
      expect(await refundsOf(order.id)).toHaveLength(2)
    })

    it('in the place of one that has failed is booked whole, though the failure is told after it', async () => {
      const order = await paid()
      await webhooks({ enabledEvents: ['refund.created'] })
      const first = await refundThere(order, 1_200)
      await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 12, 'the first refund')
      await shop.sandbox('POST', `/sandbox/stripe/refunds/${first.id}/fail`, {})
      await refundThere(order, 1_500)
      await eventually(async () => {
        const [row] = await system.database.sql(
          `select 1 from tasks where job = 'apply-payment-event' and state <> 'done' and last_error = 'refund_not_booked_back'`,
        )
        return row
      }, 'the second refund to wait for the failure of the first')
      await webhooks({ enabledEvents: ['refund.created', 'refund.failed'] })
      await shop.must('POST', `/v2/orders/${order.id}/refresh`)
      await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 15, 'the second refund')
      expect(await agreed(order.id)).toMatchObject({ refunded: 1_500 })
      expect((await refundsOf(order.id)).map(({ amount, state }: Json) => [amount, state])).toEqual([
        [15, 'succeeded'],
        [12, 'failed'],
      ])
    })

    it('of which only charge.refunded is told is asked about', async () => {
      const order = await paid()
      await webhooks({ enabledEvents: ['charge.refunded'] })
      await refundThere(order, 500)
      await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 5, 'the refund')
    })

    it('that the bank sends back is undone like one of ours', async () => {
      const order = await paid()
      const { id } = await refundThere(order)
      await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
      await quiet(order.id)
      await shop.sandbox('POST', `/sandbox/stripe/refunds/${id}/fail`, {})
      const after = await shop.until(order.id, ({ state }) => state === 'complete', 'state complete')
      expect(after.items[0].delivery).toBeDefined()
      expect(await agreed(order.id)).toMatchObject({ account: 1_920, refunded: 0 })
      expect(await refundsOf(order.id)).toMatchObject([{ origin: 'provider', state: 'failed' }])
    })
  })

  describe('a reversal of a transfer', () => {
    const transferOf = async (orderId: string) => (await shop.books(orderId)).stripe.transfers[0].id
    const owed = async (order: Answer['body']) => {
      const [row] = await system.database.sql<{ owed: number }>(
        `select coalesce(sum(amount), 0) as owed from ledger_entries where order_id = $1 and account = $2`,
        [order.id, `merchant:${order.items[0].merchantId}`],
      )
      return row?.owed
    }

    it('is booked once, and refunds take only what is left of it', async () => {
      await webhooks({ mode: 'shuffle', delayMs: 30, copies: 2, seed: 4 })
      const order = await paid()
      const transfer = await transferOf(order.id)
      await dashboard(`transfers/${transfer}/reversals`, { amount: 700 })
      await dashboard(`transfers/${transfer}/reversals`, { amount: 300 })
      await eventually(async () => ((await owed(order)) === 1_000 ? true : undefined), 'both reversals to be booked')
      expect(await agreed(order.id)).toMatchObject({ account: 920, refunded: 0 })
      await shop.must('POST', '/v2/refunds', { orderId: order.id })
      await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
      expect(await agreed(order.id)).toMatchObject({ account: 0, refunded: 2_000 })
      expect(await owed(order)).toBe(0)
    })

    it('that nobody told of does not make our refund fail for ever', async () => {
      const order = await paid()
      const transfer = await transferOf(order.id)
      await webhooks({ mode: 'paused' })
      await dashboard(`transfers/${transfer}/reversals`, { amount: 1_900 })
      await shop.must('POST', '/v2/refunds', { orderId: order.id })
      await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
      await shop.settled(order.id)
      await webhooks({ mode: 'normal' })
      expect(await agreed(order.id)).toMatchObject({ account: 0, refunded: 2_000 })
      expect((await shop.read(order.id)).attention).toBeUndefined()
    })

    it('beside one of ours whose answer was lost does not make another refund of ours fail for ever', async () => {
      const order = await paid()
      const [item] = order.items
      const refund = (amount: number) =>
        shop.must('POST', '/v2/refunds', { orderId: order.id, items: [{ itemId: item.id, amount }] })
      const reversalWaits = (until: string) =>
        system.database.sql(
          `update operations set lease_until = $2::timestamptz where order_id = $1 and kind = 'transfer_reversal'
             and state = 'unknown' returning id`,
          [order.id, until],
        )
      await webhooks({ mode: 'paused' })
      for (const [operation, kind] of [
        ['transfer_reversals.create', 'drop_after'],
        ['transfer_reversals.list', 'drop_before'],
      ])
        await shop.sandbox('POST', '/sandbox/faults', { provider: 'stripe', operation, kind, times: 1_000 })
      await refund(5)
      await eventually(async () => (await reversalWaits('infinity'))[0], 'the first reversal to be made unheard')
      await shop.sandbox('DELETE', '/sandbox/faults')
      await dashboard(`transfers/${await transferOf(order.id)}/reversals`, { amount: 1_300 })
      await refund(5)
      await eventually(async () => {
        const [tried] = await system.database.sql(
          `select 1 from tasks where order_id = $1 and last_error = 'reversed_elsewhere'`,
          [order.id],
        )
        return tried
      }, 'the second refund to be refused')
      await reversalWaits('-infinity')
      await webhooks({ mode: 'normal' })
      expect(await agreed(order.id)).toMatchObject({ account: 0, refunded: 1_000 })
    })

    it('is found when somebody asks', async () => {
      const order = await paid()
      await webhooks({ mode: 'paused' })
      await dashboard(`transfers/${await transferOf(order.id)}/reversals`)
      await shop.must('POST', `/v2/orders/${order.id}/refresh`)
      expect(await owed(order)).toBe(1_920)
    })
  })

  describe('a cancellation', () => {
    it('ends an order that waits for its payment', async () => {
      const order = await shop.order([{ skuId: 'sku-digital' }])
      const { clientSecret } = await shop.intent(order.id)
      await dashboard(`payment_intents/${clientSecret.split('_secret_')[0]}/cancel`)
      const after = await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
      expect(after.cancelReason).toBe('payment cancelled at the provider')
    })

    it('ends an order whose money was held, and releases its pieces', async () => {
      const order = await shop.submit([{ ...mug, quantity: 2, price: 10 }])
      expect(order).toMatchObject({ state: 'accepted', charges: [{ state: 'capturable' }] })
      await dashboard(`payment_intents/${intentOf(order)}/cancel`)
      const after = await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
      expect(after.items[0]).toMatchObject({ state: 'cancelled', cancelledQuantity: 2 })
      expect(await agreed(order.id)).toMatchObject({ refunded: 0, charges: [{ captured: 0, cancelled: 2_000 }] })
    })

    it('of a part that is handed over already needs a person', async () => {
      const order = await shop.submit([
        { ...mug, quantity: 1, price: 10 },
        { ...mug, quantity: 1, price: 15 },
      ])
      await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1 }])
      await shop.settled(order.id)
      await dashboard(`payment_intents/${intentOf(order)}/cancel`)
      const after = await shop.until(order.id, ({ attention }) => attention !== undefined, 'attention')
      expect(after.state).toBe('accepted')
    })
  })

  describe('and here at the same time', () => {
    const refuses = async (work: Promise<unknown>) => {
      await work.catch((error: Error) => {
        // Each side may be too late for what the other one has given back or taken.
        if (!/answered (40[049]|503)/.test(error.message)) throw error
      })
    }

    it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
      'in any mixture (%i) both books end alike, with answers lost and webhooks shuffled',
      async (seed) => {
        const dice = random(seed)
        const orders = [await paid(), await paid(['sku-digital', 'font']), await paid(['font', 'sku-digital'])]
        await webhooks({ mode: 'shuffle', delayMs: 30, copies: 2, seed })
        for (const kind of ['drop_after', 'drop_before'])
          await shop.sandbox('POST', '/sandbox/faults', { provider: 'stripe', operation: '*', kind, rate: 0.08, seed })
        const act = async (order: Answer['body']) => {
          const { transfers, refunds } = (await shop.books(order.id)).stripe
          const cents = 1 + dice.below(900)
          const item = dice.pick(order.items as { id: string }[])
          switch (dice.below(6)) {
            case 0:
              return refuses(
                shop.must('POST', '/v2/refunds', {
                  orderId: order.id,
                  items: [{ itemId: item.id, amount: cents / 100 }],
                }),
              )
            case 1:
              return refuses(shop.must('POST', '/v2/refunds', { orderId: order.id, percent: 1 + dice.below(60) }))
            case 2:
              return refuses(refundThere(order, cents))
            case 3:
              return refuses(
                dashboard(`transfers/${dice.pick(transfers as { id: string }[]).id}/reversals`, { amount: cents }),
              )
            case 4: {
              const [refund] = refunds
              if (refund) await shop.sandbox('POST', `/sandbox/stripe/refunds/${refund.id}/fail`, {})
              return
            }
            default:
              return refuses(shop.must('POST', `/v2/orders/${order.id}/refresh`))
          }
        }
        for (let step = 0; step < 6; step += 1) await Promise.all(orders.map(act))
        await shop.sandbox('DELETE', '/sandbox/faults')
        for (const order of orders) {
          await shop.until(order.id, () => true)
          const { order: after, charges } = await agreed(order.id)
          expect(after.capturedAmount).toBe(order.totalAmount)
          for (const charge of charges) expect(charge.balance).toBe(0)
          // Whatever is left can be given back.
          if (after.availableToRefundAmount === 0) continue
          await shop.must('POST', '/v2/refunds', { orderId: order.id })
          await shop.until(order.id, ({ state }) => state === 'returned', 'state returned')
          expect(await agreed(order.id)).toMatchObject({ refunded: Math.round(order.totalAmount * 100) })
        }
      },
      60_000,
    )
  })

  describe('a change of the amount', () => {
    const paidWith = async (cents: number) => {
      const order = await shop.order([{ skuId: 'sku-digital' }], { email: `${crypto.randomUUID()}@example.com` })
      const { clientSecret } = await shop.intent(order.id)
      const intent = clientSecret.split('_secret_')[0]
      await fetch(`${system.sandbox.url}/v1/payment_intents/${intent}`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_sandbox', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ amount: String(cents) }),
      })
      await shop.confirm(clientSecret)
      const waiting = await shop.until(order.id, ({ attention }) => attention !== undefined, 'attention')
      expect(waiting).toMatchObject({
        state: 'pending',
        attention: { reason: 'payment amount differs from the charge' },
      })
      return { ...waiting, intent }
    }

    it('to less is booked, buys nothing, and goes back when somebody says so', async () => {
      const order = await paidWith(1_500)
      expect(order).toMatchObject({ capturedAmount: 15, availableToRefundAmount: 15 })
      expect(await shop.must('POST', '/v2/refunds', { orderId: order.id })).toMatchObject({ amount: 15 })
      await shop.until(order.id, ({ state }) => state === 'cancelled', 'state cancelled')
      expect(await agreed(order.id)).toMatchObject({ account: 0, refunded: 1_500 })
    })

    it('to more is not, and goes back there without holding anything up', async () => {
      const order = await paidWith(2_500)
      expect(order.capturedAmount).toBe(0)
      await dashboard('refunds', { payment_intent: order.intent })
      await quiet(order.id)
      expect((await shop.call('POST', `/v2/orders/${order.id}/refresh`)).status).toBe(200)
      expect(await refundsOf(order.id)).toEqual([])
    })
  })

  describe('a capture', () => {
    it('of a part of held money is booked, shared out and shown, and can be given back', async () => {
      const order = await shop.submit([
        { ...mug, quantity: 1, price: 10 },
        { ...mug, quantity: 1, price: 30 },
      ])
      await dashboard(`payment_intents/${intentOf(order)}/capture`, { amount_to_capture: 1_600 })
      const after = await shop.until(order.id, ({ attention }) => attention !== undefined, 'attention')
      expect(after.attention.reason).toBe('captured at the provider')
      expect(after).toMatchObject({ capturedAmount: 16, availableToRefundAmount: 16 })
      const { charges } = await agreed(order.id)
      expect(charges).toMatchObject([
        { state: 'complete', captured: 1_600, cancelled: 2_400, taken: 1_600, executed: 1_600 },
      ])
      await shop.must('POST', '/v2/refunds', { orderId: order.id })
      await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 16, 'the refund')
      expect(await agreed(order.id)).toMatchObject({ account: 0, refunded: 1_600 })
    })

    it('of what was to be captured for a fulfilled piece is counted to that piece', async () => {
      const order = await shop.submit([
        { ...mug, quantity: 1, price: 10 },
        { ...mug, quantity: 1, price: 30 },
      ])
      await shop.fulfil(order.id, [{ itemId: order.items[0].id, quantity: 1 }])
      await shop.settled(order.id)
      await dashboard(`payment_intents/${intentOf(order)}/capture`, { amount_to_capture: 1_200 })
      const after = await shop.until(order.id, ({ attention }) => attention !== undefined, 'attention')
      expect(after.items.map(({ availableToRefundAmount }: Json) => availableToRefundAmount)).toEqual([10, 2])
      expect((await agreed(order.id)).charges).toMatchObject([{ captured: 1_200, taken: 1_200 }])
    })

    it('and the end of what was left are what charge and order say was captured and cancelled', async () => {
      const order = await shop.submit([
        { ...mug, quantity: 1, price: 10 },
        { ...mug, quantity: 1, price: 30 },
      ])
      await dashboard(`payment_intents/${intentOf(order)}/capture`, { amount_to_capture: 1_600 })
      await shop.until(order.id, ({ attention }) => attention !== undefined, 'attention')
      const after = await quiet(order.id)
      expect(after).toMatchObject({ capturedAmount: 16, cancelledAmount: 24, refundedAmount: 0 })
      const theirs = await shop.must('GET', `/charges/${order.charges[0].id}`)
      const taken = theirs.captures.reduce((total: number, { amount }: { amount: number }) => total + amount, 0)
      expect([theirs.state, theirs.captured, taken]).toEqual(['complete', true, 16])
      expect(theirs).toMatchObject({ capturedAmount: 16, cancelledAmount: 24, refundedAmount: 0 })
      await refundThere(order, 500)
      const refunded = await shop.until(order.id, ({ refundedAmount }) => refundedAmount === 5, 'the refund')
      expect(refunded).toMatchObject({ capturedAmount: 16, cancelledAmount: 24, availableToRefundAmount: 11 })
    })

    it('in several parts is followed part by part, and the release of the rest ends them', async () => {
      // Money of one merchant's own is held so that it can be taken in parts.
      const [{ id: merchantId, name, shipFrom }] = (await shop.must('GET', '/v2/merchants')).data.filter(
        ({ parentId }: Json) => !parentId,
      )
      await shop.must('POST', `/v2/merchants/${merchantId}`, { name, shipFrom })
      const order = await shop.submit([
        { ...mug, quantity: 1, price: 10 },
        { ...mug, quantity: 1, price: 30 },
      ])
      const part = (cents: number) =>
        dashboard(`payment_intents/${intentOf(order)}/capture`, { amount_to_capture: cents, final_capture: false })
      await part(1_200)
      const first = await shop.until(order.id, ({ capturedAmount }) => capturedAmount === 12, 'the first part')
      expect(first).toMatchObject({ cancelledAmount: 0, charges: [{ state: 'capturable' }] })
      await part(900)
      const second = await shop.until(order.id, ({ capturedAmount }) => capturedAmount === 21, 'the second part')
      expect(second).toMatchObject({ cancelledAmount: 0, charges: [{ state: 'capturable' }] })
      await dashboard(`payment_intents/${intentOf(order)}/capture`, { amount_to_capture: 100 })
      await shop.until(order.id, ({ cancelledAmount }) => cancelledAmount === 18, 'the rest to be released')
      const after = await quiet(order.id)
      expect(after).toMatchObject({ capturedAmount: 22, cancelledAmount: 18, availableToRefundAmount: 22 })
      const { charges, balanced } = await shop.audit(order.id)
      expect(balanced).toBe(true)
      expect(charges).toMatchObject([{ state: 'complete', captured: 2_200, cancelled: 1_800 }])
    })

    it('in a part, and a cancellation of the rest', async () => {
      const order = await shop.submit([
        { ...mug, quantity: 1, price: 10 },
        { ...mug, quantity: 1, price: 30 },
      ])
      await dashboard(`payment_intents/${intentOf(order)}/capture`, { amount_to_capture: 1_200, final_capture: false })
      await shop.until(order.id, ({ capturedAmount }) => capturedAmount === 12, 'the first part')
      await dashboard(`payment_intents/${intentOf(order)}/cancel`)
      await shop.until(order.id, ({ cancelledAmount }) => cancelledAmount === 28, 'the rest to be released')
      const after = await quiet(order.id)
      expect(after).toMatchObject({ capturedAmount: 12, cancelledAmount: 28, availableToRefundAmount: 12 })
      expect(after.attention.reason).toBe('captured at the provider')
      const { charges, balanced } = await shop.audit(order.id)
      expect(balanced).toBe(true)
      expect(charges).toMatchObject([{ captured: 1_200, cancelled: 2_800, taken: 1_200 }])
    })
  })
})
