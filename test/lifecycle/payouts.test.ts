import { beforeAll, describe, expect, it } from 'vitest'
import { listFindings } from '../../src/audit/findings.ts'
import { runAudit } from '../../src/audit/run-audit.ts'
import { createApiKey } from '../../src/merchants/api-keys.ts'
import { hashPassword } from '../../src/operators/passwords.ts'
import { makePayout } from '../../src/payouts/make-payout.ts'
import { sweepPayouts } from '../../src/payouts/sweep-payouts.ts'
import { newId } from '../../src/platform/ids.ts'
import { stripeEventTypes } from '../../src/providers/stripe/stripe-events.ts'
import { inTransaction } from '../../src/tasks/transaction.ts'
import { createWorkerParts, type WorkerParts } from '../../workers/connect-worker.ts'
import { anotherKey } from '../another-merchant.ts'
import { merchantOrders } from '../merchant-orders.ts'
import { runningShop } from '../running-shop.ts'
import { type Answer, eventually, type Json } from '../storefront.ts'
import { secretKey } from '../system.ts'

type Entry = {
  id: string
  type: string
  amount: number
  balance: number
  orderId: string | null
  payoutId: string | null
}
type Seller = { id: string; key: string; sku: string }

const cents = (amount: number) => Math.round(amount * 100)
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + cents(amount), 0)
const dayMs = 86_400_000

