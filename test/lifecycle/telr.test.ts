import { beforeAll, describe, expect, it } from 'vitest'
import { telrCheck } from '../../sandbox/signatures.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'
import type { System } from '../system.ts'

type Shop = ReturnType<typeof merchantOrders>
type Started = { orderId: string; chargeId: string; ref: string }
type Transaction = { type: string; status: string; amount: number; description: string }

const stocked = async (shop: Shop) => {
  await shop.must('POST', '/v2/skus', {
    id: 'sku-aed',
    name: 'Song',
    kind: 'digital',
    price: 75,
    currency: 'AED',
    delivery: { contentType: 'text', content: 'la' },
  })
}

/** What buyers, Telr and the network do with the orders of one shop. */
function telrShop(system: System, shop: Shop) {
  const act = (ref: string, action: string, body?: object) =>
    shop.sandbox('POST', `/sandbox/telr/orders/${ref}/${action}`, body)
  const ask = (orderId: string) => shop.call('POST', `/v2/orders/${orderId}/payment-intent`, { paymentMethod: 'TELR' })
  const order = (): Promise<Answer['body']> =>
    shop.order([{ skuId: 'sku-aed' }], {
      currency: 'AED',
      shipTo: undefined,
      email: `${crypto.randomUUID()}@example.com`,
    })
  const started = async (): Promise<Started> => {
    const { id: orderId } = await order()
    const { body } = await ask(orderId)
    return { orderId, chargeId: body.chargeId, ref: body.checkoutUrl.split('/').at(-1) }
  }
  const transactions = async ({ orderId }: Pick<Started, 'orderId'>, type: string): Promise<Transaction[]> =>
    (await shop.books(orderId)).telr.transactions.filter((made: Transaction) => made.type === type)
  return {
    act,
    ask,
    order,
    started,
    transactions,
    webhooks: (mode: string) => shop.sandbox('POST', '/sandbox/webhooks', { provider: 'telr', mode }),
    fault: (operation: string, kind: string, more: Json = {}) =>
      shop.sandbox('POST', '/sandbox/faults', { provider: 'telr', operation, kind, ...more }),
    async bought(): Promise<Started> {
      const payment = await started()
      await act(payment.ref, 'pay')
      await shop.confirmed(payment.orderId)
      await shop.settled(payment.orderId)
      return payment
    },
    charge: async ({ orderId, chargeId }: Started) =>
      (await shop.read(orderId)).charges.find(({ id }: { id: string }) => id === chargeId),
    /** As if the time had come in which Telr is asked. */
    asked: ({ chargeId }: Started) =>
      system.database.sql(`update charges set next_check_at = now() - interval '1 second' where id = $1`, [chargeId]),
    post: async (form: Record<string, string>, path = '/webhooks/telr') => {
      const response = await fetch(`${system.url}${path}`, { method: 'POST', body: new URLSearchParams(form) })
      return { status: response.status, body: (await response.json()) as Answer['body'] }
    },
  }
}

const advice = ({ chargeId, ref }: Started, changes: Record<string, string> = {}): Record<string, string> => {
  const form = new URLSearchParams({
    tran_store: '1234',
    tran_type: 'sale',
    tran_class: 'ecom',
    tran_test: '1',
    tran_ref: `03${chargeId}`,
    tran_prevref: '',
    tran_firstref: `03${chargeId}`,
    tran_order: ref,
    tran_currency: 'AED',
    tran_amount: '75.00',
    tran_cartid: chargeId,
    tran_desc: 'x',
    tran_status: 'A',
    tran_authcode: '000',
    tran_authmessage: 'Authorised',
    ...changes,
  })
  return { ...Object.fromEntries(form), tran_check: telrCheck('telr_sandbox', form) }
}
const update = ({ chargeId }: Pick<Started, 'chargeId'>, more: Record<string, string> = {}) => ({
  tran_cartid: chargeId,
  tran_ref: '1',
  tran_type: '1',
  tran_authstatus: 'A',
  ...more,
})

