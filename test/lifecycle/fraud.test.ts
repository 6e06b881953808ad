import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { purgeSignals } from '../../src/fraud/judge-velocity.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { runningShop } from '../running-shop.ts'
import { address, eventually, type Json, storefront } from '../storefront.ts'
import { sendStripe, stripeEvent } from '../stripe-events.ts'
import { publishableKey } from '../system.ts'

const nothing = Array.from({ length: 8 }, () => '-0- ')
const entry = (number: number, name: string, type = '"individual"') =>
  [number, `"${name}"`, type, '"SDGT"', ...nothing].join(',')
const cuba = { line1: 'Calle 23', city: 'Havana', postalCode: '10400', country: 'CU' }

// Removes the risk that someone who must not be sold to gets goods, that money is held for an order that is no more, or that a review
// ends both ways.
describe('the fraud screen', () => {
  const { system, shop } = runningShop(storefront, { env: { VELOCITY_LIMITS: 'email:2/1h,fingerprint:3/1h' } })
  let merchantId: string
  let operator: { cookie: string; origin: string }

  beforeAll(async () => {
    merchantId = (await shop.must('GET', '/v2/merchants')).data[0].id
    const answer = await shop.call(
      'POST',
      '/v2/sessions',
      { email: 'admin@example.com', password: 'correct horse battery' },
      { key: null },
    )
    operator = {
      cookie: answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '',
      origin: new URL(system.url).origin,
    }
    await replaceList({ list: 'sdn', sdn: entry(36, 'MEHMETOV, Serik'), alt: '36,1,"aka","QADHAFI, Muammar",-0- ' })
  })

  async function replaceList(files: Json) {
    const answer = await shop.call('POST', '/v2/ops/denied-persons', files, { key: null, headers: operator })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    return answer.body
  }

  type Buyer = { name?: string; email?: string; card?: string | null; type?: string; fingerprint?: string; at?: Json }
  async function submit({ name = 'Grace Hopper', card = 'pm_card_visa', type = 'creditCard', ...buyer }: Buyer = {}) {
    const sourceId = randomUUID()
    const flow = type === 'konbini' ? 'receiver' : 'standard'
    await system.database.sql(
      `insert into sources (id, merchant_id, type, flow, state, provider, provider_reference, fingerprint, live_mode)
       values ($1, $2, $3, $4, 'chargeable', 'stripe', $5, $6, false)`,
      [sourceId, merchantId, type, flow, type === 'konbini' ? null : card, buyer.fingerprint ?? null],
    )
    const checkout = await shop.must('POST', '/v2/checkouts', {
      currency: type === 'konbini' ? 'JPY' : 'USD',
      email: buyer.email ?? `${randomUUID()}@example.com`,
      billTo: { ...address, name, address: buyer.at ?? address.address },
      items: [{ productDetails: { name: 'Course', physical: false }, price: type === 'konbini' ? 5000 : 100 }],
      sourceId,
    })
    const { status, body } = await shop.call('POST', '/v2/orders', { checkoutId: checkout.id })
    return { status, body, checkoutId: checkout.id as string }
  }
  const ordered = async (buyer: Buyer) => {
    const { status, body } = await submit(buyer)
    expect(status, JSON.stringify(body)).toBe(201)
    return body
  }
  const decide = (orderId: string, decision: string) => shop.call('POST', `/v2/orders/${orderId}/review`, { decision })
  const findings = async (orderId: string) => (await shop.must('GET', `/v2/orders/${orderId}/fraud`)).data
  const events = async (orderId: string): Promise<string[]> =>
    (await shop.must('GET', `/v2/events?orderId=${orderId}&limit=100`)).data.map(
      (event: { type: string }) => event.type,
    )
  const told = (orderId: string, type: string) =>
    eventually(async () => {
      const seen = await events(orderId)
      return seen.includes(type) ? seen : undefined
    }, `event ${type}`)
  const intentsOf = async (orderId: string) => (await shop.books(orderId)).stripe.paymentIntents
  const intentState = (orderId: string, status: string) =>
    eventually(
      async () => ((await intentsOf(orderId))[0]?.status === status ? true : undefined),
      `the payment to be ${status} at Stripe`,
    )
  const reviewed = async (more: Buyer = {}) => {
    const order = await ordered({ name: 'Moammar Gaddafi', ...more })
    expect(order.fraudState).toBe('review_opened')
    return order
  }

  it('R66 R108 R109 R134 makes no order for a denied person and asks for no money', async () => {
    const before = (await shop.sandbox('GET', '/sandbox/books')).stripe.paymentIntents.length
    const { status, body, checkoutId } = await submit({ name: 'Dr. Sérik  MEHMETOV' })
    expect(status).toBe(409)
    expect(body).toEqual({
      type: 'conflict',
      errors: [{ code: 'suspected-fraud', message: 'This order cannot be accepted.' }],
    })
    expect((await shop.must('GET', `/v2/orders?checkoutId=${checkoutId}`)).data).toEqual([])
    expect((await shop.sandbox('GET', '/sandbox/books')).stripe.paymentIntents).toHaveLength(before)
    const again = await shop.call('POST', '/v2/orders', { checkoutId })
    expect(again.body.errors[0].code).toBe('suspected-fraud')
  })

  it('R66 R108 gives up the money that is authorized for an order after another request has rejected it', async () => {
    const fault = { provider: 'stripe', operation: 'payment_intents.create', kind: 'slow', delayMs: 6_000, after: true }
    await shop.sandbox('POST', '/sandbox/faults', { ...fault, times: 1 })
    const before = new Set(
      (await shop.sandbox('GET', '/sandbox/books')).stripe.paymentIntents.map(({ id }: { id: string }) => id),
    )
    const newIntents = async (): Promise<{ id: string; status: string }[]> =>
      (await shop.sandbox('GET', '/sandbox/books')).stripe.paymentIntents.filter(
        ({ id }: { id: string }) => !before.has(id),
      )
    const slow = submit({ name: 'Yevdokia Zaslavskaya' })
    await eventually(async () => (await newIntents())[0], 'the payment to be authorized')
    await replaceList({ list: 'late', sdn: entry(7, 'ZASLAVSKAYA, Yevdokia') })
    const [draft] = await system.database.sql<{ checkoutId: string }>(
      `select checkout_id as "checkoutId" from orders where draft and state = 'pending' order by created_at desc limit 1`,
    )
    const again = await shop.call('POST', '/v2/orders', { checkoutId: draft?.checkoutId })
    expect(again.body.errors[0].code).toBe('suspected-fraud')
    const { status, body, checkoutId } = await slow
    expect(checkoutId).toBe(draft?.checkoutId)
    expect([status, body.errors?.[0].code]).toEqual([409, 'suspected-fraud'])
    await eventually(async () => {
      const intents = await newIntents()
      return intents.length === 1 && intents[0]?.status === 'canceled' ? true : undefined
    }, 'the authorization to be given up')
    expect((await shop.must('GET', `/v2/orders?checkoutId=${checkoutId}`)).data).toEqual([])
  })

  it('R123 R141 R142 R162 holds an order of somebody who resembles one, and nothing leaves before a person has decided', async () => {
    const order = await reviewed()
    expect(order).toMatchObject({ state: 'in_review', charges: [{ state: 'capturable', captured: false }] })
    expect(order.fraudStateTransitions).toMatchObject({ review_opened: expect.any(String) })
    const found = await findings(order.id)
    expect(found).toHaveLength(3)
    for (const expected of [
      { judge: 'denied_persons', outcome: 'review', reason: 'resembles entry 36 of list sdn' },
      { judge: 'velocity', outcome: 'passed' },
      { judge: 'stripe', outcome: 'passed' },
    ])
      expect(found).toContainEqual(expect.objectContaining(expected))
    const early = await shop.call('POST', '/v2/fulfillments', {
      orderId: order.id,
      items: [{ itemId: order.items[0].id, quantity: 1 }],
    })
    expect(early.status).toBe(409)
    const seen = await told(order.id, 'order.review_opened')
    expect(seen).not.toContain('order.accepted')
    expect(seen).not.toContain('fulfillment.created')
  })

  it('R163 R164 accepts an approved order, once and for all', async () => {
    const order = await reviewed()
    const { status, body } = await decide(order.id, 'approve')
    expect(status).toBe(200)
    expect(body).toMatchObject({ state: 'accepted', fraudState: 'passed' })
    const late = await Promise.all([decide(order.id, 'block'), decide(order.id, 'approve')])
    expect(late.map((answer) => [answer.status, answer.body.errors[0].code])).toEqual([
      [409, 'review_not_open'],
      [409, 'review_not_open'],
    ])
    const seen = await told(order.id, 'order.accepted')
    expect(seen).not.toContain('order.blocked')
    const fulfilled = await shop.call('POST', '/v2/fulfillments', {
      orderId: order.id,
      items: [{ itemId: order.items[0].id, quantity: 1 }],
    })
    expect(fulfilled.status).toBeLessThan(300)
  })

  it('R133 R135 R136 R137 R163 releases the money of a blocked order, which nothing brings back', async () => {
    const order = await reviewed()
    const { status, body } = await decide(order.id, 'block')
    expect(status).toBe(200)
    expect(body).toMatchObject({ state: 'blocked', fraudState: 'blocked', items: [{ state: 'blocked' }] })
    await intentState(order.id, 'canceled')
    const ended = await shop.until(
      order.id,
      ({ charges }) => charges[0].state === 'cancelled',
      'the charge to be cancelled',
    )
    expect(ended.charges[0]).toMatchObject({
      cancelledAmount: order.totalAmount,
      cancels: [{ amount: order.totalAmount, state: 'complete' }],
    })
    const seen = await told(order.id, 'order.blocked')
    expect(seen).not.toContain('order.accepted')
    const [event] = (await shop.must('GET', `/v2/events?orderId=${order.id}&type=order.blocked`)).data
    expect(event.data.object).toMatchObject({ id: order.id, state: 'blocked', fraudState: 'blocked' })

    const [{ object }] = await intentsOf(order.id)
    const capturable = { ...object, status: 'requires_capture', amount_capturable: object.amount }
    await sendStripe(system, stripeEvent('payment_intent.amount_capturable_updated', capturable))
    const review = {
      object: 'review',
      id: 'prv_late',
      open: false,
      payment_intent: object.id,
      closed_reason: 'approved',
    }
    await sendStripe(system, stripeEvent('review.closed', review))
    await eventually(async () => {
      const open = await system.database.sql('select 1 from inbox_events where handled_at is null')
      return open.length === 0 ? true : undefined
    }, 'the webhooks to be applied')
    expect(await shop.read(order.id)).toMatchObject({ state: 'blocked', fraudState: 'blocked' })
    expect((await decide(order.id, 'approve')).body.errors[0].code).toBe('review_not_open')
    expect(await events(order.id)).not.toContain('order.accepted')
  })

  it('R74 R134 R137 blocks an order that waits for its money when its buyer is listed meanwhile', async () => {
    const order = await ordered({ name: 'Ulugbek Tashkentov', type: 'konbini' })
    expect(order).toMatchObject({ state: 'pending_payment', fraudState: 'passed' })
    await replaceList({ list: 'eu', sdn: entry(7, 'TASHKENTOV, Ulugbek') })
    const blocked = await shop.until(order.id, ({ state }) => state === 'blocked')
    expect(blocked.fraudState).toBe('blocked')
    await told(order.id, 'order.blocked')
    await intentState(order.id, 'canceled')
    expect(await findings(order.id)).toContainEqual(
      expect.objectContaining({ judge: 'denied_persons', outcome: 'blocked', reason: 'resembles entry 7 of list eu' }),
    )
  })

  it('R134 calls a person when the buyer of an accepted order is listed, who can still cancel it', async () => {
    const order = await ordered({ name: 'Temirlan Bukharin' })
    expect(order.state).toBe('accepted')
    await replaceList({ list: 'un', sdn: entry(8, 'BUKHARIN, Temirlan') })
    const marked = await shop.until(order.id, ({ attention }) => attention !== undefined && attention !== null)
    expect(marked).toMatchObject({ state: 'accepted', attention: { reason: 'a buyer resembles a denied person' } })
  })

  it('R134 believes a name more where the address fits, and less where it does not', async () => {
    await replaceList({
      list: 'ca',
      sdn: [entry(1, 'CASTELLANOS, Rigoberto'), entry(2, 'VALDIVIESO, Anselmo')].join('\n'),
      add: ['1,1,"Calle 23","Havana","Cuba",-0- ', '2,1,"Calle 23","Havana","Cuba",-0- '].join('\n'),
    })
    const abroad = await ordered({ name: 'Rigoberto Castellanos' })
    expect(abroad.state).toBe('in_review')
    expect((await submit({ name: 'Rigoberto Castellanos', at: cuba })).status).toBe(409)
    const [finding] = (await findings(abroad.id)).filter(({ judge }: { judge: string }) => judge === 'denied_persons')
    expect(finding).toMatchObject({ score: 0.92 })
  })

  it('R123 R163 reviews more orders of one email than the limit and refuses more than twice as many', async () => {
    const email = `${randomUUID()}@example.com`
    const made = [await ordered({ email }), await ordered({ email: email.toUpperCase() })]
    expect(made.map(({ state }) => state)).toEqual(['accepted', 'accepted'])
    const third = await ordered({ email })
    expect(third).toMatchObject({ state: 'in_review', fraudState: 'review_opened' })
    expect(await findings(third.id)).toContainEqual(
      expect.objectContaining({
        judge: 'velocity',
        outcome: 'review',
        reason: 'more than 2 orders of one email address in 3600 seconds',
      }),
    )
    expect((await ordered({ email })).state).toBe('in_review')
    expect((await submit({ email })).body.errors).toEqual([expect.objectContaining({ code: 'suspected-fraud' })])
  })

  it('counts a card whoever uses it, orders that came at once, and an order that is screened again once', async () => {
    const input = {
      merchantId,
      amount: 100,
      currency: 'USD',
      ip: null,
      people: [],
      fingerprint: randomUUID(),
    }
    const screen = (orderId: string) =>
      system.parts.fraud.screen({ ...input, orderId, email: `${randomUUID()}@example.com` })
    const repeated: string[] = []
    for (let time = 0; time < 5; time += 1) repeated.push((await screen('ord_again')).outcome)
    expect(repeated).toEqual(['passed', 'passed', 'passed', 'passed', 'passed'])
    await Promise.all(Array.from({ length: 6 }, (_, index) => screen(`ord_once_${index}`)))
    expect((await screen('ord_last')).outcome).toBe('blocked')
    expect((await screen('ord_again')).outcome).toBe('blocked')
    const elsewhere = await system.parts.fraud.screen({
      ...input,
      merchantId: 'mer_other',
      orderId: 'o',
      email: 'a@b.c',
    })
    expect(elsewhere.outcome).toBe('passed')

    const stored = await system.database.sql<{ valueHash: string }>(
      'select value_hash as "valueHash" from fraud_signals',
    )
    expect(stored.some(({ valueHash }) => valueHash.includes(input.fingerprint))).toBe(false)
    await system.database.sql(
      `update fraud_signals set at = now() - interval '2 hours' where order_id like 'ord_once_%'`,
    )
    expect((await screen('ord_last')).outcome).toBe('passed')
    expect(await purgeSignals(system.parts)).toBe(12)
  })

  it('R163 approves before the money is there: the order is accepted with it', async () => {
    const order = await reviewed({ card: 'pm_card_threeDSecure2Required' })
    expect(order.state).toBe('pending_payment')
    const { body } = await decide(order.id, 'approve')
    expect(body).toMatchObject({ state: 'pending_payment', fraudState: 'passed' })
    await shop.sandbox('POST', `/sandbox/stripe/payment_intents/${body.charges[0].providerReference}/buyer`, {
      action: 'complete',
    })
    expect(await shop.until(order.id, ({ state }) => state === 'accepted')).toMatchObject({ fraudState: 'passed' })
  })

  it('R137 R163 blocks before the money is there: the payment can no longer be made', async () => {
    const order = await reviewed({ card: 'pm_card_threeDSecure2Required' })
    expect((await decide(order.id, 'block')).body).toMatchObject({ state: 'blocked', fraudState: 'blocked' })
    await intentState(order.id, 'canceled')
    expect(await shop.read(order.id)).toMatchObject({ state: 'blocked', charges: [{ capturedAmount: 0 }] })
  })

  it("R123 R141 R163 follows Radar's review of a card, which its merchant or Radar ends", async () => {
    const order = await ordered({ card: 'pm_card_riskLevelElevated' })
    expect(order).toMatchObject({ state: 'in_review', fraudState: 'review_opened' })
    expect(await findings(order.id)).toContainEqual(expect.objectContaining({ judge: 'stripe', outcome: 'review' }))
    const [{ object }] = await intentsOf(order.id)
    const review = {
      object: 'review',
      id: object.review,
      open: false,
      payment_intent: object.id,
      closed_reason: 'approved',
    }
    await sendStripe(system, stripeEvent('review.closed', review))
    await shop.until(order.id, ({ state }) => state === 'accepted')
    expect(await findings(order.id)).toContainEqual(
      expect.objectContaining({ judge: 'review', outcome: 'passed', reason: 'stripe.review.closed' }),
    )
    const refused = await submit({ card: 'pm_card_radarBlock' })
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'suspected-fraud'])
  })

  it("R137 R163 does not take the end of Radar's review for a verdict when its merchant has blocked the order", async () => {
    const order = await ordered({ card: 'pm_card_riskLevelElevated' })
    expect((await decide(order.id, 'block')).body).toMatchObject({ state: 'blocked', fraudState: 'blocked' })
    await intentState(order.id, 'canceled')
    await eventually(async () => {
      const [closed] = await system.database.sql<{ outcome: string }>(
        `select outcome from inbox_events where type = 'review.closed' and order_id = $1 and handled_at is not null`,
        [order.id],
      )
      return closed
    }, "the end of Radar's review")
    const ended = await shop.read(order.id)
    expect(ended).toMatchObject({ state: 'blocked', fraudState: 'blocked' })
    expect(ended.attention ?? null).toBeNull()
    expect((await events(order.id)).filter((type) => type === 'order.blocked').length).toBeLessThanOrEqual(1)
  })

  it('I11 shows findings and takes decisions by the secret key of the order’s own merchant only', async () => {
    const order = await reviewed()
    await system.database.sql(
      `insert into merchants (id, name) select 'mer_stranger', 'Stranger' where not exists (select 1 from merchants where id = 'mer_stranger')`,
    )
    const { key } = await createApiKey(system.database, { merchantId: 'mer_stranger', kind: 'secret', liveMode: false })
    const read = (options: { key: string }) => shop.call('GET', `/v2/orders/${order.id}/fraud`, undefined, options)
    const decideAs = (options: { key: string }) =>
      shop.call('POST', `/v2/orders/${order.id}/review`, { decision: 'approve' }, options)
    expect([(await read({ key })).status, (await decideAs({ key })).status]).toEqual([404, 404])
    expect((await read({ key: publishableKey })).status).toBe(403)
    expect((await decideAs({ key: publishableKey })).status).toBe(403)
    expect((await shop.call('POST', `/v2/orders/${order.id}/review`, { decision: 'maybe' })).status).toBe(400)
  })

  it('R134 takes a list from files on the command line', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'ordermill-test-list-'))
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, ['src/boot/import-denied-persons.ts', ...args], { env: system.env })
    try {
      const sdn = path.join(folder, 'sdn.csv')
      writeFileSync(sdn, entry(5, 'SAMARKANDOV, Rustam'))
      expect((await run('files', sdn)).stdout).toBe('files: 1 entries, 0 aliases, 0 addresses\n')
      expect((await submit({ name: 'Rustam Samarkandov' })).status).toBe(409)
      await expect(run('files')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('usage:') })
      await expect(run('files', path.join(folder, 'none.csv'))).rejects.toMatchObject({ code: 1 })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('takes a list as a form, keeps the old one when a file is wrong, and asks who is there', async () => {
    const form = new FormData()
    form.set('list', 'form')
    form.set('sdn', new File([entry(1, 'NOBODY, Known')], 'sdn.csv', { type: 'text/csv' }))
    const url = `${system.url}/v2/ops/denied-persons`
    const answer = await fetch(url, { method: 'POST', headers: operator, body: form })
    expect([answer.status, await answer.json()]).toEqual([200, { list: 'form', entries: 1, aliases: 0, addresses: 0 }])

    const post = (body: Json, headers = operator as Record<string, string>) =>
      shop.call('POST', '/v2/ops/denied-persons', body, { key: null, headers })
    const wrong = await post({ list: 'form', sdn: `${entry(1, 'A, B')}\n2,"C"` })
    expect([wrong.status, wrong.body.errors[0].message]).toEqual([400, 'sdn, line 2: a line has 12 columns'])
    expect((await post({ list: 'form' })).body.errors[0]).toMatchObject({ code: 'missing_parameter', parameter: 'sdn' })
    expect((await post({ list: 'form', sdn: entry(1, 'A, B') }, {})).status).toBe(401)
    const lists = (await shop.call('GET', '/v2/ops/denied-persons', undefined, { key: null, headers: operator })).body
      .data
    expect(lists).toContainEqual({ list: 'form', entries: 1, importedTime: expect.any(String) })

    const large = await replaceList({
      list: 'large',
      sdn: Array.from({ length: 20_000 }, (_, index) => entry(index + 1, `FAMILY${index}, Given`)).join('\n'),
    })
    expect(large.entries).toBe(20_000)
    const [plan] = await system.database.sql<{ 'QUERY PLAN': string }>(
      `explain (format text) select 1 from denied_persons where sound_keys && array['FML']`,
    )
    expect(JSON.stringify(plan)).toMatch(/Bitmap Heap Scan/)
  })
})