// Removes the risk that what is owed stays owed for ever, is paid twice, or is paid although it was taken back.
describe('R298 a payout', () => {
  const { system, shop } = runningShop(merchantOrders, { env: { REFUND_BEARER: 'platform' } })
  let parts: WorkerParts
  let house: string

  beforeAll(async () => {
    parts = await createWorkerParts(system.parts.config, 'payouts')
    house = (await shop.must('GET', '/v2/merchants')).data[0].id
    await shop.sandbox('POST', '/sandbox/webhooks', {
      provider: 'stripe',
      mode: 'normal',
      copies: 1,
      delayMs: 0,
      enabledEvents: stripeEventTypes,
    })
    await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 1_000_000 })
    return () => parts.close()
  })

  /** A seller without a connected account, so that what it sells stays as credit. */
  const seller = async (name: string, price = 20): Promise<Seller> => {
    const { id } = await shop.must('POST', '/v2/merchants', { name })
    const { key } = await createApiKey(system.database, { merchantId: id, kind: 'secret', liveMode: false })
    const sku = `song-of-${name}`
    await shop.must('POST', '/v2/skus', {
      id: sku,
      merchantId: id,
      name: 'Song',
      kind: 'digital',
      price,
      currency: 'USD',
      affiliateBps: 1_000,
      delivery: { contentType: 'text', content: 'la la' },
    })
    return { id, key, sku }
  }
  const connect = (id: string, account = `acct_${id.slice(4)}`) =>
    shop.must('POST', `/v2/merchants/${id}`, { name: 'Connected', stripeAccountId: account })
  const sold = async ({ sku }: Pick<Seller, 'sku'>, more: Json = {}) => {
    const order = await shop.order([{ skuId: sku }], { email: `${crypto.randomUUID()}@example.com`, ...more })
    await shop.pay(order.id)
    await shop.confirmed(order.id)
    return shop.settled(order.id)
  }
  const balanceOf = async (query: string, key = secretKey) => {
    const { data } = await shop.must('GET', `/v2/balances?${query}`, undefined, { key })
    return data[0] ?? { available: 0, heldBack: 0 }
  }
  const availableTo = async ({ id }: Pick<Seller, 'id'>): Promise<number> =>
    (await balanceOf(`merchantId=${id}`)).available
  const entriesOf = async (query: string): Promise<Entry[]> =>
    (await shop.must('GET', `/v2/balances/entries?limit=100&${query}`)).data
  const payout = (body: Json, key = secretKey) =>
    shop.call('POST', '/v2/payouts', { currency: 'USD', method: 'manual', reference: 'bank 1', ...body }, { key })
  const paidOut = async (body: Json) => {
    const answer = await payout(body)
    expect(answer.body).toMatchObject({ id: expect.stringMatching(/^po_/) })
    expect(answer.status).toBe(201)
    return answer.body
  }
  const read = (id: string, key = secretKey): Promise<Answer['body']> =>
    shop.must('GET', `/v2/payouts/${id}`, undefined, { key })
  const reaches = (id: string, state: string) =>
    eventually(
      async () => {
        const found = await read(id)
        return found.state === state ? found : undefined
      },
      async () => `payout ${JSON.stringify(await read(id))} to be ${state}`,
    )
  const failed = ({ id }: { id: string }, reason = 'account closed') =>
    shop.call('POST', `/v2/payouts/${id}/fail`, { reason })
  const codeOf = ({ status, body }: Answer) => [status, body.errors?.[0]?.code]
  const transfersOf = async (id: string) =>
    (await shop.sandbox('GET', `/sandbox/books?orderId=${id}`)).stripe.transfers as {
      id: string
      amount: number
      destination: string
    }[]
  const session = async (email: string, password: string) => {
    const { headers } = await shop.call('POST', '/v2/sessions', { email, password }, { key: null })
    return { cookie: headers.getSetCookie()[0]?.split(';')[0] ?? '', origin: system.url }
  }
  const quiet = () =>
    eventually(async () => {
      const { pending } = await shop.sandbox('GET', '/sandbox/webhooks')
      const [row] = await system.database.sql<{ open: number }>(
        `select (select count(*) from inbox_events where handled_at is null)
           + (select count(*) from tasks where state in ('pending', 'enqueued') and run_at <= now()) as open`,
      )
      return !pending && row?.open === 0 ? true : undefined
    }, 'every webhook and task to be done')

  it('by hand takes all that is available, and stands in the balance with the bank’s reference', async () => {
    const ada = await seller('ada')
    await sold(ada)
    await sold(ada)
    const available = await availableTo(ada)
    const made = await paidOut({ merchantId: ada.id, reference: 'SEPA 17' })
    expect(made).toMatchObject({
      amount: available,
      method: 'manual',
      state: 'paid',
      reference: 'SEPA 17',
      destination: null,
    })
    expect(await availableTo(ada)).toBe(0)
    const entries = await entriesOf(`merchantId=${ada.id}`)
    expect(entries[0]).toMatchObject({
      type: 'payout',
      amount: -available,
      balance: 0,
      orderId: null,
      payoutId: made.id,
    })
    const own = await read(made.id, ada.key)
    expect(own.entries.data.map(({ type }: Entry) => type)).toEqual(['sale', 'sale'])
    expect(sum(own.entries.data.map(({ amount }: Entry) => amount))).toBe(cents(available))
    expect(codeOf(await payout({ merchantId: ada.id }))).toEqual([409, 'nothing_to_pay_out'])
  })

  it('pays a part, and the next one pays what came since', async () => {
    const bea = await seller('bea')
    await sold(bea)
    const available = await availableTo(bea)
    await paidOut({ merchantId: bea.id, amount: 5 })
    expect(codeOf(await payout({ merchantId: bea.id, amount: available }))).toEqual([409, 'payout_too_large'])
    expect(codeOf(await payout({ merchantId: bea.id, amount: 0 }))).toEqual([400, 'invalid_amount'])
    expect(codeOf(await payout({ merchantId: bea.id, amount: 0.001 }))).toEqual([400, 'invalid_amount'])
    expect(cents(await availableTo(bea))).toBe(cents(available) - 500)
    await sold(bea)
    const next = await paidOut({ merchantId: bea.id })
    expect(cents(next.amount)).toBe(2 * cents(available) - 500)
    expect((await read(next.id)).entries.data.map(({ type }: Entry) => type)).toEqual(['sale'])
    const { data } = await shop.must('GET', `/v2/payouts?merchantId=${bea.id}`)
    expect(data.map(({ amount }: { amount: number }) => amount)).toEqual([next.amount, 5])
  })

  it('that is asked for many times at once never pays more than there is', async () => {
    const cyd = await seller('cyd')
    await sold(cyd)
    const available = await availableTo(cyd)
    const asked = await Promise.all(Array.from({ length: 6 }, () => payout({ merchantId: cyd.id, amount: 10 })))
    expect(asked.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409, 409])
    expect(cents(await availableTo(cyd))).toBe(cents(available) - 1_000)
    const all = await Promise.all(Array.from({ length: 6 }, () => payout({ merchantId: cyd.id })))
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409, 409])
    expect(await availableTo(cyd)).toBe(0)
    const headers = { 'idempotency-key': crypto.randomUUID() }
    await sold(cyd)
    const once = { merchantId: cyd.id, currency: 'USD', method: 'manual' }
    const answers = [
      await shop.call('POST', '/v2/payouts', once, { headers }),
      await shop.call('POST', '/v2/payouts', once, { headers }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
    expect(answers[0]?.body.id).toBe(answers[1]?.body.id)
  })

  it('waits until what was taken back after the last one is recovered', async () => {
    const dan = await seller('dan')
    const order = await sold(dan)
    const share = await availableTo(dan)
    await paidOut({ merchantId: dan.id })
    await shop.must('POST', '/v2/refunds', { orderId: order.id })
    await shop.settled(order.id)
    expect(await availableTo(dan)).toBe(-share)
    expect(codeOf(await payout({ merchantId: dan.id }))).toEqual([409, 'nothing_to_pay_out'])
    await sold(dan)
    expect(await availableTo(dan)).toBe(0)
    expect(codeOf(await payout({ merchantId: dan.id, amount: 1 }))).toEqual([409, 'nothing_to_pay_out'])
    await sold(dan)
    expect(await paidOut({ merchantId: dan.id })).toMatchObject({ amount: share })
  })

  it('leaves what is disputed', async () => {
    const eve = await seller('eve')
    const order = await sold(eve)
    await sold(eve)
    const available = await availableTo(eve)
    await shop.sandbox('POST', '/sandbox/stripe/disputes', {
      payment_intent: order.charges[0].providerReference,
      reason: 'fraudulent',
    })
    await eventually(
      async () => ((await balanceOf(`merchantId=${eve.id}`)).reserved > 0 ? true : undefined),
      'the dispute',
    )
    expect(await paidOut({ merchantId: eve.id })).toMatchObject({ amount: available / 2 })
  })

  it('leaves what is about to be transferred again after a refund that failed', async () => {
    const ann = await seller('ann')
    await connect(ann.id)
    const order = await sold(ann)
    await shop.must('POST', '/v2/refunds', { orderId: order.id })
    await shop.settled(order.id)
    const [refund] = (await shop.books(order.id)).stripe.refunds
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'transfers.create',
      kind: 'drop_before',
      times: 100,
    })
    await shop.sandbox('POST', `/sandbox/stripe/refunds/${refund.id}/fail`, { reason: 'lost_or_stolen_card' })
    await eventually(
      async () => ((await balanceOf(`merchantId=${ann.id}`)).heldBack > 0 ? true : undefined),
      'the share to be owed again',
    )
    expect(codeOf(await payout({ merchantId: ann.id }))).toEqual([409, 'nothing_to_pay_out'])
    await shop.sandbox('DELETE', '/sandbox/faults')
    await shop.settled(order.id)
    expect(await balanceOf(`merchantId=${ann.id}`)).toMatchObject({ available: 0, heldBack: 0 })
  })

  it('that the bank sends back is available at once, and the next one adds up', async () => {
    const fay = await seller('fay')
    await sold(fay)
    const first = await paidOut({ merchantId: fay.id })
    expect((await failed(first)).body).toMatchObject({ state: 'failed', reason: 'account closed' })
    expect(await availableTo(fay)).toBe(first.amount)
    expect(codeOf(await failed(first))).toEqual([409, 'payout_not_open'])
    await sold(fay)
    const next = await paidOut({ merchantId: fay.id })
    expect(cents(next.amount)).toBe(2 * cents(first.amount))
    const { entries } = await read(next.id)
    expect(entries.data.map(({ type }: Entry) => type)).toEqual(['sale', 'payout_failed', 'payout', 'sale'])
    expect(sum(entries.data.map(({ amount }: Entry) => amount))).toBe(cents(next.amount))
    const lines = await entriesOf(`merchantId=${fay.id}`)
    for (const [index, line] of lines.entries())
      expect(cents(line.balance)).toBe(cents(lines[index + 1]?.balance ?? 0) + cents(line.amount))
  })

  it('by hand without a reference is on its way until it is paid', async () => {
    const gus = await seller('gus')
    await sold(gus)
    const made = await paidOut({ merchantId: gus.id, reference: undefined })
    expect(made.state).toBe('pending')
    const paid = await shop.must('POST', `/v2/payouts/${made.id}/pay`, { reference: 'SEPA 18' })
    expect(paid).toMatchObject({ state: 'paid', reference: 'SEPA 18' })
    expect(codeOf(await shop.call('POST', `/v2/payouts/${made.id}/pay`, { reference: 'SEPA 19' }))).toEqual([
      409,
      'payout_not_open',
    ])
  })

  it('goes to the connected account once, although the provider’s answer is lost', async () => {
    const hal = await seller('hal')
    await sold(hal)
    expect(codeOf(await payout({ merchantId: hal.id, method: 'transfer' }))).toEqual([409, 'payout_account_missing'])
    await connect(hal.id)
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'transfers.create',
      kind: 'drop_after',
      times: 3,
    })
    const made = await paidOut({ merchantId: hal.id, method: 'transfer' })
    const paid = await reaches(made.id, 'paid')
    await shop.sandbox('DELETE', '/sandbox/faults')
    const transfers = await transfersOf(made.id)
    expect(transfers).toMatchObject([
      { id: paid.reference, amount: cents(made.amount), destination: `acct_${hal.id.slice(4)}` },
    ])
    expect(codeOf(await failed(made))).toEqual([409, 'payout_not_open'])
    const rows = await system.database.sql<{ account: string; balance: number }>(
      'select account, sum(amount) as balance from ledger_entries where payout_id = $1 group by 1 order by 1',
      [made.id],
    )
    expect(rows).toEqual([
      { account: `account:acct_${hal.id.slice(4)}`, balance: cents(made.amount) },
      { account: `merchant:${hal.id}`, balance: -cents(made.amount) },
      { account: `payout:${made.id}`, balance: 0 },
    ])
  })

  it('that the provider refuses has failed, and its money is available', async () => {
    const ida = await seller('ida')
    await sold(ida)
    const available = await availableTo(ida)
    await connect(ida.id)
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'transfers.create',
      kind: 'status',
      status: 400,
      times: 1,
    })
    const made = await paidOut({ merchantId: ida.id, method: 'transfer' })
    expect((await reaches(made.id, 'failed')).reason).toEqual(expect.any(String))
    expect(await availableTo(ida)).toBe(available)
    const next = await paidOut({ merchantId: ida.id, method: 'transfer' })
    await reaches(next.id, 'paid')
    expect(await transfersOf(made.id)).toEqual([])
    expect(await transfersOf(next.id)).toHaveLength(1)
  })

  it('waits while the platform’s own money has not arrived, and may be given up meanwhile', async () => {
    const [jan, jon] = [await seller('jan'), await seller('jon')]
    await Promise.all([sold(jan), sold(jon)])
    const available = await availableTo(jon)
    await Promise.all([connect(jan.id), connect(jon.id)])
    await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 0 })
    const [kept, given] = [
      await paidOut({ merchantId: jan.id, method: 'transfer' }),
      await paidOut({ merchantId: jon.id, method: 'transfer' }),
    ]
    await eventually(async () => {
      const rows = await system.database.sql(
        `select id from operations where order_id = any($1) and failure_code = 'balance_insufficient'`,
        [[kept.id, given.id]],
      )
      return rows.length >= 2 ? true : undefined
    }, 'both transfers to be refused')
    // In between the attempts, which a worker may be at just now.
    const ended = await eventually(async () => {
      const answer = await failed(given, 'not now')
      return answer.status === 200 ? answer.body : undefined
    }, 'the payout to be given up')
    expect(ended).toMatchObject({ state: 'failed', reason: 'not now' })
    expect(await availableTo(jon)).toBe(available)
    await shop.sandbox('POST', '/sandbox/stripe/balance', { currency: 'usd', amount: 1_000_000 })
    await reaches(kept.id, 'paid')
    await quiet()
    expect(await transfersOf(kept.id)).toHaveLength(1)
    expect(await transfersOf(given.id)).toEqual([])
    expect((await read(given.id)).state).toBe('failed')
  })

  it('that nobody could make is available again, unless it may have been made', async () => {
    const [kit, kat] = [await seller('kit'), await seller('kat')]
    await Promise.all([sold(kit), sold(kat)])
    const available = await availableTo(kit)
    await Promise.all([connect(kit.id), connect(kat.id)])
    await system.stopWorkers()
    const [refused, unheard] = [
      await paidOut({ merchantId: kit.id, method: 'transfer' }),
      await paidOut({ merchantId: kat.id, method: 'transfer' }),
    ]
    const taskOf = async (payoutId: string) => {
      const [task] = await system.database.sql<{ id: string }>('select id from tasks where dedupe_key = $1', [
        `${payoutId}-make-1`,
      ])
      return task?.id ?? ''
    }
    const gaveUp = async (payoutId: string, error: string) => {
      const task = { taskId: await taskOf(payoutId), job: 'make-payout', payload: { payoutId }, orderId: null } as const
      await inTransaction(parts, (tx) => parts.onTaskFailed(tx, { ...task, error, explanation: undefined }))
    }
    await gaveUp(refused.id, 'balance_insufficient')
    expect(await read(refused.id)).toMatchObject({ state: 'failed', reason: 'balance_insufficient' })
    expect(await availableTo(kit)).toBe(available)
    await shop.sandbox('POST', '/sandbox/faults', {
      provider: 'stripe',
      operation: 'transfers.create',
      kind: 'drop_after',
      times: 5,
    })
    const attempt = () => taskOf(unheard.id).then((taskId) => makePayout(parts, { payoutId: unheard.id }, taskId))
    // The worker that has made it dies before it can say so, and the next one comes at once.
    await expect(attempt()).rejects.toThrow()
    await shop.sandbox('DELETE', '/sandbox/faults')
    await gaveUp(unheard.id, 'stripe unknown')
    expect((await read(unheard.id)).state).toBe('pending')
    expect(codeOf(await failed(unheard))).toEqual([409, 'payout_not_open'])
    await system.startWorkers()
    await reaches(unheard.id, 'paid')
    expect(await transfersOf(unheard.id)).toHaveLength(1)
    expect(await transfersOf(refused.id)).toEqual([])
  })

  it('whose transfer is taken back in the provider’s dashboard is owed again', async () => {
    const joe = await seller('joe')
    await sold(joe)
    await connect(joe.id)
    const made = await paidOut({ merchantId: joe.id, method: 'transfer' })
    const { reference } = await reaches(made.id, 'paid')
    await shop.sandbox('POST', `/sandbox/stripe/dashboard/transfers/${reference}/reversals`, { amount: 100 })
    await eventually(async () => ((await availableTo(joe)) === 1 ? true : undefined), 'a part to be owed again')
    expect((await read(made.id)).state).toBe('paid')
    await shop.sandbox('POST', `/sandbox/stripe/dashboard/transfers/${reference}/reversals`, {})
    expect(await reaches(made.id, 'failed')).toMatchObject({ reason: 'reversed' })
    expect(await availableTo(joe)).toBe(made.amount)
  })

  it('holds the share of a young sale back, and not what was given back of it', async () => {
    const kim = await seller('kim')
    const [old, young] = [await sold(kim), await sold(kim)]
    const holding = { ...system.parts.config.payouts, holdDays: 7 }
    const { payouts } = system.parts.config
    Object.assign(system.parts.config, { payouts: holding })
    try {
      expect(await balanceOf(`merchantId=${kim.id}`)).toMatchObject({ available: 0 })
      expect(codeOf(await payout({ merchantId: kim.id }))).toEqual([409, 'nothing_to_pay_out'])
      await system.database.sql('alter table ledger_entries disable trigger ledger_is_final')
      await system.database.sql(
        `update ledger_entries set created_at = now() - interval '8 days' where order_id = $1`,
        [old.id],
      )
      await system.database.sql('alter table ledger_entries enable trigger ledger_is_final')
      const share = await availableTo(kim)
      expect(share).toBeGreaterThan(0)
      await shop.must('POST', '/v2/refunds', { orderId: young.id })
      await shop.settled(young.id)
      expect(await balanceOf(`merchantId=${kim.id}`)).toMatchObject({ available: share, heldBack: 0 })
      expect(await paidOut({ merchantId: kim.id })).toMatchObject({ amount: share })
    } finally {
      Object.assign(system.parts.config, { payouts })
    }
  })

  it('is made by the schedule of whoever has enough and a connected account, once a period', async () => {
    const [lea, max, nan] = [await seller('lea'), await seller('max', 2), await seller('nan')]
    await Promise.all([sold(lea), sold(max), sold(nan)])
    const available = await availableTo(lea)
    await Promise.all([connect(lea.id), connect(max.id)])
    const scheduled = {
      ...parts,
      config: { ...parts.config, payouts: { schedule: 'daily', threshold: 1_000, holdDays: 0 } },
    } as const
    const madeOf = async ({ id }: Seller) => (await shop.must('GET', `/v2/payouts?merchantId=${id}`)).data
    await sweepPayouts(parts)
    await sweepPayouts(scheduled)
    // What came today is paid tomorrow.
    expect(await madeOf(lea)).toEqual([])
    const tomorrow = new Date(Date.now() + dayMs)
    await Promise.all([sweepPayouts(scheduled, tomorrow), sweepPayouts(scheduled, tomorrow)])
    await sweepPayouts(scheduled, tomorrow)
    const [made, ...more] = await madeOf(lea)
    expect([made, more]).toMatchObject([{ amount: available, method: 'transfer', author: 'schedule' }, []])
    await reaches(made.id, 'paid')
    expect([await madeOf(max), await madeOf(nan)]).toEqual([[], []])
  })

  it('pays an affiliate what one merchant owes it, and not what another one owes to its namesake', async () => {
    const oda = await seller('oda')
    await shop.must('POST', '/v2/recipients', { id: 'both', name: 'Both' })
    await sold(oda, { attribution: { affiliateId: 'both', referrerId: 'both' } })
    const owed = await balanceOf('recipientId=both')
    expect(owed.available).toBeGreaterThan(2)
    const entries = await entriesOf('recipientId=both')
    expect(entries.map(({ type }) => type)).toEqual(['sale', 'sale'])
    expect(entries[0]?.balance).toBe(owed.available)
    const stranger = await anotherKey(system)
    const namesake = { id: 'both', name: 'Namesake' }
    expect(codeOf(await shop.call('GET', '/v2/balances?recipientId=both', undefined, { key: stranger }))).toEqual([
      404,
      'not_found',
    ])
    await shop.must('POST', '/v2/recipients', namesake, { key: stranger })
    expect(await balanceOf('recipientId=both', stranger)).toMatchObject({ available: 0 })
    expect(codeOf(await payout({ recipientId: 'both' }, stranger))).toEqual([409, 'nothing_to_pay_out'])
    expect(codeOf(await payout({ recipientId: 'both', method: 'transfer' }))).toEqual([409, 'payout_account_missing'])
    const connected = { name: 'Both', stripeAccountId: 'acct_both' }
    expect(await shop.must('POST', '/v2/recipients/both', connected)).toMatchObject({ id: 'both', ...connected })
    const made = await paidOut({ recipientId: 'both', method: 'transfer' })
    expect(made).toMatchObject({
      merchantId: house,
      recipientId: 'both',
      amount: owed.available,
      destination: 'acct_both',
    })
    await reaches(made.id, 'paid')
    expect(await balanceOf('recipientId=both')).toMatchObject({ available: 0 })
    const { entries: paid } = await read(made.id)
    expect(sum(paid.data.map(({ amount }: Entry) => amount))).toBe(cents(owed.available))
    await shop.must('DELETE', '/v2/recipients/both')
    expect((await entriesOf('recipientId=both')).map(({ type }) => type)).toEqual(['payout', 'payout', 'sale', 'sale'])
  })

  it('is made by the marketplace or an operator, and is nobody else’s business', async () => {
    const [pam, rob] = [await seller('pam'), await seller('rob')]
    await sold(pam)
    const stranger = await anotherKey(system)
    for (const [key, merchantId] of [
      [stranger, pam.id],
      [rob.key, pam.id],
      [pam.key, house],
      [secretKey, 'mer_nobodys'],
    ])
      expect(codeOf(await payout({ merchantId }, key))).toEqual([404, 'not_found'])
    expect(codeOf(await payout({ recipientId: 'nobody' }))).toEqual([404, 'not_found'])
    expect(codeOf(await payout({ merchantId: pam.id }, pam.key))).toEqual([403, 'payout_not_yours'])
    expect(codeOf(await payout({}, pam.key))).toEqual([403, 'payout_not_yours'])
    const made = await paidOut({ merchantId: pam.id, amount: 1 })
    for (const key of [stranger, rob.key]) {
      for (const [method, path, body] of [
        ['GET', ''],
        ['POST', '/fail', { reason: 'mine' }],
        ['POST', '/pay', { reference: 'mine' }],
      ] as const)
        expect(codeOf(await shop.call(method, `/v2/payouts/${made.id}${path}`, body, { key }))).toEqual([
          404,
          'not_found',
        ])
      expect(codeOf(await shop.call('GET', `/v2/payouts?merchantId=${pam.id}`, undefined, { key }))).toEqual([
        404,
        'not_found',
      ])
      expect((await shop.must('GET', '/v2/payouts', undefined, { key })).data).toEqual([])
    }
    expect((await shop.must('GET', '/v2/payouts', undefined, { key: pam.key })).data).toMatchObject([{ id: made.id }])
    const own = await shop.call('POST', `/v2/payouts/${made.id}/fail`, { reason: 'again' }, { key: pam.key })
    expect(codeOf(own)).toEqual([403, 'payout_not_yours'])

    const headers = await session('admin@example.com', 'correct horse battery')
    const operated = await shop.call(
      'POST',
      '/v2/ops/payouts',
      { merchantId: pam.id, currency: 'USD', method: 'manual' },
      { key: null, headers },
    )
    expect([operated.status, operated.body.author]).toEqual([201, 'admin@example.com'])
    const ended = await shop.call(
      'POST',
      `/v2/ops/payouts/${operated.body.id}/fail`,
      { reason: 'a mistake' },
      { key: null, headers },
    )
    expect(ended.body).toMatchObject({ state: 'failed', reason: 'a mistake' })
  })

  it('is shown to its seller in the dashboard', async () => {
    const sue = await seller('sue')
    await sold(sue)
    await paidOut({ merchantId: sue.id, amount: 7, reference: '<SEPA 20>' })
    await system.database.sql('insert into users (id, email, password_hash, merchant_id) values ($1, $2, $3, $4)', [
      newId('user'),
      'sue@example.com',
      await hashPassword('a seller of songs'),
      sue.id,
    ])
    const headers = await session('sue@example.com', 'a seller of songs')
    const page = await (await fetch(`${system.url}/dashboard/balance`, { headers })).text()
    expect(page).toContain('<td>Paid</td>')
    expect(page).toContain('&lt;SEPA 20&gt;')
    expect(page).toContain('<td>Payout</td>')
  })

  const audited = async () => {
    await quiet()
    const balances = await runAudit(parts, 0)
    const { findings } = await listFindings(system.database.sql, 'open', { limit: 100 })
    return { sums: balances.map(({ unexplained }) => unexplained), findings }
  }

  it('of which a booking is left out is named by the audit, whichever it is', async () => {
    const movements = await system.database.sql<{ key: string; kind: string }>(
      `select distinct on (kind) m.* from (
         select correlation_key as key, string_agg(split_part(account, ':', 1), ' → ' order by l.amount) || ' ' || max(p.method || ' ' || p.state) as kind
         from ledger_entries l join payouts p on p.id = l.payout_id group by 1) m order by kind, key`,
    )
    expect(movements.map(({ kind }) => kind)).toEqual([
      'account → payout transfer failed',
      'affiliate → payout transfer paid',
      'merchant → payout manual failed',
      'merchant → payout manual paid',
      'merchant → payout manual pending',
      'merchant → payout transfer failed',
      'merchant → payout transfer paid',
      'payout → account transfer failed',
      'payout → account transfer paid',
      'payout → merchant manual failed',
      'payout → merchant transfer failed',
      'referrer → payout transfer paid',
    ])
    // Only the owner of the database can do this, and only having said so.
    await system.database.sql('alter table ledger_entries disable trigger ledger_is_final')
    try {
      for (const { key, kind } of movements) {
        const taken = await system.database.sql<Json>(
          'delete from ledger_entries where correlation_key = $1 returning correlation_key, payout_id, account, amount, currency, created_at',
          [key],
        )
        expect((await audited()).findings, `${kind} (${key}) is missed`).not.toEqual([])
        await system.database.sql(
          `insert into ledger_entries (correlation_key, payout_id, account, amount, currency, created_at)
           select * from jsonb_to_recordset($1) as t (correlation_key text, payout_id text, account text, amount bigint, currency text, created_at timestamptz)`,
          [JSON.stringify(taken)],
        )
      }
    } finally {
      await system.database.sql('alter table ledger_entries enable trigger ledger_is_final')
    }
  })

  it('leaves nothing unexplained in the provider’s books', async () => {
    expect(await audited()).toEqual({ sums: [0], findings: [] })
    const matched = await system.database.sql<{ kind: string }>(
      'select distinct l.kind from bank_lines l join payouts p on p.id = l.order_id order by 1',
    )
    expect(matched.map(({ kind }) => kind)).toEqual(['reversal', 'transfer'])
  })
})