// Removes the risk that what is particular to Telr takes or gives money twice, or believes a stranger.
describe('Telr', () => {
  const { system, shop } = runningShop(merchantOrders)
  const telr = telrShop(system, shop)
  const { act, ask, order, started, bought, charge, transactions } = telr

  beforeAll(() => stocked(shop))

  const updates = async () =>
    (
      await system.database.sql<{ count: number }>(
        `select count(*) as count from inbox_events where starts_with(type, 'update.')`,
      )
    )[0]?.count
  const refunded = (payment: Started, amount: number) =>
    eventually(
      async () => ((await charge(payment)).refundedAmount === amount ? true : undefined),
      `${amount} to go back`,
    )

  it('an update that nobody signed makes Telr be asked, and is believed no further', async () => {
    await telr.webhooks('paused')
    const payment = await started()
    expect((await telr.post(update(payment))).body).toEqual({ received: true, duplicate: false })
    await act(payment.ref, 'pay')
    expect((await shop.read(payment.orderId)).status).toBe('PENDING')
    await telr.post(update(payment, { tran_type: '7' }))
    await shop.confirmed(payment.orderId)
    await telr.webhooks('normal')
  })

  it('a flood of updates is kept as the few things that they can say, and unknown carts not at all', async () => {
    const [payment, other] = [await started(), await order()]
    await shop.intent(other.id, 'STRIPE').catch(() => undefined)
    const before = (await updates()) ?? 0
    for (let nth = 0; nth < 40; nth += 1) {
      const varied = { tran_ref: String(nth), tran_authstatus: String(nth) }
      expect((await telr.post(update(payment, varied))).status).toBe(200)
      expect((await telr.post(update({ chargeId: `chg_unknown${nth}` }, varied))).status).toBe(200)
    }
    expect(await updates()).toBe(before + 1)
    const [foreign] = await system.database.sql<{ id: string }>(
      `select id from charges where provider <> 'telr' limit 1`,
    )
    await telr.post(update({ chargeId: foreign?.id ?? 'chg_none' }))
    expect(await updates()).toBe(before + 1)
    await eventually(async () => {
      const [row] = await system.database.sql<{ open: number }>(
        'select count(*) as open from inbox_events where handled_at is null',
      )
      return row?.open === 0 ? true : undefined
    }, 'nothing to be left as an orphan')
    expect((await shop.read(payment.orderId)).state).toBe('pending')
  })

  it('an advice is believed only once the order was checked, and a forged one not at all', async () => {
    const payment = await started()
    const forged = await telr.post({ ...advice(payment), tran_amount: '1.00' })
    expect([forged.status, forged.body.errors[0].code]).toEqual([400, 'invalid_signature'])
    expect((await telr.post(advice(payment))).status).toBe(200)
    await eventually(async () => {
      const [row] = await system.database.sql<{ outcome: string }>(
        `select outcome from inbox_events where charge_id = $1 and type = 'advice.sale.A'`,
        [payment.chargeId],
      )
      return row?.outcome === 'asked' ? true : undefined
    }, 'Telr to be asked')
    expect((await shop.read(payment.orderId)).status).toBe('PENDING')
    await act(payment.ref, 'pay')
    await shop.confirmed(payment.orderId)
  })

  it('posted for another order it confirms nothing; posted for its own, without a header to tell by, it does', async () => {
    const [payment, other] = [await started(), await started()]
    const wrong = await telr.post(advice(payment), `/v2/orders/${other.orderId}/confirm-payment`)
    expect([wrong.status, wrong.body.errors[0].code]).toEqual([409, 'event_of_another_order'])
    const right = await telr.post(advice(payment), `/v2/orders/${payment.orderId}/confirm-payment`)
    expect([right.status, right.body.duplicate]).toEqual([200, false])
  })

  it('real money counts on no installation for tests', async () => {
    const payment = await started()
    await telr.post(advice(payment, { tran_test: '0' }))
    const [row] = await system.database.sql<{ outcome: string }>(
      `select outcome from inbox_events where event_id = $1`,
      [`advice-03${payment.chargeId}-sale-A`],
    )
    expect(row?.outcome).toBe('livemode_mismatch')
  })

  it('two requests for one payment that overlap are given the same page', async () => {
    const { id } = await order()
    await telr.fault('orders.create', 'slow', { after: true, delayMs: 500 })
    const [first, second] = await Promise.all([ask(id), ask(id)])
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body.checkoutUrl).toBe(first.body.checkoutUrl)
    await act(first.body.checkoutUrl.split('/').at(-1), 'pay')
    await shop.confirmed(id)
    expect(await transactions({ orderId: id }, 'sale')).toHaveLength(1)
  })

  it('a page that the buyer left is over, and the order is paid on another', async () => {
    const payment = await started()
    await act(payment.ref, 'cancel')
    await telr.asked(payment)
    await shop.until(payment.orderId, ({ state }) => state === 'payment_failed', 'the page to be over')
    const { body } = await ask(payment.orderId)
    expect(body.chargeId).not.toBe(payment.chargeId)
    await act(body.checkoutUrl.split('/').at(-1), 'pay')
    await shop.confirmed(payment.orderId)
  })

  it('a payment that Telr holds is reviewed: nothing leaves before Telr and a person agree', async () => {
    const payment = await started()
    await act(payment.ref, 'hold')
    await shop.until(payment.orderId, ({ state }) => state === 'in_review', 'the review')
    await act(payment.ref, 'accept')
    await eventually(
      async () => ((await charge(payment)).state === 'complete' ? true : undefined),
      'the money to be there',
    )
    expect((await shop.read(payment.orderId)).state).toBe('in_review')
    await shop.must('POST', `/v2/orders/${payment.orderId}/review`, { decision: 'approve' })
    await shop.confirmed(payment.orderId)
  })

  it('a payment that Telr held and refused ends its order', async () => {
    const payment = await started()
    await act(payment.ref, 'hold')
    await shop.until(payment.orderId, ({ state }) => state === 'in_review', 'the review')
    await act(payment.ref, 'reject')
    await shop.until(payment.orderId, ({ state }) => state === 'cancelled', 'the order to end')
  })

  it('money that is only held is captured once, although the answer was lost', async () => {
    const payment = await started()
    await telr.fault('remote.capture', 'drop_after')
    await act(payment.ref, 'authorise')
    await shop.confirmed(payment.orderId)
    expect(await transactions(payment, 'capture')).toHaveLength(1)
    expect(await charge(payment)).toMatchObject({ state: 'complete', capturedAmount: 75 })
  })

  it('a hold of an order that was given up is let go', async () => {
    await telr.webhooks('paused')
    const payment = await started()
    await act(payment.ref, 'authorise')
    await shop.call('POST', `/v2/orders/${payment.orderId}/cancel`, {})
    await eventually(
      async () => ((await transactions(payment, 'void')).length === 1 ? true : undefined),
      'the hold to be let go',
    )
    await telr.webhooks('normal')
    expect((await shop.read(payment.orderId)).state).toBe('cancelled')
  })

  it('I7 money that comes after the order was cancelled goes back by itself, once', async () => {
    const payment = await started()
    await shop.must('POST', `/v2/orders/${payment.orderId}/cancel`, {})
    await act(payment.ref, 'pay')
    await refunded(payment, 75)
    expect(await transactions(payment, 'refund')).toHaveLength(1)
    expect((await shop.timeline(payment.orderId)).data).toContainEqual(
      expect.objectContaining({ cause: 'order.payment.late' }),
    )
  })

  it.each([
    ['with an error after it was made', 'status', { after: true }],
    ['later than anybody waits', 'slow', { after: false, delayMs: 2_600 }],
    ['with half an answer', 'truncated', {}],
  ])('I3 a refund that Telr answers %s is given once', async (_, kind, more) => {
    const payment = await bought()
    await telr.fault('remote.refund', kind, more)
    await shop.must('POST', '/v2/refunds', { orderId: payment.orderId, amount: 5 })
    await refunded(payment, 5)
    expect(await transactions(payment, 'refund')).toHaveLength(1)
  })

  it('I3 a refund that never came to Telr has failed once that is certain, and a new one is given', async () => {
    const payment = await bought()
    await telr.fault('remote.refund', 'drop_before')
    const { id } = await shop.must('POST', '/v2/refunds', { orderId: payment.orderId })
    await eventually(
      async () => ((await shop.must('GET', `/v2/refunds/${id}`)).state === 'failed' ? true : undefined),
      'the refund to fail',
      30_000,
    )
    expect(await transactions(payment, 'refund')).toEqual([])
    await shop.must('POST', '/v2/refunds', { orderId: payment.orderId })
    await refunded(payment, 75)
    expect(await transactions(payment, 'refund')).toHaveLength(1)
  })

  it('a refund of that amount which somebody made at Telr meanwhile is not taken for ours, nor given beside it', async () => {
    const payment = await bought()
    await telr.webhooks('paused')
    await telr.fault('remote.refund', 'drop_before')
    await act(payment.ref, 'refund', { amount: 500 })
    await shop.must('POST', '/v2/refunds', { orderId: payment.orderId, amount: 5 })
    await shop.until(payment.orderId, ({ attention }) => attention !== undefined, 'a person')
    expect((await shop.read(payment.orderId)).attention.reason).toContain('refund_unclear')
    expect(await transactions(payment, 'refund')).toHaveLength(1)
    await telr.webhooks('normal')
  })

  it('a refund that the bank sent back is booked back', async () => {
    const payment = await bought()
    await shop.must('POST', '/v2/refunds', { orderId: payment.orderId })
    await refunded(payment, 75)
    await act(payment.ref, 'reverse-refund')
    await refunded(payment, 0)
  })

  it('takes no currency without cents or with more than two decimals', async () => {
    for (const currency of ['JPY', 'KWD', 'BHD', 'OMR']) {
      const id = `sku-${currency.toLowerCase()}`
      await shop.must('POST', '/v2/skus', {
        ...{ id, name: 'x', kind: 'digital', price: 500, currency },
        delivery: { contentType: 'text', content: 'x' },
      })
      const { id: orderId } = await shop.order([{ skuId: id }], { currency, shipTo: undefined })
      const { status, body } = await ask(orderId)
      expect([currency, status, body.errors[0].code]).toEqual([currency, 409, 'payment_method_unavailable'])
    }
  })

  it.each([
    ['500', { status: 500 }],
    ['429', { status: 429 }],
  ])('a page is asked for again after a %s', async (_, more) => {
    const { id } = await order()
    await telr.fault('orders.create', 'status', more)
    expect((await ask(id)).status).toBe(503)
    expect((await ask(id)).status).toBe(201)
  })
})

// Removes the risk that a refund whose answer was lost is given a second time where nobody can look it up.
describe('Telr without its service API', () => {
  const { system, shop } = runningShop(merchantOrders, {
    env: { TELR_SERVICE_KEY: '' },
  })
  const telr = telrShop(system, shop)

  beforeAll(() => stocked(shop))

  it('I3 leaves a refund without an answer to a person, who may ask again as often as they like', async () => {
    const payment = await telr.bought()
    await telr.fault('remote.refund', 'drop_after')
    await shop.must('POST', '/v2/refunds', { orderId: payment.orderId })
    const { attention } = await shop.until(payment.orderId, (seen) => seen.attention !== undefined, 'a person')
    expect(attention.reason).toMatch(/not_looked_up \(see in Telr whether it took place/)
    expect(await telr.transactions(payment, 'refund')).toHaveLength(1)
  })

  it('takes and gives back without trouble otherwise', async () => {
    const payment = await telr.bought()
    await shop.must('POST', '/v2/refunds', { orderId: payment.orderId })
    await eventually(
      async () => ((await telr.charge(payment)).refundedAmount === 75 ? true : undefined),
      'the money to go back',
    )
  })
})
