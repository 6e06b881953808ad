// Risk removed: a demo in which a person cannot pay, or can pay what is not theirs.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stage, startStage } from './stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage.close())

const open = (path: string) => fetch(`${stage.sandbox.url}${path}`)
const submit = (path: string, fields: Record<string, string>) =>
  fetch(`${stage.sandbox.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
const intent = () =>
  stage.stripe.paymentIntents.create({ amount: 123_456, currency: 'usd', description: '<b>Tea & cake</b>' })

test('the page shows the amount and the ways to end, and escapes what the merchant wrote', async () => {
  const { id, client_secret } = await intent()
  const html = await (await open(`/pay/${id}?client_secret=${client_secret}`)).text()
  expect(html).toContain('$1,234.56')
  expect(html).toContain('&lt;b&gt;Tea &amp; cake')
  for (const label of ['Pay', 'Decline', 'Require 3-D Secure']) expect(html).toContain(`>${label}</button>`)
  expect(html).not.toMatch(/<script|https:\/\//)
})

test('nobody sees or pays an intent without its client secret', async () => {
  const { id } = await intent()
  expect((await open(`/pay/${id}?client_secret=guess`)).status).toBe(404)
  expect((await submit(`/pay/${id}`, { action: 'pay', client_secret: 'guess' })).status).toBe(404)
})

test('paying leads back to the shop with what Stripe adds to the address', async () => {
  const { id, client_secret } = await intent()
  const answer = await submit(`/pay/${id}`, {
    action: 'pay',
    client_secret: client_secret ?? '',
    return_url: 'https://shop.example/thanks?order=1',
  })
  expect(answer.status).toBe(303)
  const to = new URL(answer.headers.get('location') ?? '')
  expect(to.origin + to.pathname).toBe('https://shop.example/thanks')
  expect(Object.fromEntries(to.searchParams)).toEqual({
    order: '1',
    payment_intent: id,
    payment_intent_client_secret: client_secret,
    redirect_status: 'succeeded',
  })
  expect((await stage.stripe.paymentIntents.retrieve(id)).status).toBe('succeeded')
})

test('a declined buyer stays on the page, reads why and may try again', async () => {
  const { id, client_secret } = await intent()
  const answer = await submit(`/pay/${id}`, { action: 'decline', client_secret: client_secret ?? '' })
  const html = await (await fetch(answer.headers.get('location') ?? '')).text()
  expect(html).toContain('Your card was declined.')
  expect(html).toContain('>Pay</button>')
})

test.each([
  ['complete', 'succeeded'],
  ['fail', 'requires_payment_method'],
])('3-D Secure: %s leaves the intent %s', async (action, status) => {
  const { id, client_secret } = await intent()
  await submit(`/pay/${id}`, { action: 'challenge', client_secret: client_secret ?? '' })
  const html = await (await open(`/pay/${id}?client_secret=${client_secret}`)).text()
  expect(html).toContain('Complete authentication')
  await submit(`/pay/${id}`, { action, client_secret: client_secret ?? '' })
  expect((await stage.stripe.paymentIntents.retrieve(id)).status).toBe(status)
})

test('a test plays the buyer without a browser', async () => {
  const { id } = await intent()
  const refused = await stage.call('POST', `/sandbox/stripe/payment_intents/${id}/buyer`, { action: 'decline' })
  expect(refused.json).toMatchObject({
    refused: 'Your card was declined.',
    intent: { status: 'requires_payment_method' },
  })
  const paid = await stage.call('POST', `/sandbox/stripe/payment_intents/${id}/buyer`, { action: 'pay' })
  expect(paid.json).toMatchObject({ refused: null, intent: { status: 'succeeded' } })
})

test('a card to be kept is confirmed on a page of its own', async () => {
  const params = {
    payment_method: 'pm_card_threeDSecure2Required',
    confirm: true,
    return_url: 'https://shop.example/saved',
  }
  const setup = await stage.stripe.setupIntents.create(params)
  const url = new URL(setup.next_action?.redirect_to_url?.url ?? '')
  expect(await (await open(url.pathname + url.search)).text()).toContain('Complete authentication')
  const answer = await submit(url.pathname, { action: 'complete', client_secret: setup.client_secret ?? '' })
  expect(answer.headers.get('location')).toBe('https://shop.example/saved')
  expect((await stage.stripe.setupIntents.retrieve(setup.id)).status).toBe('succeeded')
})
