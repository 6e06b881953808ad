import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { runningShop } from '../running-shop.ts'
import { eventually, storefront } from '../storefront.ts'
import { intentObject, sendStripe, signStripe, stripeEvent, succeeded } from '../stripe-events.ts'
import { secretKey } from '../system.ts'

// Removes the risk that a webhook is lost, believed without proof, or done twice.
describe('webhooks', () => {
  const { system, shop } = runningShop(storefront)

  const inbox = (eventId: string) =>
    system.database.sql<{ id: string; outcome: string | null; handledAt: string | null }>(
      'select id, outcome, handled_at as "handledAt" from inbox_events where event_id = $1',
      [eventId],
    )
  const handled = (eventId: string) =>
    eventually(async () => {
      const [row] = await inbox(eventId)
      return row?.handledAt ? row : undefined
    }, `event ${eventId} to be applied`)
  const tasksOf = (orderId: string) =>
    system.database.sql<{ job: string; state: string }>(
      'select job, state from tasks where order_id = $1 order by id',
      [orderId],
    )
  const ledgerOf = (orderId: string) =>
    system.database.sql<{ account: string; amount: number }>(
      'select account, amount from ledger_entries where order_id = $1',
      [orderId],
    )

  /** An order whose provider sends nothing: every event is ours. */
  const quietOrder = async (items = [{ skuId: 'sku-digital' }]) => {
    const order = await shop.order(items)
    const intent = await shop.intent(order.id)
    return {
      order,
      intent,
      amount: Math.round(order.totalAmount * 100),
      object: (over: object) => intentObject(shop, intent.clientSecret, over),
    }
  }

  beforeEach(() => shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' }))

  it('M2 R45 R46 R47 takes the same signed success 50 times at once and does everything once', async () => {
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' })
    const order = await shop.order([{ skuId: 'sku-digital' }, { skuId: 'sku-physical' }, { skuId: 'sku-pod' }])
    const intent = await shop.intent(order.id)
    await shop.confirm(intent.clientSecret)
    const object = await intentObject(shop, intent.clientSecret)
    const body = stripeEvent('payment_intent.succeeded', object)
    const { id: eventId } = JSON.parse(body)

    const answers = await Promise.all(Array.from({ length: 50 }, () => sendStripe(system, body)))
    expect(answers.map((answer) => answer.status)).toEqual(Array(50).fill(200))
    expect(answers.filter((answer) => answer.body.duplicate === false)).toHaveLength(1)

    const confirmed = await shop.confirmed(order.id)
    expect(await inbox(eventId)).toHaveLength(1)
    const tasks = await tasksOf(order.id)
    for (const job of ['deliver-digital', 'fulfill-shipping', 'fulfill-pod', 'distribute-revenue']) {
      expect(tasks.filter((task) => task.job === job)).toEqual([{ job, state: 'done' }])
    }
    const books = await shop.books(order.id)
    expect(books.stripe.transfers.map((transfer: { count: number }) => transfer.count)).toEqual([1])
    expect(books.easypost.labels).toHaveLength(1)
    const all = await shop.sandbox('GET', '/sandbox/books')
    const jobs = all.printful.orders.filter((job: { external_id: string }) =>
      confirmed.shipments.some((shipment: { id: string }) => shipment.id === job.external_id),
    )
    expect(jobs.map((job: { count: number }) => job.count)).toEqual([1])
    const deliveries = await system.database.sql('select id from deliveries where order_id = $1', [order.id])
    expect(deliveries).toHaveLength(1)

    const replay = await sendStripe(system, body)
    expect([replay.status, replay.body]).toEqual([200, { received: true, duplicate: true }])
    expect(await tasksOf(order.id)).toEqual(tasks)
  })

  // The webhook and replay matrix: what arrives, where the order stands, what must hold.
  describe('R50 replay matrix', () => {
    it('a first success on a pending order runs the saga', async () => {
      const { order, amount, object } = await quietOrder()
      const answer = await sendStripe(system, stripeEvent('payment_intent.succeeded', await object(succeeded(amount))))
      expect([answer.status, answer.body]).toEqual([200, { received: true, duplicate: false }])
      // The intent is paid in the events only, so the transfer fails at the sandbox; what counts here is that the saga ran.
      await shop.until(order.id, (seen) => seen.state === 'accepted')
      await eventually(
        async () => ((await tasksOf(order.id)).some((task) => task.job === 'distribute-revenue') ? true : undefined),
        'the saga to reach the distribution',
      )
    })

    it('the same event id again is a 200 that adds no task and no ledger row', async () => {
      const { order, intent } = await quietOrder()
      await shop.confirm(intent.clientSecret)
      const body = stripeEvent('payment_intent.succeeded', await intentObject(shop, intent.clientSecret))
      await sendStripe(system, body)
      await shop.confirmed(order.id)
      const before = [await tasksOf(order.id), await ledgerOf(order.id)]
      expect((await sendStripe(system, body)).body).toEqual({ received: true, duplicate: true })
      expect([await tasksOf(order.id), await ledgerOf(order.id)]).toEqual(before)
    })

    it('another event about the same captured payment changes nothing', async () => {
      const { order, intent } = await quietOrder()
      await shop.confirm(intent.clientSecret)
      const object = await intentObject(shop, intent.clientSecret)
      await sendStripe(system, stripeEvent('payment_intent.succeeded', object))
      await shop.confirmed(order.id)
      const before = [await shop.read(order.id), await ledgerOf(order.id)]
      const body = stripeEvent('payment_intent.succeeded', object)
      expect((await sendStripe(system, body)).status).toBe(200)
      expect(await handled(JSON.parse(body).id)).toMatchObject({ outcome: 'no_change' })
      expect([await shop.read(order.id), await ledgerOf(order.id)]).toEqual(before)
    })

    it('a charge that tells what its payment intent tells needs no worker; without the intent the provider is asked', async () => {
      const { order, intent, amount } = await quietOrder()
      await shop.confirm(intent.clientSecret)
      const { id, latest_charge } = await intentObject(shop, intent.clientSecret)
      const charge = {
        object: 'charge',
        id: latest_charge,
        payment_intent: id,
        status: 'succeeded',
        captured: true,
        amount,
        currency: 'usd',
        amount_captured: amount,
        outcome: null,
      }
      const body = stripeEvent('charge.succeeded', charge)
      await sendStripe(system, body)
      const [echo] = await inbox(JSON.parse(body).id)
      expect(echo).toMatchObject({ outcome: 'echo' })
      expect(await system.database.sql('select id from tasks where dedupe_key = $1', [echo?.id])).toEqual([])
      const [check] = await system.database.sql<{ seconds: number }>(
        'select extract(epoch from next_check_at - now()) as seconds from charges where order_id = $1',
        [order.id],
      )
      expect(check?.seconds).toBeLessThanOrEqual(30)
      await system.database.sql('update charges set next_check_at = now() where order_id = $1', [order.id])
      await shop.confirmed(order.id)
      const late = stripeEvent('charge.succeeded', charge)
      await sendStripe(system, late)
      expect(await handled(JSON.parse(late).id)).toMatchObject({ outcome: 'no_change' })
    })

    it('R49 an authorization after the capture is dropped, and the drop stands in the timeline', async () => {
      const { order, intent, amount, object } = await quietOrder()
      await shop.confirm(intent.clientSecret)
      await sendStripe(system, stripeEvent('payment_intent.succeeded', await intentObject(shop, intent.clientSecret)))
      const confirmed = await shop.confirmed(order.id)
      const body = stripeEvent(
        'payment_intent.amount_capturable_updated',
        await object({ status: 'requires_capture', amount_capturable: amount, amount_received: 0 }),
      )
      expect((await sendStripe(system, body)).status).toBe(200)
      expect(await handled(JSON.parse(body).id)).toMatchObject({ outcome: 'dropped' })
      expect(await shop.read(order.id)).toEqual(confirmed)
      const { data } = await shop.timeline(order.id)
      expect(data).toContainEqual(
        expect.objectContaining({ kind: 'drop', subject: 'charge', from: 'complete', to: 'capturable' }),
      )
    })

    it('I7 a payment for a cancelled order is refunded and reported, and nothing is fulfilled', async () => {
      const { order, intent } = await quietOrder()
      await shop.confirm(intent.clientSecret)
      // The merchant's cancellation loses the race at the provider, but the database is made to believe it won.
      await system.database.sql(`update orders set state = 'cancelled' where id = $1`, [order.id])
      await sendStripe(system, stripeEvent('payment_intent.succeeded', await intentObject(shop, intent.clientSecret)))
      const refunded = await shop.until(order.id, (seen) => seen.refundedAmount > 0)
      expect(refunded).toMatchObject({ state: 'cancelled', refundedAmount: 20 })
      const { data, tasks } = await shop.timeline(order.id)
      expect(data).toContainEqual(expect.objectContaining({ kind: 'event', cause: 'order.payment.late' }))
      expect(tasks.map((task: { job: string }) => task.job)).not.toContain('deliver-digital')
      const books = await shop.books(order.id)
      expect(books.stripe.refunds).toHaveLength(1)
      expect(books.stripe.transfers).toEqual([])
      const ledger = await ledgerOf(order.id)
      expect(ledger.reduce((sum, row) => sum + row.amount, 0)).toBe(0)
    })

    it('a failure after the success is dropped', async () => {
      const { order, intent, object } = await quietOrder()
      await shop.confirm(intent.clientSecret)
      await sendStripe(system, stripeEvent('payment_intent.succeeded', await intentObject(shop, intent.clientSecret)))
      await shop.confirmed(order.id)
      const body = stripeEvent(
        'payment_intent.payment_failed',
        await object({
          status: 'requires_payment_method',
          last_payment_error: { code: 'card_declined', message: 'No.' },
        }),
      )
      await sendStripe(system, body)
      expect(await handled(JSON.parse(body).id)).toMatchObject({ outcome: 'dropped' })
      expect((await shop.read(order.id)).status).toBe('CONFIRMED')
    })

    it('R33 a bad or missing signature answers 400 and stores nothing', async () => {
      const { order, amount, object } = await quietOrder()
      const body = stripeEvent('payment_intent.succeeded', await object(succeeded(amount)))
      const { id } = JSON.parse(body)
      const stale = signStripe(body, { at: Date.now() - 301_000 })
      for (const signature of [
        signStripe(body, { secret: 'whsec_wrong' }),
        't=1,v1=00',
        '',
        null,
        stale,
        `${signStripe(body)}0`,
      ]) {
        for (const path of ['/webhooks/stripe', `/v2/orders/${order.id}/confirm-payment`]) {
          const answer = await sendStripe(system, body, { signature, path })
          if (signature === null && path.endsWith('confirm-payment')) expect(answer.status).toBe(401)
          else expect([answer.status, answer.body.errors[0].code]).toEqual([400, 'invalid_signature'])
        }
      }
      const tampered = await sendStripe(system, `${body} `, { signature: signStripe(body) })
      expect(tampered.status).toBe(400)
      expect(await inbox(id)).toEqual([])
      expect((await shop.read(order.id)).state).toBe('pending')
    })

    it('I4 an event before its order is kept, and applied once the order knows the payment', async () => {
      const order = await shop.order([{ skuId: 'sku-digital' }])
      await shop.sandbox('POST', '/sandbox/faults', {
        provider: 'stripe',
        operation: 'payment_intents.create',
        kind: 'drop_after',
        times: 8,
      })
      await shop.call('POST', `/v2/orders/${order.id}/payment-intent`, { paymentMethod: 'STRIPE' })
      await shop.sandbox('DELETE', '/sandbox/faults')
      const [intent] = (await shop.books(order.id)).stripe.paymentIntents
      const { object: full } = intent
      // Without our metadata nothing but the payment's own id can match it.
      const body = stripeEvent('payment_intent.succeeded', { ...full, metadata: {}, ...succeeded(2_000) })
      expect((await sendStripe(system, body)).status).toBe(200)
      await eventually(async () => {
        const [task] = await system.database.sql<{ lastError: string | null }>(
          'select last_error as "lastError" from tasks t join inbox_events e on e.id = t.dedupe_key where e.event_id = $1',
          [JSON.parse(body).id],
        )
        return task?.lastError === 'order_unknown' ? true : undefined
      }, 'the event to be tried in vain')
      await shop.intent(order.id)
      await shop.until(order.id, (seen) => seen.state !== 'pending')
      expect(await handled(JSON.parse(body).id)).toMatchObject({ outcome: 'applied' })
    })

    it('I4 an event whose order never comes is shown as an orphan, never swallowed', async () => {
      const body = stripeEvent('payment_intent.succeeded', {
        id: `pi_${randomBytes(8).toString('hex')}`,
        object: 'payment_intent',
        status: 'succeeded',
        metadata: {},
      })
      expect((await sendStripe(system, body)).status).toBe(200)
      const { id } = JSON.parse(body)
      await system.database.sql(
        `update tasks set attempts = 100 where dedupe_key = (select id from inbox_events where event_id = $1)`,
        [id],
      )
      await eventually(
        async () => ((await inbox(id))[0]?.outcome === 'orphaned' ? true : undefined),
        'the event to become an orphan',
      )
    })

    it('two copies at the same moment run one saga', async () => {
      const { order, intent } = await quietOrder()
      await shop.confirm(intent.clientSecret)
      const object = await intentObject(shop, intent.clientSecret)
      const copies = [stripeEvent('payment_intent.succeeded', object), stripeEvent('payment_intent.succeeded', object)]
      await Promise.all(copies.map((copy) => sendStripe(system, copy)))
      await shop.confirmed(order.id)
      expect((await tasksOf(order.id)).filter((task) => task.job === 'deliver-digital')).toHaveLength(1)
      expect((await shop.books(order.id)).stripe.transfers).toHaveLength(1)
    })
  })

  it('R32 R3 confirm-payment takes the provider webhook of the order', async () => {
    const { order, intent } = await quietOrder()
    await shop.confirm(intent.clientSecret)
    const body = stripeEvent('payment_intent.succeeded', await intentObject(shop, intent.clientSecret))
    const path = `/v2/orders/${order.id}/confirm-payment`
    const other = await quietOrder()
    const elsewhere = `/v2/orders/${other.order.id}/confirm-payment`
    const wrong = await sendStripe(system, body, { path: elsewhere })
    expect([wrong.status, wrong.body.errors[0].code]).toEqual([409, 'event_of_another_order'])
    expect([(await shop.read(order.id)).state, (await shop.read(other.order.id)).state]).toEqual(['pending', 'pending'])
    expect((await sendStripe(system, body, { path })).body).toEqual({ received: true, duplicate: false })
    await shop.confirmed(order.id)
    expect((await sendStripe(system, body, { path })).body).toEqual({ received: true, duplicate: true })
    const unsigned = await sendStripe(system, body, {
      path: '/v2/orders/ord_unknown/confirm-payment',
      signature: 't=1,v1=0',
    })
    expect(unsigned.status).toBe(400)
  })

  it('confirm-payment with a secret key asks the provider and applies the truth', async () => {
    const { order, intent } = await quietOrder()
    const path = `/v2/orders/${order.id}/confirm-payment`
    expect((await shop.must('POST', path)).state).toBe('pending')
    await shop.confirm(intent.clientSecret)
    expect((await shop.must('POST', path)).state).toBe('accepted')
    await shop.confirmed(order.id)
    expect((await shop.call('POST', path, undefined, { key: null })).status).toBe(401)
    const cancelled = await shop.order([{ skuId: 'sku-digital' }])
    await shop.must('POST', `/v2/orders/${cancelled.id}/cancel`, {})
    const terminal = await shop.call('POST', `/v2/orders/${cancelled.id}/confirm-payment`, undefined, {
      key: secretKey,
    })
    expect([terminal.status, terminal.body.errors[0].code]).toEqual([409, 'order_terminal'])
  })

  it('holds an order for review until the provider decides, exactly one way', async () => {
    await shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'normal' })
    const approve = await shop.order([{ skuId: 'sku-digital' }])
    await shop.pay(approve.id, 'pm_card_riskLevelElevated')
    const held = await shop.until(approve.id, (seen) => seen.state === 'in_review')
    expect(held).toMatchObject({ fraudState: 'review_opened', status: 'PENDING' })
    expect((await tasksOf(approve.id)).map((task) => task.job)).not.toContain('deliver-digital')
    const [{ object }] = (await shop.books(approve.id)).stripe.paymentIntents
    const review = { object: 'review', id: object.review, open: false, payment_intent: object.id, charge: null }
    await sendStripe(system, stripeEvent('review.closed', { ...review, closed_reason: 'approved' }))
    expect((await shop.confirmed(approve.id)).fraudState).toBe('passed')

    const reject = await shop.order([{ skuId: 'sku-digital' }])
    await shop.pay(reject.id, 'pm_card_riskLevelElevated')
    await shop.until(reject.id, (seen) => seen.state === 'in_review')
    const [{ object: second }] = (await shop.books(reject.id)).stripe.paymentIntents
    await sendStripe(
      system,
      stripeEvent('review.closed', {
        ...review,
        id: second.review,
        payment_intent: second.id,
        closed_reason: 'refunded_as_fraud',
      }),
    )
    const blocked = await shop.until(reject.id, (seen) => seen.refundedAmount > 0)
    expect(blocked).toMatchObject({ state: 'blocked', fraudState: 'blocked', status: 'BLOCKED' })
    expect((await shop.books(reject.id)).stripe.transfers).toEqual([])
  })

  it('R291 keeps money that differs from the charge away from the saga and calls a person', async () => {
    const { order, object } = await quietOrder()
    await sendStripe(system, stripeEvent('payment_intent.succeeded', await object(succeeded(1_999))))
    const seen = await shop.until(order.id, (found) => found.attention !== undefined)
    expect(seen.state).toBe('pending')
    expect(seen.attention.reason).toContain('amount')
  })

  it('does not believe metadata of a payment that is not the one of the charge', async () => {
    const { order, amount, object } = await quietOrder()
    const foreign = await object({ id: 'pi_foreign', ...succeeded(amount) })
    const body = stripeEvent('payment_intent.succeeded', foreign)
    await sendStripe(system, body)
    expect(await handled(JSON.parse(body).id)).toMatchObject({ outcome: 'reference_mismatch' })
    expect((await shop.read(order.id)).state).toBe('pending')
  })

  it('stores unknown types and events of the other mode without applying them', async () => {
    const { order, amount, object } = await quietOrder()
    const unknown = stripeEvent('customer.updated', { id: 'cus_1', object: 'customer' })
    expect((await sendStripe(system, unknown)).status).toBe(200)
    expect(await inbox(JSON.parse(unknown).id)).toMatchObject([{ outcome: 'acknowledged' }])
    const live = stripeEvent('payment_intent.succeeded', await object(succeeded(amount))).replace(
      '"livemode":false',
      '"livemode":true',
    )
    expect((await sendStripe(system, live)).status).toBe(200)
    expect(await inbox(JSON.parse(live).id)).toMatchObject([{ outcome: 'livemode_mismatch' }])
    expect((await shop.read(order.id)).state).toBe('pending')
  })

  it('answers 404 for unknown and unconfigured providers, 413 for 2 MiB', async () => {
    for (const provider of ['nobody', 'constructor']) {
      expect((await shop.call('POST', `/webhooks/${provider}`, {}, { key: null })).status).toBe(404)
    }
    const large = await sendStripe(system, JSON.stringify({ padding: 'x'.repeat(2 * 1024 * 1024) }))
    expect([large.status, large.body.errors[0].code]).toEqual([413, 'payload_too_large'])
  })

  describe('with a part of the machine down', () => {
    it('answers 503 while Postgres is down, and takes the same event afterwards', async () => {
      const { order, intent } = await quietOrder()
      await shop.confirm(intent.clientSecret)
      const body = stripeEvent('payment_intent.succeeded', await intentObject(shop, intent.clientSecret))
      system.postgresProxy.down()
      const refused = await sendStripe(system, body)
      system.postgresProxy.up()
      expect([refused.status, refused.body.errors[0].code]).toEqual([503, 'database_unavailable'])
      expect(refused.headers.get('retry-after')).toBe('5')
      expect((await sendStripe(system, body)).status).toBe(200)
      await shop.confirmed(order.id)
    })

    it('I2 answers 200 while Redis is down, and the order confirms when Redis is back', async () => {
      const { order, intent } = await quietOrder()
      await shop.confirm(intent.clientSecret)
      system.redisProxy.down()
      const body = stripeEvent('payment_intent.succeeded', await intentObject(shop, intent.clientSecret))
      expect((await sendStripe(system, body)).status).toBe(200)
      expect((await shop.call('POST', '/v2/carts', { currency: 'USD' })).status).toBe(201)
      expect((await shop.read(order.id)).status).toBe('PENDING')
      system.redisProxy.up()
      await shop.confirmed(order.id)
    })

    it('F15 makes one order although the answer to the COMMIT was lost', async () => {
      const cart = await shop.cart([{ skuId: 'sku-digital' }])
      await shop.read((await shop.order([{ skuId: 'sku-digital' }])).id)
      // Only this request's COMMIT may be the one that is cut.
      await system.stopWorkers()
      system.postgresProxy.loseAnswerTo(/commit/i)
      const lost = await shop.call('POST', '/v2/orders', { cartId: cart.id })
      const again = await shop.call('POST', '/v2/orders', { cartId: cart.id })
      expect([lost.status, again.status]).toEqual([503, 200])
      await system.startWorkers()
      const orders = await shop.must('GET', `/v2/orders?checkoutId=${cart.id}`)
      expect(orders.data.map((order: { id: string }) => order.id)).toEqual([again.body.orderId])
    })
  })
})
