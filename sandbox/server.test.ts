// Risk removed: a stand-in that forgets, mixes up its runs or misreports what really happened.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { eventually, startStage } from './stage.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-'))
afterAll(() => rmSync(folder, { recursive: true }))

const order = { amount: 5_000, currency: 'usd', allowed_payment_method_types: ['card'], metadata: { orderId: 'ord_1' } }

test('two sandboxes in one process know nothing of each other', async () => {
  const [one, two] = await Promise.all([startStage(), startStage()])
  const intent = await one.stripe.paymentIntents.create(order)
  await expect(two.stripe.paymentIntents.retrieve(intent.id)).rejects.toMatchObject({ statusCode: 404 })
  await Promise.all([one.close(), two.close()])
})

test('a restarted sandbox remembers its objects, its keys and the webhooks it still owes', async () => {
  const databaseFile = path.join(folder, 'restarted.db')
  const first = await startStage({ databaseFile })
  await first.call('POST', '/sandbox/webhooks', { mode: 'paused' })
  const intent = await first.stripe.paymentIntents.create(order, { idempotencyKey: 'key-1' })
  await first.close()
  const second = await startStage({ databaseFile })
  await second.webhook('payment_intent.created', ({ body }) => body.includes(intent.id))
  expect((await second.stripe.paymentIntents.create(order, { idempotencyKey: 'key-1' })).id).toBe(intent.id)
  expect((await second.stripe.paymentIntents.search({ query: "metadata['orderId']:'ord_1'" })).data).toHaveLength(1)
  await second.close()
})

test('reset forgets everything but the place where webhooks go', async () => {
  const stage = await startStage()
  const intent = await stage.stripe.paymentIntents.create(order)
  await stage.call('POST', '/sandbox/faults', { provider: '*', operation: '*', kind: 'status', status: 503 })
  await stage.call('POST', '/sandbox/reset')
  await expect(stage.stripe.paymentIntents.retrieve(intent.id)).rejects.toMatchObject({ statusCode: 404 })
  const next = await stage.stripe.paymentIntents.create(order)
  await stage.webhook('payment_intent.created', ({ body }) => body.includes(next.id))
  expect((await stage.call('GET', '/sandbox/books')).json.stripe.paymentIntents).toMatchObject([
    { id: next.id, orderId: 'ord_1', amount: 5_000 },
  ])
  await stage.close()
})

test('a fault strikes its operation as often as asked and shows that it did', async () => {
  const stage = await startStage()
  await stage.call('POST', '/sandbox/faults', {
    provider: 'stripe',
    operation: 'payment_intents.create',
    kind: 'status',
    status: 503,
    times: 2,
  })
  const outcomes = []
  for (let n = 0; n < 3; n += 1)
    outcomes.push(
      await stage.stripe.paymentIntents.create(order).then(
        () => 200,
        (error) => error.statusCode,
      ),
    )
  expect(outcomes).toEqual([503, 503, 200])
  expect((await stage.call('GET', '/sandbox/faults')).json.faults).toMatchObject([{ fired: 2, timesLeft: 0 }])
  await stage.close()
})

test('faults by probability repeat exactly with the same seed', async () => {
  const stage = await startStage()
  const run = async () => {
    await stage.call('DELETE', '/sandbox/faults')
    await stage.call('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: '*',
      kind: 'status',
      status: 500,
      rate: 0.5,
      seed: 42,
    })
    const statuses = []
    for (let n = 0; n < 12; n += 1)
      statuses.push((await stage.call('GET', '/v1/charges', undefined, { authorization: 'Bearer sk_test_1' })).status)
    return statuses
  }
  const first = await run()
  expect(new Set(first)).toEqual(new Set([200, 500]))
  expect(await run()).toEqual(first)
  await stage.close()
})

test.each([
  ['html', 502, /^<html>/],
  ['truncated', 200, /^\{"object":"list"/],
])('the fault %s answers what no client expects', async (kind, status, body) => {
  const stage = await startStage()
  await stage.call('POST', '/sandbox/faults', { provider: 'stripe', operation: 'charges.list', kind })
  const response = await fetch(`${stage.sandbox.url}/v1/charges`, { headers: { authorization: 'Bearer sk_test_1' } })
  const text = await response.text()
  expect(response.status).toBe(status)
  expect(text).toMatch(body)
  expect(() => JSON.parse(text)).toThrow()
  await stage.close()
})

test('health is answered, and what nobody offers is 404', async () => {
  const stage = await startStage()
  expect((await stage.call('GET', '/healthz')).json).toEqual({ status: 'ok' })
  expect((await stage.call('GET', '/v1/unicorns')).status).toBe(404)
  await stage.close()
})

test('without a target events are kept and nothing is owed', async () => {
  const stage = await startStage({ webhookTarget: undefined })
  await stage.stripe.paymentIntents.create(order)
  await eventually(async () => ((await stage.stripe.events.list()).data.length === 1 ? true : undefined), 'the event')
  expect((await stage.call('GET', '/sandbox/webhooks')).json).toMatchObject({ pending: 0, target: null })
  await stage.close()
})
