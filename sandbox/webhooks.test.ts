// Risk removed: a receiver tested only with webhooks that arrive once, in order and in time.
import { Stripe } from 'stripe'
import { afterEach, expect, test } from 'vitest'
import { eventually, nameOf, type Stage, startStage } from './stage.ts'

let stage: Stage | undefined

afterEach(async () => {
  await stage?.close()
  stage = undefined
})

const pay = (at: Stage) =>
  at.stripe.paymentIntents.create({
    amount: 5_000,
    currency: 'usd',
    allowed_payment_method_types: ['card'],
    payment_method: 'pm_card_visa',
    confirm: true,
  })

test('every Stripe webhook passes the official signature check', async () => {
  stage = await startStage()
  await pay(stage)
  const delivery = await stage.webhook('payment_intent.succeeded')
  const stripe = new Stripe('sk_test_1')
  const event = stripe.webhooks.constructEvent(
    delivery.body,
    String(delivery.headers['stripe-signature']),
    'whsec_sandbox',
  )
  expect(delivery.path).toBe('/webhooks/stripe')
  expect(event).toMatchObject({ object: 'event', api_version: '2026-10-28.endive', livemode: false })
})

test('a refused delivery is repeated with the same body and a fresh signature until it is taken', async () => {
  let refusals = 2
  const answer = () => (refusals-- > 0 ? 500 : 200)
  stage = await startStage({ answer })
  await stage.call('POST', '/sandbox/webhooks', {
    retryDelaysMs: [1_050, 1, 1],
    enabledEvents: ['payment_intent.succeeded'],
  })
  await pay(stage)
  await stage.quiet()
  const [first, second, third] = stage.received
  expect(stage.received).toHaveLength(3)
  expect(new Set(stage.received.map(({ body }) => body)).size).toBe(1)
  expect(second?.headers['stripe-signature']).not.toBe(first?.headers['stripe-signature'])
  expect(third).toBeDefined()
})

test('a redirect counts as a failure, and a delivery is given up at the end of the schedule', async () => {
  stage = await startStage({ answer: () => 302 })
  await stage.call('POST', '/sandbox/webhooks', { retryDelaysMs: [1], enabledEvents: ['payment_intent.succeeded'] })
  await pay(stage)
  await stage.quiet()
  const { json } = await stage.call('GET', '/sandbox/webhooks')
  expect(json).toMatchObject({ delivered: 0, failed: 2, gaveUp: 1, pending: 0 })
  const undelivered = await stage.stripe.events.list({ delivery_success: false })
  expect(undelivered.data.map(({ type }) => type)).toEqual(['payment_intent.succeeded'])
})

test('paused webhooks wait, and go out when the pause ends', async () => {
  stage = await startStage()
  const at = stage
  await at.call('POST', '/sandbox/webhooks', { provider: 'stripe', mode: 'paused' })
  await pay(at)
  await eventually(async () => ((await at.stripe.events.list()).data.length === 4 ? true : undefined), 'four events')
  expect(at.received).toHaveLength(0)
  expect((await at.call('GET', '/sandbox/webhooks')).json.pending).toBe(4)
  await at.call('POST', '/sandbox/webhooks', { mode: 'normal' })
  await at.quiet()
  expect(at.received).toHaveLength(4)
})

test('duplicates arrive as often as asked, under one event id', async () => {
  stage = await startStage()
  await stage.call('POST', '/sandbox/webhooks', {
    mode: 'duplicate',
    copies: 5,
    enabledEvents: ['payment_intent.succeeded'],
  })
  await pay(stage)
  const at = stage
  await eventually(() => (at.received.length === 5 ? true : undefined), 'five copies')
  expect(new Set(at.received.map(({ event }) => event.id)).size).toBe(1)
})

test('shuffled webhooks all arrive, in an order that a seed decides', async () => {
  stage = await startStage()
  await stage.call('POST', '/sandbox/webhooks', { mode: 'shuffle', seed: 7 })
  await pay(stage)
  await stage.webhook('charge.updated')
  await stage.quiet()
  expect(stage.received.map(nameOf).sort()).toEqual([
    'charge.succeeded',
    'charge.updated',
    'payment_intent.created',
    'payment_intent.succeeded',
  ])
})

test('a slow answer lets the webhooks overtake it', async () => {
  stage = await startStage()
  await stage.call('POST', '/sandbox/faults', {
    provider: 'stripe',
    operation: 'payment_intents.create',
    kind: 'slow',
    after: true,
    delayMs: 100,
  })
  const creating = pay(stage)
  const overtaking = await Promise.race([
    stage.webhook('payment_intent.succeeded').then(() => 'webhook'),
    creating.then(() => 'answer'),
  ])
  expect(overtaking).toBe('webhook')
  await creating
})

test('an event can be sent again by id or by type', async () => {
  stage = await startStage()
  await pay(stage)
  const { event } = await stage.webhook('payment_intent.succeeded')
  await stage.quiet()
  expect((await stage.call('POST', '/sandbox/webhooks/resend', { eventId: event.id })).json).toEqual({ resent: 1 })
  const at = stage
  await eventually(
    () => (at.received.filter((delivery) => delivery.event.id === event.id).length === 2 ? true : undefined),
    'the second copy',
  )
})

test('events are listed by time and type, and undelivered ones are told apart', async () => {
  stage = await startStage()
  const since = Math.floor(Date.now() / 1_000)
  await pay(stage)
  await stage.webhook('charge.updated')
  await stage.quiet()
  const listed = await stage.stripe.events.list({ created: { gte: since }, type: 'payment_intent.*', limit: 100 })
  expect(listed.data.map(({ type }) => type).sort()).toEqual(['payment_intent.created', 'payment_intent.succeeded'])
  expect((await stage.stripe.events.list({ delivery_success: false })).data).toEqual([])
})
