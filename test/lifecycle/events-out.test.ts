import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { createMerchant } from '../../src/merchants/merchants.ts'
import { deliverEvent } from '../../src/outgoing/deliver-event.ts'
import { createEndpointSecrets } from '../../src/outgoing/endpoint-secret.ts'
import { createSlots } from '../../src/outgoing/endpoint-slots.ts'
import { TaskBusy } from '../../src/tasks/task-error.ts'
import { TaskAlreadyDone } from '../../src/tasks/transaction.ts'
import { type Received, startReceiver, verify } from '../event-receiver.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, storefront } from '../storefront.ts'
import { sendStripe, stripeEvent } from '../stripe-events.ts'
import type { System } from '../system.ts'

type Receiver = Awaited<ReturnType<typeof startReceiver>>
type Event = Answer['body']

const env = { SIGNING_SECRET: 'a signing secret of 32 characters', RETRY_DELAY_FACTOR: '0.00001' }
const typesOf = (received: readonly Received[]) => received.map(({ event }) => event.type)
const bySequence = (received: readonly Received[]) =>
  received.map(({ event }) => event).sort((a: Event, b: Event) => a.sequence - b.sequence)

/** A merchant of its own, with a secret key. */
const newMerchant = async (system: System, parentId: string | null = null) => {
  const { id } = await createMerchant(system.database.em(), parentId, {
    name: 'Another shop',
    email: null,
    commissionBps: null,
    commissionFixed: null,
    stripeAccountId: null,
    shipFrom: null,
  })
  const { key } = await createApiKey(system.database, { merchantId: id, kind: 'secret', liveMode: false })
  return { id, key }
}

