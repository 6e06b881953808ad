// Risk removed: a caller that is charged twice because the emulator forgives what the real Stripe does not.
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type Stage, startStage } from '../stage.ts'

let stage: Stage = await startStage()

beforeEach(async () => {
  await stage.close()
  stage = await startStage()
})
afterAll(() => stage.close())

const params = {
  amount: 5_000,
  currency: 'usd',
  allowed_payment_method_types: ['card'],
  metadata: { orderId: 'ord_1' },
}
const create = (idempotencyKey: string, extra: object = {}) =>
  stage.stripe.paymentIntents.create({ ...params, ...extra }, { idempotencyKey })
const fault = (wish: object) => stage.call('POST', '/sandbox/faults', { provider: 'stripe', ...wish })
const books = async () => (await stage.call('GET', '/sandbox/books?orderId=ord_1')).json.stripe

test('the same key and parameters replay the first result', async () => {
  const first = await create('key-1')
  const again = await create('key-1')
  expect(again.id).toBe(first.id)
  expect(again.lastResponse.headers['idempotent-replayed']).toBe('true')
  expect((await books()).paymentIntents).toHaveLength(1)
})

test('a refused card is replayed too, without a second attempt', async () => {
  const declined = { payment_method: 'pm_card_chargeDeclined', confirm: true }
  const first = await create('key-1', declined).catch((error) => error)
  const again = await create('key-1', declined).catch((error) => error)
  expect([first.statusCode, again.statusCode]).toEqual([402, 402])
  expect(again.payment_intent.id).toBe(first.payment_intent.id)
  expect((await books()).charges).toHaveLength(1)
})

test('the same key with other parameters is an idempotency error', async () => {
  await create('key-1')
  await expect(create('key-1', { amount: 6_000 })).rejects.toMatchObject({
    type: 'StripeIdempotencyError',
    statusCode: 400,
  })
})

test('a key whose first request is still running answers 409', async () => {
  await fault({ operation: 'payment_intents.create', kind: 'slow', delayMs: 150 })
  const [slow, quick] = await Promise.allSettled([create('key-1'), create('key-1')])
  expect(slow.status).toBe('fulfilled')
  expect(quick).toMatchObject({ status: 'rejected', reason: { statusCode: 409, code: 'idempotency_key_in_use' } })
  expect((await books()).paymentIntents).toHaveLength(1)
})

test('a request that never passed validation leaves its key free', async () => {
  await expect(create('key-1', { amount: 1 })).rejects.toMatchObject({ code: 'amount_too_small' })
  expect(await create('key-1')).toMatchObject({ amount: 5_000 })
})

test('a lost answer is found again under the same key', async () => {
  // The SDK itself repeats a request once when the connection was closed; the second drop reaches the caller.
  await fault({ operation: 'payment_intents.create', kind: 'drop_after', times: 2 })
  await expect(create('key-1')).rejects.toMatchObject({ type: 'StripeConnectionError' })
  const found = await create('key-1')
  expect(found.lastResponse.headers['idempotent-replayed']).toBe('true')
  expect((await books()).paymentIntents).toMatchObject([{ id: found.id, count: 1, idempotencyKey: 'key-1' }])
})

test('a request that never arrived takes effect on the second try', async () => {
  await fault({ operation: 'payment_intents.create', kind: 'drop_before', times: 2 })
  await expect(create('key-1')).rejects.toMatchObject({ type: 'StripeConnectionError' })
  expect((await books()).paymentIntents).toHaveLength(0)
  expect((await create('key-1')).lastResponse.headers['idempotent-replayed']).toBeUndefined()
})

test('a 500 after the effect is replayed for as long as the key is remembered', async () => {
  await fault({ operation: 'payment_intents.create', kind: 'status', status: 500, after: true })
  await expect(create('key-1')).rejects.toMatchObject({ statusCode: 500 })
  await expect(create('key-1')).rejects.toMatchObject({ statusCode: 500 })
  expect((await books()).paymentIntents).toHaveLength(1)
})

test('a 503 or 429 before the effect leaves the key free', async () => {
  await fault({ operation: 'payment_intents.create', kind: 'status', status: 429 })
  await expect(create('key-1')).rejects.toMatchObject({ statusCode: 429, headers: { 'retry-after': '1' } })
  expect(await create('key-1')).toMatchObject({ amount: 5_000 })
})

test('once the keys are forgotten a repeated call is a second effect, and the books say so', async () => {
  await create('key-1')
  expect((await stage.call('POST', '/sandbox/stripe/forget-idempotency-keys')).json).toEqual({ forgotten: 1 })
  await create('key-1')
  expect((await books()).paymentIntents).toMatchObject([{ count: 2 }, { count: 2 }])
  const summary = await stage.call('GET', '/sandbox/books?summary=1')
  expect(summary.json.stripe.paymentIntents).toMatchObject({ count: 2, repeated: 1, sums: { usd: 10_000 } })
})