// Removes the risk that a merchant's systems miss something that happened, hear it from somebody else, or stop hearing anything.
describe('events out', () => {
  const { system, shop } = runningShop(storefront, { env })
  const receivers: Receiver[] = []
  const registered: { id: string; key: string | undefined }[] = []

  afterEach(async () => {
    for (const { id, key } of registered.splice(0))
      await shop.call('DELETE', `/v2/webhook-endpoints/${id}`, undefined, key ? { key } : {})
    for (const receiver of receivers.splice(0)) await receiver.stop()
  })
  beforeEach(() => shop.sandbox('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'normal' }))

  const listen = async (more: object = {}, key?: string) => {
    const receiver = await startReceiver()
    receivers.push(receiver)
    const endpoint = await shop.must(
      'POST',
      '/v2/webhook-endpoints',
      { url: receiver.url, ...more },
      key ? { key } : undefined,
    )
    registered.push({ id: endpoint.id, key })
    return { receiver, endpoint }
  }
  const testEvent = (endpointId: string) => shop.must('POST', `/v2/webhook-endpoints/${endpointId}/test`)
  const deliveries = async (endpointId: string, query = '') =>
    (await shop.must('GET', `/v2/webhook-endpoints/${endpointId}/deliveries?limit=100${query}`)).data
  const delivery = (endpointId: string, deliveryId: string, fits: (seen: Event) => boolean, what: string) =>
    eventually(
      async () => (await deliveries(endpointId)).find((seen: Event) => seen.id === deliveryId && fits(seen)),
      what,
    )
  const received = (receiver: Receiver, orderId: string, type: string) =>
    eventually(
      async () => receiver.of(orderId).find(({ event }) => event.type === type),
      async () => `${type}; so far ${typesOf(receiver.of(orderId))}`,
    )
  /** Waits until nothing of an order is left to be told. */
  const told = (orderId: string) =>
    eventually(async () => {
      const [{ open = 1 } = {}] = await system.database.sql<{ open: number }>(
        `select (select count(*) from order_timeline where order_id = $1 and published_at is null)
           + (select count(*) from event_deliveries d join outgoing_events e on e.id = d.event_id
              where e.order_id = $1 and d.state = 'pending') as open`,
        [orderId],
      )
      return open === 0 ? true : undefined
    }, 'every event to be delivered')

  it('R125 R126 R127 R143 R146 R228 every recorded transition of a digital order arrives once, signed, counted without gaps', async () => {
    const { receiver, endpoint } = await listen({ description: 'upstream' })
    const order = await shop.order([{ skuId: 'sku-digital' }])
    const created = await received(receiver, order.id, 'order.created')
    expect(created.event.data.object).toMatchObject({ state: 'pending', charges: [] })
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    await received(receiver, order.id, 'order.confirmed')
    await told(order.id)

    const all = receiver.of(order.id)
    for (const one of all) expect(verify(endpoint.secret, one)).toEqual(one.event)
    expect(new Set(all.map(({ headers }) => headers['webhook-id'])).size).toBe(all.length)
    const events = bySequence(all)
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1))

    const { data: lines } = await shop.timeline(order.id)
    const moved = lines.filter(
      (line: Event) => line.kind === 'transition' && ['order', 'charge', 'item'].includes(line.subject),
    )
    const names = moved.map(({ subject, to }: Event) =>
      subject === 'order' ? `order.${to === 'pending' ? 'created' : to}` : `order.${subject}.${to}`,
    )
    expect(events.map((event) => event.type).filter((type) => type !== 'order.charge.pending')).toEqual(names)
    expect(names).toEqual(expect.arrayContaining(['order.charge.complete', 'order.accepted', 'order.item.fulfilled']))

    for (const event of events) {
      expect(event).toMatchObject({ liveMode: false, data: { object: { id: order.id, state: expect.any(String) } } })
    }
    const accepted = events.find((event) => event.type === 'order.accepted')
    expect(accepted.data.previousAttributes).toEqual({ state: expect.any(String) })
    expect(accepted.data.object.charges.map((charge: Event) => charge.state)).toEqual(['complete'])
    expect(accepted.data.object.items[0].productDetails.physical).toBe(false)

    const listed = await shop.must('GET', `/v2/events?orderId=${order.id}&limit=100`)
    expect(listed.data.toReversed()).toEqual(events)
    expect(await shop.must('GET', `/v2/events/${accepted.id}`)).toEqual(accepted)
    const only = await shop.must('GET', `/v2/events?orderId=${order.id}&type=order.accepted`)
    expect(only.data).toEqual([accepted])
  })

  it('R128 R129 R139 tells about a payment that waits for the buyer, and one that fails', async () => {
    const { receiver } = await listen()
    const waiting = await shop.order([{ skuId: 'sku-digital' }])
    await shop.pay(waiting.id, 'pm_card_threeDSecure2Required')
    const pending = await received(receiver, waiting.id, 'order.pending_payment')
    expect(pending.event.data.object).toMatchObject({ state: 'pending_payment', charges: [{ state: 'pending' }] })
    expect(typesOf(receiver.of(waiting.id))).not.toContain('order.accepted')

    const declined = await shop.order([{ skuId: 'sku-digital' }])
    await shop.pay(declined.id, 'pm_card_chargeDeclined')
    const failed = await received(receiver, declined.id, 'order.charge.failed')
    expect(failed.event.data.object.payment.charges).toEqual([
      expect.objectContaining({ state: 'failed', failureCode: expect.any(String), failureMessage: expect.any(String) }),
    ])
  })

  it('R141 R135 R136 R163 tells about a review once it opens, and then how it ended, exactly one way', async () => {
    const { receiver } = await listen()
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.pay(order.id, 'pm_card_riskLevelElevated')
    const opened = await received(receiver, order.id, 'order.review_opened')
    expect(opened.event.data.object).toMatchObject({ state: 'in_review', fraudState: 'review_opened' })
    const [{ object }] = (await shop.books(order.id)).stripe.paymentIntents
    const review = { object: 'review', id: object.review, open: false, payment_intent: object.id, charge: null }
    await sendStripe(system, stripeEvent('review.closed', { ...review, closed_reason: 'refunded_as_fraud' }))
    const blocked = await received(receiver, order.id, 'order.blocked')
    expect(blocked.event.data.object).toMatchObject({ state: 'blocked', fraudState: 'blocked' })
    await told(order.id)
    expect(typesOf(receiver.of(order.id))).not.toContain('order.accepted')
  })

  it('R149 tells about a cancellation with the order as it is then', async () => {
    const { receiver } = await listen({ types: ['order.cancelled'] })
    const order = await shop.order([{ skuId: 'sku-digital' }])
    await shop.must('POST', `/v2/orders/${order.id}/cancel`, { reason: 'changed my mind' })
    const cancelled = await received(receiver, order.id, 'order.cancelled')
    expect(cancelled.event.data.object).toEqual(await shop.read(order.id))
    await told(order.id)
    expect(typesOf(receiver.of(order.id))).toEqual(['order.cancelled'])
  })

  it('tries again under the same id when the receiver was down, with a signature of its own time', async () => {
    const { receiver, endpoint } = await listen()
    await receiver.stop()
    const sent = await testEvent(endpoint.id)
    await delivery(endpoint.id, sent.id, (seen) => seen.attempts.length >= 2, 'two attempts in vain')
    await receiver.start()
    receiver.answer((response) => response.writeHead(receiver.received.length < 2 ? 500 : 200).end('thanks'))
    const done = await delivery(endpoint.id, sent.id, (seen) => seen.state === 'delivered', 'the delivery')
    expect(done.attempts[0]).toMatchObject({ error: 'ECONNREFUSED', durationMs: expect.any(Number) })
    expect(done.attempts.at(-2)).toMatchObject({ status: 500 })
    expect(done.attempts.at(-1)).toMatchObject({ status: 200, response: 'thanks' })
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([sent.eventId]))
    for (const one of receiver.received) verify(endpoint.secret, one)
  })

  it('gives up after the last attempt, and sends again when somebody asks for it', async () => {
    const { receiver, endpoint } = await listen()
    receiver.answer((response) => response.writeHead(500).end())
    const sent = await testEvent(endpoint.id)
    const failed = await delivery(endpoint.id, sent.id, (seen) => seen.state === 'failed', 'the last attempt')
    expect(failed.attempts).toHaveLength(10)
    expect(await deliveries(endpoint.id, '&state=failed')).toHaveLength(1)
    expect((await shop.must('GET', `/v2/webhook-endpoints/${endpoint.id}`)).failingSince).toBeDefined()

    receiver.answer((response) => response.writeHead(200).end())
    const again = await shop.must('POST', `/v2/webhook-endpoints/${endpoint.id}/deliveries/${sent.id}/redeliver`)
    expect(again).toMatchObject({ id: sent.id, state: 'pending' })
    await delivery(endpoint.id, sent.id, (seen) => seen.state === 'delivered', 'the delivery')
    expect(receiver.received).toHaveLength(11)
    expect(new Set(receiver.received.map(({ event }) => event.id))).toEqual(new Set([sent.eventId]))
    const healthy = await shop.must('GET', `/v2/webhook-endpoints/${endpoint.id}`)
    expect([healthy.enabled, healthy.failingSince]).toEqual([true, undefined])

    await shop.must('POST', `/v2/webhook-endpoints/${endpoint.id}/deliveries/${sent.id}/redeliver`)
    await eventually(async () => receiver.received[11], 'a delivered event once more')
  })

  it('a redirect is a failure and is not followed', async () => {
    const target = await startReceiver()
    receivers.push(target)
    const { receiver, endpoint } = await listen()
    receiver.answer((response) => response.writeHead(302, { location: target.url }).end())
    const sent = await testEvent(endpoint.id)
    const failed = await delivery(endpoint.id, sent.id, (seen) => seen.state === 'failed', 'the last attempt')
    expect(failed.attempts.every((attempt: Event) => attempt.status === 302)).toBe(true)
    expect(target.received).toEqual([])
  })

  it('a 410 disables the endpoint; what it missed is sent after it is enabled and asked for', async () => {
    const { receiver, endpoint } = await listen({ types: ['order.created'] })
    const path = `/v2/webhook-endpoints/${endpoint.id}`
    const since = new Date().toISOString()
    receiver.answer((response) => response.writeHead(410).end())
    const first = await shop.order([{ skuId: 'sku-digital' }])
    await received(receiver, first.id, 'order.created')
    const gone = await eventually(async () => {
      const seen = await shop.must('GET', path)
      return seen.enabled ? undefined : seen
    }, 'the endpoint to be disabled')
    expect(gone.disabledReason).toBe('gone')
    const second = await shop.order([{ skuId: 'sku-digital' }])
    await told(second.id)
    for (const call of [`${path}/test`, `${path}/deliveries/${(await deliveries(endpoint.id))[0].id}/redeliver`]) {
      expect((await shop.call('POST', call)).body.errors[0].code).toBe('endpoint_disabled')
    }
    expect((await shop.call('POST', `${path}/recover`, { since })).body.errors[0].code).toBe('endpoint_disabled')

    receiver.answer((response) => response.writeHead(200).end())
    expect(await shop.must('POST', path, { enabled: true })).toMatchObject({ enabled: true })
    expect(await shop.must('POST', `${path}/recover`, { since })).toEqual({ recovered: 2 })
    for (const order of [first, second]) {
      await eventually(
        async () =>
          (await deliveries(endpoint.id, '&state=delivered')).find((seen: Event) => seen.orderId === order.id),
        'the missed event',
      )
    }
    expect(receiver.of(second.id)).toHaveLength(1)
    expect(await shop.must('POST', `${path}/recover`, { since })).toEqual({ recovered: 0 })
  })

  it('an endpoint that has failed for five days is disabled', async () => {
    const { receiver, endpoint } = await listen()
    receiver.answer((response) => response.writeHead(503).end())
    await system.database.sql(
      `update webhook_endpoints set failing_since = now() - interval '5 days 1 minute' where id = $1`,
      [endpoint.id],
    )
    const sent = await testEvent(endpoint.id)
    const failed = await delivery(endpoint.id, sent.id, (seen) => seen.state === 'failed', 'the end')
    expect(failed.attempts.map((attempt: Event) => attempt.status ?? attempt.error)).toEqual([503, 'endpoint_disabled'])
    expect(await shop.must('GET', `/v2/webhook-endpoints/${endpoint.id}`)).toMatchObject({ disabledReason: 'failing' })
  })

  it('waits as long as a busy receiver asks for', async () => {
    const { receiver, endpoint } = await listen()
    receiver.answer((response) => response.writeHead(429, { 'retry-after': '600' }).end())
    const sent = await testEvent(endpoint.id)
    const waiting = await delivery(endpoint.id, sent.id, (seen) => seen.nextAttemptTime !== undefined, 'an attempt')
    const waitMs = Date.parse(waiting.nextAttemptTime) - Date.parse(waiting.attempts[0].at)
    expect(waitMs).toBeGreaterThanOrEqual(600_000)
    expect(waitMs).toBeLessThan(610_000)
  })

  it('W17 a receiver that does not answer holds at most four requests, and no other receiver', async () => {
    const slow = await listen()
    const quick = await listen()
    const held: (() => void)[] = []
    slow.receiver.answer((response) => void held.push(() => response.writeHead(200).end()))
    for (let index = 0; index < 12; index += 1) await testEvent(slow.endpoint.id)
    await eventually(async () => (held.length === 4 ? true : undefined), 'four requests')
    const sent = await Promise.all(Array.from({ length: 8 }, () => testEvent(quick.endpoint.id)))
    for (const { id } of sent)
      await delivery(quick.endpoint.id, id, (seen) => seen.state === 'delivered', 'the quick one')
    expect(held).toHaveLength(4)
    slow.receiver.answer((response) => response.writeHead(200).end())
    for (const release of held) release()
    await eventually(
      async () => ((await deliveries(slow.endpoint.id, '&state=delivered')).length === 12 ? true : undefined),
      'the slow one to catch up',
    )
    expect(slow.receiver.received).toHaveLength(12)
  })

  it('makes one attempt at a time: a second worker with the same delivery waits, and one that comes too late does nothing', async () => {
    const { receiver, endpoint } = await listen()
    const release = Promise.withResolvers<void>()
    receiver.answer((response) => void release.promise.then(() => response.writeHead(200).end()))
    const sent = await testEvent(endpoint.id)
    await eventually(async () => receiver.received[0], 'the first attempt')
    const [task] = await system.database.sql<{ taskId: string; payload: { deliveryId: string; endpointId: string } }>(
      'select id as "taskId", payload from tasks where dedupe_key = $1',
      [sent.id],
    )
    if (!task) throw new Error('no task')
    const another = {
      ...system.parts,
      objects: { order: async () => () => ({}), part: async () => undefined },
      secrets: createEndpointSecrets(system.parts.config),
      slots: createSlots(4),
    }
    const again = () => deliverEvent(another, { taskId: task.taskId, ...task.payload })
    await expect(again()).rejects.toThrow(TaskBusy)
    release.resolve()
    await delivery(endpoint.id, sent.id, (seen) => seen.state === 'delivered', 'the delivery')
    await expect(again()).rejects.toThrow(TaskAlreadyDone)
    expect(receiver.received).toHaveLength(1)
  })

  it('signs with the old and the new secret for a day after a rotation', async () => {
    const { receiver, endpoint } = await listen()
    const path = `/v2/webhook-endpoints/${endpoint.id}`
    const rotated = await shop.must('POST', `${path}/rotate-secret`)
    expect(rotated.secret).not.toBe(endpoint.secret)
    await testEvent(endpoint.id)
    const both = await eventually(async () => receiver.received[0], 'an event')
    for (const secret of [endpoint.secret, rotated.secret]) verify(secret, both)
    expect((await shop.must('GET', path)).secret).toBeUndefined()

    await system.database.sql('update webhook_endpoints set previous_secret_expires_at = now() where id = $1', [
      endpoint.id,
    ])
    await testEvent(endpoint.id)
    const one = await eventually(async () => receiver.received[1], 'another event')
    verify(rotated.secret, one)
    expect(() => verify(endpoint.secret, one)).toThrow()
  })

  it('I11 another merchant is told nothing and finds nothing; the marketplace hears about its sellers', async () => {
    const other = await newMerchant(system)
    const own = await listen()
    const foreign = await listen({}, other.key)
    const order = await shop.order([{ skuId: 'sku-digital' }])
    const { event } = await received(own.receiver, order.id, 'order.created')
    await told(order.id)
    expect(foreign.receiver.received).toEqual([])
    const [sent] = await deliveries(own.endpoint.id)
    const path = `/v2/webhook-endpoints/${own.endpoint.id}`
    for (const [method, target, body] of [
      ['GET', path],
      ['POST', path, { enabled: false }],
      ['DELETE', path],
      ['POST', `${path}/rotate-secret`],
      ['GET', `${path}/deliveries`],
      ['POST', `${path}/deliveries/${sent.id}/redeliver`],
      ['POST', `${path}/recover`, { since: new Date().toISOString() }],
      ['POST', `${path}/test`],
      ['GET', `/v2/events/${event.id}`],
    ] as const) {
      const answer = await shop.call(method, target, body, { key: other.key })
      expect([method, target, answer.status]).toEqual([method, target, 404])
    }
    for (const list of ['/v2/events', '/v2/webhook-endpoints']) {
      const { data } = (await shop.call('GET', list, undefined, { key: other.key })).body
      expect(data.map((entry: Event) => entry.id)).not.toContain(list === '/v2/events' ? event.id : own.endpoint.id)
    }

    const [{ id: marketplace }] = (await shop.must('GET', '/v2/merchants')).data.toReversed()
    const seller = await newMerchant(system, marketplace)
    await shop.must(
      'POST',
      '/v2/skus',
      { id: 'theirs', name: 'Song', kind: 'digital', price: 3, currency: 'USD' },
      seller,
    )
    const cart = await shop.must(
      'POST',
      '/v2/carts',
      { currency: 'USD', email: 'ada@example.com', items: [{ skuId: 'theirs', quantity: 1 }] },
      seller,
    )
    const sold = await shop.must('POST', '/v2/orders', { cartId: cart.id }, seller)
    const sale = await received(own.receiver, sold.id, 'order.created')
    expect((await shop.must('GET', `/v2/events/${sale.event.id}`)).id).toBe(sale.event.id)
  })

  it('removes an endpoint with what is on its way to it', async () => {
    const { receiver, endpoint } = await listen()
    receiver.answer((response) => response.writeHead(429, { 'retry-after': '600' }).end())
    const sent = await testEvent(endpoint.id)
    await delivery(endpoint.id, sent.id, (seen) => seen.attempts.length === 1, 'an attempt')
    expect((await shop.call('DELETE', `/v2/webhook-endpoints/${endpoint.id}`)).status).toBe(204)
    await system.database.sql(`update tasks set run_at = now() where dedupe_key = $1`, [sent.id])
    await eventually(async () => {
      const [task] = await system.database.sql<{ state: string }>('select state from tasks where dedupe_key = $1', [
        sent.id,
      ])
      return task?.state === 'done' ? true : undefined
    }, 'its task to end')
    expect(receiver.received).toHaveLength(1)
  })
})
